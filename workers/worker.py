"""The RQ worker: one job after the other in its own process, records before speech; fast, and safe to kill."""

from collections.abc import Iterable
from threading import Event
from types import FrameType
from typing import Any

import structlog
from peewee import Database
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.scheduler import RQScheduler
from rq.serializers import JSONSerializer

from orchestrator.database.connection import answers
from orchestrator.records import RECORDS
from orchestrator.speech import SPEECH

#: Seconds between looks for jobs whose next try is due and for jobs of workers that died.
CARE_S = 5

#: Seconds between looks for a database that does not answer.
DATABASE_S = 2.0


#: Seconds that a worker without work waits for records before it looks into the other queues again.
IDLE_S = 1


class SafeQueue(Queue):
    """A queue from which jobs are only ever moved.

    From a single queue RQ moves a job (LMOVE) to where it is found again after a crash; from several it pops one
    (BLPOP), and a kill at that instant would lose it. So the queues are looked into one by one.
    """

    @classmethod
    def dequeue_any(cls, queues: Iterable[Queue], timeout: int | None, **how: Any) -> tuple[Job, Queue] | None:  # type: ignore[override]  # noqa: ANN401 - RQ's own
        """Take a job of the first queue that has one; raises DequeueTimeout when none comes to the first in time."""
        several = list(queues)
        for queue in several:
            if found := super().dequeue_any([queue], None, **how):
                return found
        return None if timeout is None else super().dequeue_any(several[:1], min(timeout, IDLE_S), **how)


class JobWorker(SimpleWorker):
    """Serves the queue `records`, and `speech` when no records wait.

    Jobs that wait for their next try are put back by the worker
    itself: RQ's scheduler is a forked process that would outlive a killed worker. While the database does not
    answer no jobs are taken: they wait in their order and use up no tries.
    """

    def __init__(self, redis: "Redis", database: Database) -> None:
        """`redis` leaves responses as bytes; all tables are bound to `database`."""
        queues = [SafeQueue(name, connection=redis, serializer=JSONSerializer) for name in (RECORDS, SPEECH)]
        super().__init__(
            queues,
            queue_class=SafeQueue,
            connection=redis,
            serializer=JSONSerializer,
            worker_ttl=CARE_S + 15,
            maintenance_interval=CARE_S,
            log_job_description=False,
            exception_handlers=[self._doubt_database],
        )
        self.stopping = False
        self._database = database
        self._doubtful = False
        self._retries = RQScheduler(queues, redis, logging_level="WARNING", serializer=JSONSerializer)
        self._log = structlog.get_logger("worker")

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after the present job (SIGTERM, SIGINT)."""
        self.stopping = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Seconds after which a job that was begun counts as abandoned: its limit, at which it would be stopped."""
        return int(job.timeout or 0) + CARE_S - int(working_time)

    def run_maintenance_tasks(self) -> None:
        """Take over what dead workers left and put back what is to be tried again now."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        if self._retries.acquire_locks():
            self._retries.enqueue_scheduled_jobs()
            self._retries.release_locks()

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Wait for the database, then for a job."""
        pause = Event()
        while self._doubtful and not answers(self._database):
            self._log.warning("database does not answer, no jobs are taken until it does")
            self.heartbeat()
            pause.wait(DATABASE_S)
        self._doubtful = False
        return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)

    def _doubt_database(self, job: Job, kind: type[BaseException], error: BaseException, _: object) -> bool:
        self._log.error("job failed", job=job.id, left=job.retries_left, error=f"{kind.__name__}: {error}")
        self._doubtful = True
        return True
