"""Hands events to the workers: one RQ job a batch."""

from collections.abc import Sequence

from redis import Redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from orchestrator.relay import Entry

#: Seconds between tries, the last one repeated: a database away for hours loses nothing.
RETRY_S = [1, 2, 5, 10, 30, 60]
RETRIES = 2000

WRITE_EVENTS = "workers.jobs.write_events"


class RecordJobs:
    """Enqueues `write_events` on the queue `records`."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._queue = Queue("records", connection=redis, serializer=JSONSerializer)

    def write(self, tenant: str, batch: Sequence[Entry]) -> None:
        """Enqueue one job named after what it carries."""
        job_id = f"{tenant}_{batch[0][0]}_{batch[-1][0]}"
        retry = Retry(max=RETRIES, interval=[*RETRY_S])
        self._queue.enqueue(WRITE_EVENTS, tenant, list(batch), job_id=job_id, retry=retry, result_ttl=60)
