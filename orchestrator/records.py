"""Hands events to the workers: one RQ job a batch."""

from collections.abc import Sequence

from redis import Redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from orchestrator.relay import Entry

#: Seconds between tries, the last one repeated: a database away for hours loses nothing.
RETRY_S = [1, 2, 5, 10, 30, 60]
RETRIES = 2000

#: A batch takes milliseconds; a worker that died is noticed this long, and a little, after it took the job.
JOB_LIMIT_S = 30

#: The queue whose jobs write records. A worker serves it alone: see `workers.worker`.
RECORDS = "records"

WRITE_EVENTS = "workers.jobs.write_events"


class RecordJobs:
    """Enqueues `write_events` on the queue `records`; a job that is done leaves nothing behind."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._queue = Queue(RECORDS, connection=redis, serializer=JSONSerializer)

    def write(self, tenant: str, batch: Sequence[Entry]) -> None:
        """Enqueue one job named after what it carries."""
        job_id = f"{tenant}_{batch[0][0]}_{batch[-1][0]}"
        retry = Retry(max=RETRIES, interval=[*RETRY_S])
        self._queue.enqueue(
            WRITE_EVENTS, tenant, list(batch), job_id=job_id, retry=retry, job_timeout=JOB_LIMIT_S, result_ttl=0
        )
