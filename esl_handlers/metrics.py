"""What the event socket layer counts (docs/metrics.md)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class SocketMetrics:
    """One set a process, on the registry it is given; every metric is labelled with the switch's name."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register everything."""
        self.unknown = Counter(
            "zuoxi_esl_unknown_total", "Messages of kinds that we don't know", ["switch"], registry=registry
        )
        self.malformed = Counter(
            "zuoxi_esl_malformed_total", "Events that lacked a field they must have", ["switch"], registry=registry
        )
        self.commands = Counter("zuoxi_esl_commands_total", "Commands sent", ["switch"], registry=registry)
        self.refused = Counter(
            "zuoxi_esl_commands_refused_total", "Commands answered with an error", ["switch"], registry=registry
        )
        self.connects = Counter(
            "zuoxi_esl_connects_total",
            "Attempts to connect, by how they ended",
            ["switch", "result"],
            registry=registry,
        )
        self.losses = Counter(
            "zuoxi_esl_losses_total", "Connections lost, by reason", ["switch", "reason"], registry=registry
        )
        self.lag = Gauge("zuoxi_esl_event_lag_seconds", "How late events reach us", ["switch"], registry=registry)
        self.waiting = Gauge(
            "zuoxi_esl_events_waiting", "Events not yet taken by a handler", ["switch"], registry=registry
        )
        self.handler_failures = Counter(
            "zuoxi_esl_handler_failures_total", "Event handlers that raised", ["switch", "event"], registry=registry
        )
        self.handling = Histogram(
            "zuoxi_esl_handling_seconds",
            "From reading an event to the end of its handler",
            ["switch"],
            registry=registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )
