"""What killed workers leave behind in Redis, each put there by hand, and what the next worker makes of it."""

import time

import pytest
from peewee import Database
from redis import Redis
from rq import Retry
from rq.executions import Execution
from rq.job import JobStatus

from orchestrator.database.models import CallRecord
from orchestrator.jobs import WRITE_EVENTS, QueueName
from tests.workers.jobs_left import only_periodic_left
from tests.workers.stories import NINE, connected_call, stream
from workers.safe_queue import STRANDED_S, SafeJob, SafeQueue, safe_queues
from workers.worker import JobWorker


@pytest.fixture
def queue(redis: "Redis") -> SafeQueue:
    """The queue `records`."""
    return safe_queues(redis, [QueueName.RECORDS])[0]


@pytest.fixture
def worker(redis: "Redis", database: Database) -> JobWorker:
    """A worker in this process, which does one job when told to."""
    worker = JobWorker(redis, database)
    worker.register_birth()
    return worker


def _enqueue(queue: SafeQueue, call: str = "c1", result_ttl: int = 0) -> SafeJob:
    batch = stream(connected_call(call, NINE))
    retry = Retry(max=3, interval=60)
    job = queue.enqueue(WRITE_EVENTS.function, "demo", batch, retry=retry, job_timeout=30, result_ttl=result_ttl)
    assert isinstance(job, SafeJob)
    return job


def _work(worker: JobWorker) -> None:
    found = worker.dequeue_job_and_maintain_ttl(None)
    assert found is not None
    worker.execute_job(*found)


def _begin(redis: "Redis", job: SafeJob) -> Execution:
    with redis.pipeline() as pipeline:
        execution = Execution.create(job, ttl=30, pipeline=pipeline, worker_name="killed")
        pipeline.execute()
    return execution


def _nothing_left(redis: "Redis", queue: SafeQueue) -> bool:
    """Tell whether no job is left but the periodic ones, which are kept for their period."""
    return only_periodic_left(redis) and not queue.get_job_ids() and not queue.scheduled_job_registry.count


def test_a_job_whose_first_execution_is_forgotten_is_done_and_ended(
    redis: "Redis", queue: SafeQueue, worker: JobWorker
) -> None:
    """SAFE-1, CDR-1: an execution named by the job but gone from Redis keeps nobody from ending the job at once."""
    job = _enqueue(queue)
    redis.delete(_begin(redis, job).key)
    _work(worker)
    assert [record.call for record in CallRecord.select()] == ["c1"]
    assert _nothing_left(redis, queue)


def test_work_that_is_done_is_never_counted_as_failed(
    redis: "Redis", queue: SafeQueue, worker: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAFE-1: RQ's books can't be closed after the work; the job is ended, neither tried again nor failed."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError("the books are in disorder")

    _enqueue(queue)
    monkeypatch.setattr(SafeJob, "cleanup", broken)
    _work(worker)
    assert [record.call for record in CallRecord.select()] == ["c1"]
    assert _nothing_left(redis, queue)
    assert queue.failed_job_registry.count == 0


def test_a_job_that_was_taken_and_not_begun_goes_back(redis: "Redis", queue: SafeQueue, worker: JobWorker) -> None:
    """SAFE-1: killed between taking and beginning; the job goes back within seconds and loses no try."""
    job = _enqueue(queue)
    redis.lmove(queue.key, queue.intermediate_queue_key)
    worker.run_maintenance_tasks()
    assert queue.get_job_ids() == []
    redis.set(queue.intermediate_queue.get_first_seen_key(job.id), time.time() - STRANDED_S - 1)
    worker.run_maintenance_tasks()
    assert queue.get_job_ids() == [job.id]
    _work(worker)
    assert _nothing_left(redis, queue)
    assert queue.intermediate_queue.get_job_ids() == []


def test_jobs_that_are_done_are_no_longer_on_their_way(queue: SafeQueue, worker: JobWorker) -> None:
    """SAFE-1: what was taken and begun leaves the list of what was taken, whatever number of queues are served."""
    for n in range(3):
        _enqueue(queue, f"c{n}")
        _work(worker)
    assert queue.intermediate_queue.get_job_ids() == []


def test_the_locks_of_killed_workers_last_seconds(redis: "Redis", queue: SafeQueue, worker: JobWorker) -> None:
    """SAFE-1: a worker killed while it looked after a queue keeps others from that for seconds, not minutes."""
    assert queue.acquire_maintenance_lock()
    assert not queue.acquire_maintenance_lock()
    assert 0 < redis.ttl(queue.registry_cleaning_key) <= 15
    job = _enqueue(queue)
    queue.remove(job)
    redis.zadd(queue.scheduled_job_registry.key, {job.id: time.time() - 1})
    worker.run_maintenance_tasks()
    assert queue.get_job_ids() == [job.id]


def test_what_is_due_is_put_back_once(redis: "Redis", queue: SafeQueue) -> None:
    """SAFE-1: several workers put back what is due, once; what is due later and jobs that are gone stay away."""
    due, gone, later = (_enqueue(queue, call) for call in ("c1", "c2", "c3"))
    redis.delete(queue.key)
    for job, seconds in ((due, -1), (gone, -1), (later, 60)):
        redis.zadd(queue.scheduled_job_registry.key, {job.id: time.time() + seconds})
    redis.delete(gone.key)
    assert [queue.requeue_due(), queue.requeue_due()] == [1, 0]
    assert queue.get_job_ids() == [due.id]
    assert due.get_status() == JobStatus.QUEUED
    assert queue.scheduled_job_registry.get_job_ids() == [later.id]
