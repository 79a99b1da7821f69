"""Hands events to the workers: one RQ job a batch."""

from collections.abc import Sequence

from redis import Redis

from orchestrator.jobs import WRITE_EVENT, WRITE_EVENTS, Jobs
from orchestrator.relay import Entry


class RecordJobs:
    """Enqueues `write_events` on the queue `records`; a job that is done leaves nothing behind."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._jobs = Jobs(redis)

    def write(self, tenant: str, batch: Sequence[Entry]) -> None:
        """Enqueue one job named after what it carries; a batch that waits already is not enqueued again."""
        self._jobs.add(WRITE_EVENTS, tenant, list(batch), job_id=f"{tenant}_{batch[0][0]}_{batch[-1][0]}")

    def write_alone(self, tenant: str, entry: Entry) -> None:
        """Enqueue a job for what kept a batch from being written: it is soon a dead letter, unless that has passed."""
        self._jobs.add(WRITE_EVENT, tenant, list(entry), job_id=f"{tenant}_{entry[0]}")
