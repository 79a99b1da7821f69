"""The RQ worker: one job after the other in its own process, the most urgent first; fast, and safe to kill."""

import time
from collections.abc import Sequence
from threading import Event
from types import FrameType

import structlog
from peewee import Database
from redis import Redis
from rq import Queue, SimpleWorker
from rq.executions import Execution
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

# Before any job's time runs: a limit that strikes within a module's first import leaves it half made for every job.
import workers.jobs  # noqa: F401
from orchestrator.database.connection import trouble
from orchestrator.job_board import LAST_ERROR, LONGEST_ERROR
from orchestrator.job_causes import last_words
from orchestrator.jobs import Jobs, QueueName
from workers.heartbeat import ABANDONED_S
from workers.periodic import enqueue_periodic
from workers.safe_queue import SafeJob, SafeQueue, safe_queues

#: Seconds between looks for jobs whose next try is due and for jobs of workers that died.
CARE_S = 5

#: Seconds between looks for a database that does not answer.
DATABASE_S = 2.0


class JobWorker(SimpleWorker):
    """Serves its queues in their order: a job of a later one when none waits in those before.

    Jobs that wait for their next try are put back by the worker
    itself: RQ's scheduler is a forked process that would outlive a killed worker. While the database does not
    answer, or has no room, no jobs are taken: they wait in their order and use up no tries.
    """

    def __init__(self, redis: "Redis", database: Database, names: Sequence[QueueName] = tuple(QueueName)) -> None:
        """`redis` leaves responses as bytes; all tables are bound to `database`."""
        self._queues = safe_queues(redis, names)
        self._jobs = Jobs(redis)
        super().__init__(
            self._queues,
            queue_class=SafeQueue,
            job_class=SafeJob,
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
        self._log = structlog.get_logger("worker")

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after the present job (SIGTERM, SIGINT)."""
        self.stopping = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:  # noqa: ARG002
        """Seconds without a sign of life (`Heartbeat`) after which a job that was begun counts as abandoned."""
        return ABANDONED_S

    def run_maintenance_tasks(self) -> None:
        """Take over what dead workers left, put back what is to be tried again now, enqueue periodic jobs."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        for queue in self._queues:
            queue.requeue_due()
        enqueue_periodic(self._jobs, time.time())

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = True) -> None:  # noqa: ARG002
        """Begin a job; with several queues RQ would leave it on its way to us as well."""
        super().prepare_job_execution(job, remove_from_intermediate_queue=True)

    def handle_job_failure(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: StartedJobRegistry | None = None,
        exc_string: str = "",
        execution: Execution | None = None,
    ) -> None:
        """Try a job again or keep it as failed; one whose work is done is ended, whatever went wrong afterwards."""
        if isinstance(job, SafeJob) and job.done:
            self._end(job, execution)
        else:
            # While the job is ours: afterwards others may have done and ended it.
            self.connection.hset(job.key, LAST_ERROR, last_words(exc_string)[:LONGEST_ERROR])
            super().handle_job_failure(job, queue, started_job_registry, exc_string, execution)

    def _end(self, job: Job, execution: Execution | None) -> None:
        with self.connection.pipeline() as pipeline:
            self.cleanup_execution(job, pipeline, execution)
            pipeline.delete(job.key, job.execution_registry.key)
            pipeline.execute()

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Wait for the database, then for a job."""
        pause = Event()
        while self._doubtful and (wrong := trouble(self._database)):
            self._log.warning("no jobs are taken until the database is well", trouble=wrong)
            self.heartbeat()
            pause.wait(DATABASE_S)
        self._doubtful = False
        return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)

    def _doubt_database(self, job: Job, kind: type[BaseException], error: BaseException, _: object) -> bool:
        self._log.error("job failed", job=job.id, left=job.retries_left, error=f"{kind.__name__}: {error}")
        self._doubtful = True
        return True
