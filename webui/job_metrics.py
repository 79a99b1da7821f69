"""Figures of the job queues (docs/metrics.md)."""

from collections.abc import Iterable

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from orchestrator.job_board import JobBoard

log = structlog.get_logger()


class JobCollector(Collector):
    """Looks at the queues when it is asked for. Without Redis there are no figures, rather than old ones."""

    def __init__(self, board: JobBoard) -> None:
        """Looks at nothing yet."""
        self._board = board

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name the figures without counting."""
        return self._families()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Count jobs by queue and state, the age of the oldest that waits, and workers."""
        jobs, oldest, workers = families = self._families()
        try:
            for queue in self._board.queues():
                for state in ("waiting", "running", "retrying", "dead"):
                    jobs.add_metric([queue.name, state], getattr(queue, state))
                oldest.add_metric([queue.name], queue.oldest_s or 0)
                workers.add_metric([queue.name], queue.workers)
        except RedisError as error:
            log.warning("jobs not counted", cause=repr(error))
        return families

    def _families(self) -> tuple[GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily]:
        return (
            GaugeMetricFamily("zuoxi_jobs", "Background jobs", labels=["queue", "state"]),
            GaugeMetricFamily("zuoxi_jobs_oldest_seconds", "How long the next job has waited", labels=["queue"]),
            GaugeMetricFamily("zuoxi_workers", "Workers that serve the queue", labels=["queue"]),
        )
