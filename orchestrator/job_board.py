"""What the job queues look like now, and the dead letters: jobs that failed at every try."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import now, utcparse

from orchestrator.job_causes import Cause, cause_of, last_words
from orchestrator.jobs import JOB_TYPES, QueueName
from orchestrator.store import keys

#: Characters of an error that are shown.
LONGEST_ERROR = 500

#: Of how many jobs of a queue that wait for another try, the first ones due, is read whose they are.
MOST_READ = 1000

#: The field of a job's hash with what its last try ended with, while there are tries left; RQ keeps it at the end only.
LAST_ERROR = "last_error"


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
    """A job that failed at every try. `tenant` is its first argument, "" for jobs of the platform; `at` us UTC.

    `error` is what its last try ended with, `cause` why that was.
    """

    id: str
    queue: QueueName
    function: str
    tenant: str
    error: str
    cause: Cause
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryingJob:
    """A job that waits for another try, due `at` (us UTC), with `left` more after that; `tenant` as a dead letter's.

    `error` is what the last try ended with, "" where its worker was killed; `cause` why that was.
    """

    id: str
    queue: QueueName
    function: str
    tenant: str
    error: str
    cause: Cause
    at: int
    left: int


class JobBoard:
    """Looks at the queues, replays dead letters, and lets what waits for another try have it now."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` leaves responses as bytes, as RQ wants them."""
        self._redis = redis
        self._queues = {name: Queue(name, connection=redis, serializer=JSONSerializer) for name in QueueName}

    def queues(self) -> list[QueueLook]:
        """Look at every queue, the most urgent first."""
        return [self._look(name, queue) for name, queue in self._queues.items()]

    def workers(self) -> int:
        """Count the workers that are alive, whatever queues they serve."""
        return Worker.count(connection=self._redis)

    def dead_letters(self, tenant: str | None = None, limit: int = 200) -> list[DeadLetter]:
        """Return the newest dead letters, of all tenants or of one."""
        found = (letter for name in self._queues for letter in self._letters(name))
        wanted = [letter for letter in found if tenant is None or letter.tenant == tenant]
        newest = sorted(wanted, key=lambda letter: letter.at, reverse=True)[:limit]
        return [self._with_error(letter) for letter in newest]

    def retrying(self, tenant: str | None = None, limit: int = 50) -> list[RetryingJob]:
        """Return the jobs that are tried again first, of all tenants or of one."""
        found = (job for name in self._queues for job in self._waiting(name))
        wanted = [job for job in found if tenant is None or job.tenant == tenant]
        return sorted(wanted, key=lambda job: job.at)[:limit]

    def try_now(self, job_id: str, tenant: str | None = None) -> bool:
        """Let a job that waits for another try have it now; False when none of this id (of this tenant) waits."""
        for queue in self._queues.values():
            key = queue.scheduled_job_registry.key
            if self._redis.zscore(key, job_id) is not None:
                description: Any = self._redis.hget(Job.key_for(job_id), "description")
                wanted = description is not None and tenant in (None, _named(description.decode())[1])
                self._redis.delete(keys.MAIL_REST)  # whoever asks for a try wants a real one
                # Workers put back what is due; a job that is gone from here in this moment has its try already.
                return bool(wanted and self._redis.zadd(key, {job_id: 0}, xx=True, ch=True))
        return False

    def replay(self, job_id: str, tenant: str | None = None) -> bool:
        """Enqueue a dead letter again with all its tries; False when there is none of this id (of this tenant)."""
        for queue in self._queues.values():
            if self._redis.zscore(queue.failed_job_registry.key, job_id) is not None:
                job = queue.fetch_job(job_id)
                wanted = job is not None and tenant in (None, _named(job.description or "")[1])
                return bool(job and wanted and self._enqueue(queue, job))
        return False

    def _enqueue(self, queue: Queue, job: Job) -> bool:
        type_ = JOB_TYPES.get(job.func_name or "")
        job.retries_left = type_.retries if type_ else job.retries_left
        with self._redis.pipeline() as pipeline:
            pipeline.delete(keys.MAIL_REST)  # whoever asks for a try wants a real one
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
        # A job's arguments may be large: only what is shown is read.
        ids = self._queues[name].failed_job_registry.get_job_ids(cleanup=False)
        with self._redis.pipeline(transaction=False) as pipeline:
            for id_ in ids:
                pipeline.hmget(Job.key_for(id_), "description", "ended_at", "created_at")
            found = pipeline.execute()
        for id_, (description, ended, created) in zip(ids, found, strict=True):
            if description is not None:
                function, tenant = _named(description.decode())
                at = int(utcparse((ended or created).decode()).timestamp() * 1e6)
                yield DeadLetter(
                    id=id_, queue=name, function=function, tenant=tenant, error="", cause=Cause.KILLED, at=at
                )

    def _waiting(self, name: QueueName) -> Iterator[RetryingJob]:
        due: Any = self._redis.zrange(self._queues[name].scheduled_job_registry.key, 0, MOST_READ - 1, withscores=True)
        with self._redis.pipeline(transaction=False) as pipeline:
            for id_, _ in due:
                pipeline.hmget(Job.key_for(id_.decode()), "description", LAST_ERROR, "retries_left")
            found: Any = pipeline.execute()
        for (id_, at), (description, error, left) in zip(due, found, strict=True):
            if description is not None:
                function, tenant = _named(description.decode())
                told = (error or b"").decode()
                yield RetryingJob(
                    id=id_.decode(), queue=name, function=function, tenant=tenant, error=told,
                    cause=cause_of(function, told), at=int(at * 1e6), left=int(left or 0),
                )  # fmt: skip

    def _with_error(self, letter: DeadLetter) -> DeadLetter:
        job = self._queues[letter.queue].fetch_job(letter.id)
        result = job.latest_result() if job else None
        told = (result.exc_string if result else None) or ""
        error = last_words(told)[:LONGEST_ERROR]
        return replace(letter, error=error, cause=cause_of(letter.function, error))


def _named(description: str) -> tuple[str, str]:
    """Return function and tenant from what `orchestrator.jobs.describe` wrote."""
    function, _, tenant = description.partition(" ")
    return function, tenant
