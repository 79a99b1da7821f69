"""Metrics of the web process (docs/metrics.md)."""

from collections import Counter as Tally
from collections.abc import Iterable

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from orchestrator.store.live_store import unpack

log = structlog.get_logger()


class Metrics:
    """One set a process, on a registry of its own."""

    def __init__(self, registry: CollectorRegistry, redis: TextRedis) -> None:
        """Register everything; `redis` decodes responses."""
        self.registry = registry
        self.requests = Histogram(
            "zuoxi_web_request_seconds", "Time to answer a request", ["endpoint", "status"], registry=registry
        )
        self.failures = Counter(
            "zuoxi_web_feed_failures_total", "Times a tenant's live feed stood still", registry=registry
        )
        self.review_failures = Counter(
            "zuoxi_web_review_failures_total", "Times connections' log-ins could not be reviewed", registry=registry
        )
        self.keep_failures = Counter(
            "zuoxi_web_keep_failures_total",
            "Times Redis could not be asked whether it has every configuration",
            registry=registry,
        )
        registry.register(LiveCollector(redis))


class LiveCollector(Collector):
    """Counts the live state when it is asked for. Without Redis there are no figures, rather than old ones."""

    def __init__(self, redis: TextRedis) -> None:
        """`redis` decodes responses."""
        self._redis = redis

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name the figures without counting."""
        return self._families()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Count agents by state and waiting callers by queue, of every tenant."""
        agents, waiting = families = self._families()
        try:
            for tenant in sorted(self._redis.smembers(keys.TENANTS)):
                states = Tally(unpack(Agent, value).document.state for value in self._redis.hvals(keys.agents(tenant)))
                for state in AgentState:
                    agents.add_metric([tenant, state.value], states[state])
                for queue, callers in self._lines(tenant).items():
                    waiting.add_metric([tenant, queue], callers)
        except RedisError as error:
            log.warning("live state not counted", cause=repr(error))
        return families

    def _lines(self, tenant: str) -> Tally[str]:
        calls = (unpack(Call, value).document for value in self._redis.hvals(keys.calls(tenant)))
        return Tally(call.queue for call in calls if call.queue and call.entered is not None and call.left is None)

    def _families(self) -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
        return (
            GaugeMetricFamily("zuoxi_agents", "Agents by state", labels=["tenant", "state"]),
            GaugeMetricFamily("zuoxi_waiting_calls", "Callers waiting, of queues with any", labels=["tenant", "queue"]),
        )
