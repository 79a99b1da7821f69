"""What the job queues look like now, and the dead letters: jobs that failed at every try."""

from collections.abc import Iterator
from dataclasses import dataclass

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import now

from orchestrator.jobs import JOB_TYPES, QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLook:
    """A queue: numbers of jobs, the age of the one next in line (seconds, None = none waits), its workers."""

    name: QueueName
    waiting: int
    oldest_s: float | None
    running: int
    retrying: int
    dead: int
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A job that failed at every try. `tenant` is its first argument, "" for jobs of the platform; `at` us UTC."""

    id: str
    queue: QueueName
    function: str
    tenant: str
    error: str
    at: int


class JobBoard:
    """Looks at the queues and replays dead letters."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._redis = redis
        self._queues = {name: Queue(name, connection=redis, serializer=JSONSerializer) for name in QueueName}

    def queues(self) -> list[QueueLook]:
        """Look at every queue, the most urgent first."""
        return [self._look(name, queue) for name, queue in self._queues.items()]

    def dead_letters(self, tenant: str | None = None, limit: int = 200) -> list[DeadLetter]:
        """Return the newest dead letters, of all tenants or of one."""
        found = (letter for name in self._queues for letter in self._letters(name))
        wanted = [letter for letter in found if tenant is None or letter.tenant == tenant]
        return sorted(wanted, key=lambda letter: letter.at, reverse=True)[:limit]

    def replay(self, job_id: str, tenant: str | None = None) -> bool:
        """Enqueue a dead letter again with all its tries; False when there is none of this id (of this tenant)."""
        for queue in self._queues.values():
            if self._redis.zscore(queue.failed_job_registry.key, job_id) is not None:
                job = queue.fetch_job(job_id)
                wanted = job is not None and tenant in (None, _tenant(job))
                return bool(job and wanted and self._enqueue(queue, job))
        return False

    def _enqueue(self, queue: Queue, job: Job) -> bool:
        type_ = JOB_TYPES.get(job.func_name or "")
        job.retries_left = type_.retries if type_ else job.retries_left
        with self._redis.pipeline() as pipeline:
            queue.failed_job_registry.remove(job, pipeline=pipeline)
            queue._enqueue_job(job, pipeline=pipeline)  # as RQ's own requeue does, which isn't atomic
            pipeline.execute()
        return True

    def _look(self, name: QueueName, queue: Queue) -> QueueLook:
        return QueueLook(
            name=name,
            waiting=queue.count,
            oldest_s=self._age(queue),
            running=self._redis.zcard(queue.started_job_registry.key),
            retrying=self._redis.zcard(queue.scheduled_job_registry.key),
            dead=self._redis.zcard(queue.failed_job_registry.key),
            workers=Worker.count(queue=queue),
        )

    def _age(self, queue: Queue) -> float | None:
        first = next(iter(queue.get_job_ids(0, 1)), None)
        job = queue.fetch_job(first) if first else None
        return max(0.0, (now() - job.enqueued_at).total_seconds()) if job and job.enqueued_at else None

    def _letters(self, name: QueueName) -> Iterator[DeadLetter]:
        ids = self._queues[name].failed_job_registry.get_job_ids(cleanup=False)
        for job in Job.fetch_many(ids, connection=self._redis, serializer=JSONSerializer):
            if job:
                yield _letter(name, job)


def _letter(queue: QueueName, job: Job) -> DeadLetter:
    result = job.latest_result()
    told = (result.exc_string if result else None) or ""
    ended = job.ended_at or job.created_at
    return DeadLetter(
        id=job.id,
        queue=queue,
        function=job.func_name or "",
        tenant=_tenant(job),
        error=told.strip().rpartition("\n")[2][:500],
        at=int(ended.timestamp() * 1e6),
    )


def _tenant(job: Job) -> str:
    return job.args[0] if job.args and isinstance(job.args[0], str) else ""
