"""RQ's queues and jobs, made safe against workers that are killed at any moment.

What RQ 3.0 leaves behind a killed worker, and what is done about it here:

- A job popped from one of several queues is lost: jobs are only ever moved (`dequeue_any`).
- A job moved, but not begun, is taken for stuck after a minute and loses a try: it goes back after `STRANDED_S`.
- The lock of who looks after a queue stays for 15 minutes: for `LOCK_S`.
- The lock of who puts back what is to be tried again stays for a minute: a script does it without a lock.
- A job remembers an execution for a minute longer than the execution itself is kept, and cannot be ended while it
  does ("Execution not found in Redis"), so that it is done again and again and called failed: `SafeJob` passes over
  executions that are gone.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from redis import Redis
from rq import Queue
from rq.executions import Execution, ExecutionRegistry
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import current_timestamp
from rq.worker import BaseWorker

#: Seconds that a worker without work waits for its first queue before it looks into the others again.
IDLE_S = 1

#: Seconds that looking after a queue may take before another worker does it too.
LOCK_S = 15

#: Seconds after which a job that was taken and not begun goes back; between the two lie milliseconds.
STRANDED_S = 5

REQUEUE_DUE = Path(__file__).parent / "lua" / "requeue_due-2.lua"


class KnownExecutions(ExecutionRegistry):
    """The executions of a job, without those whose data have expired."""

    def get_executions(self, start: int = 0, end: int = -1) -> list[Execution]:
        """Return the executions that are still kept."""
        named = [Execution(id_, self.job_id, self.connection) for id_ in self.get_execution_ids(start, end)]
        return [execution for execution in named if self.connection.exists(execution.key)]


class SafeJob(Job):
    """A job that can be ended after others had begun it and died, and that knows whether its work is done."""

    done = False

    @property
    def execution_registry(self) -> ExecutionRegistry:
        """The executions of this job."""
        return KnownExecutions(self.id, self.connection)

    def perform(self) -> Any:  # noqa: ANN401 - RQ's own
        """Do the work."""
        result = super().perform()
        self.done = True
        return result


class Stranded(IntermediateQueue):
    """Jobs on their way from a queue to a worker."""

    def cleanup(self, worker: BaseWorker, queue: Queue) -> None:  # noqa: ARG002 - RQ's own
        """Put back what has been on its way for too long; what no longer exists is dropped."""
        begun = set(queue.started_job_registry.get_job_ids(cleanup=False))
        for job_id in self.get_job_ids():
            if not queue.fetch_job(job_id):
                self.remove(job_id)
            elif job_id not in begun and not self.set_first_seen(job_id) and self._too_long(job_id):
                self._put_back(job_id)

    def _too_long(self, job_id: str) -> bool:
        seen = self.get_first_seen(job_id)
        return seen is not None and current_timestamp() - seen.timestamp() >= STRANDED_S

    def _put_back(self, job_id: str) -> None:
        with self.connection.pipeline() as pipeline:
            pipeline.lpush(self.queue_key, job_id)
            pipeline.lrem(self.key, 1, job_id)
            pipeline.delete(self.get_first_seen_key(job_id))
            pipeline.execute()


class SafeQueue(Queue):
    """A queue from which jobs are only ever moved.

    From a single queue RQ moves a job (LMOVE) to where it is found again after a crash; from several it pops one
    (BLPOP), and a kill at that instant would lose it. So the queues are looked into one by one.
    """

    job_class = SafeJob

    @classmethod
    def dequeue_any(cls, queues: Iterable[Queue], timeout: int | None, **how: Any) -> tuple[Job, Queue] | None:  # type: ignore[override]  # noqa: ANN401 - RQ's own
        """Take a job of the first queue that has one; raises DequeueTimeout when none comes to the first in time."""
        several = list(queues)
        for queue in several:
            if found := super().dequeue_any([queue], None, **how):
                return found
        return None if timeout is None else super().dequeue_any(several[:1], min(timeout, IDLE_S), **how)

    @property
    def intermediate_queue(self) -> IntermediateQueue:
        """Where jobs are between the queue and a worker."""
        return Stranded(self.key, self.connection)

    def acquire_maintenance_lock(self) -> bool:
        """Become the one who looks after this queue now."""
        return bool(self.connection.set(self.registry_cleaning_key, 1, nx=True, ex=LOCK_S))

    def requeue_due(self) -> int:
        """Put jobs whose next try is due back into the queue; returns how many."""
        script = self.connection.register_script(REQUEUE_DUE.read_text())
        keys = [self.scheduled_job_registry.key, self.key]
        return int(script(keys, [current_timestamp(), self.job_class.redis_job_namespace_prefix]))


def safe_queues(redis: "Redis", names: Iterable[str]) -> list[SafeQueue]:
    """Return queues of these names; `redis` leaves responses as bytes, as RQ wants them."""
    make = partial(SafeQueue, connection=redis, serializer=JSONSerializer)
    return [make(name) for name in names]
