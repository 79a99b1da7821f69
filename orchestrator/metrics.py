"""Metrics of the switch-facing process (docs/metrics.md)."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Metrics:
    """One set a process, on a registry of its own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register everything."""
        self.events = Counter("zuoxi_switch_events_total", "Switch events handled", ["type"], registry=registry)
        self.ignored = Counter(
            "zuoxi_ignored_triggers_total",
            "Triggers that meant nothing in the state they met",
            ["machine", "state", "trigger"],
            registry=registry,
        )
        self.failures = Counter(
            "zuoxi_failures_total", "Errors caught at the edge of a loop", ["loop"], registry=registry
        )
        self.connected = Gauge(
            "zuoxi_switch_connected", "1 while this process owns the switch", ["switch"], registry=registry
        )
        self.reconciles = Counter("zuoxi_reconciles_total", "Reconciles after a connect", ["switch"], registry=registry)

    def ignore(self, machine: str, state: str, trigger: str) -> None:
        """Count a trigger that meant nothing."""
        self.ignored.labels(machine, state, trigger).inc()
