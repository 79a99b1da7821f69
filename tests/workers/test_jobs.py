"""Queues, dead letters and periodic jobs."""

import pytest
from redis import Redis

from orchestrator.database.connection import open_database
from orchestrator.job_board import JobBoard
from orchestrator.jobs import CLEAR_BLACKLISTS, JOB_TYPES, WRITE_EVENTS, Jobs, QueueName
from orchestrator.store import keys
from workers import jobs as functions
from workers.heartbeat import Heartbeat
from workers.periodic import PERIODIC, Periodic, enqueue_periodic
from workers.worker import JobWorker

#: A moment that no test reaches, in seconds since 1970.
FAR_S = 4_000_000_000


@pytest.fixture
def worker(redis: "Redis", sqlite_url: str) -> JobWorker:
    """A worker in this process, which does one job when told to."""
    worker = JobWorker(redis, open_database(sqlite_url))
    worker.register_birth()
    return worker


@pytest.fixture
def sqlite_url() -> str:
    """A database in memory: these jobs need none."""
    return "sqlite:///:memory:"


def _work(worker: JobWorker) -> None:
    found = worker.dequeue_job_and_maintain_ttl(None)
    assert found is not None
    worker.execute_job(*found)


def test_every_kind_of_job_has_a_function() -> None:
    """SAFE-1: what is enqueued can be found by the workers."""
    for name in JOB_TYPES:
        assert callable(getattr(functions, name.removeprefix("workers.jobs.")))
    assert all(one.type in JOB_TYPES.values() for one in PERIODIC)


def test_every_periodic_job_can_be_enqueued(redis: "Redis") -> None:
    """SAFE-1: one that can't be would end every worker, again and again."""
    assert enqueue_periodic(Jobs(redis), FAR_S) == len(PERIODIC)


def test_the_most_urgent_job_is_done_first(redis: "Redis", worker: JobWorker) -> None:
    """CDR-1: records before maintenance, whatever was enqueued first."""
    jobs = Jobs(redis)
    jobs.add(CLEAR_BLACKLISTS)
    jobs.add(WRITE_EVENTS, "demo", [])
    found = worker.dequeue_job_and_maintain_ttl(None)
    assert found is not None
    assert found[1].name == QueueName.RECORDS


def test_an_id_is_taken_once(redis: "Redis") -> None:
    """SAFE-1: the same event gives one job, however often it is handed on."""
    jobs = Jobs(redis)
    assert [jobs.add(WRITE_EVENTS, "demo", [], job_id="e1") for _ in range(3)] == [True, False, False]
    assert JobBoard(redis).queues()[0].waiting == 1


def test_dead_letters_are_shown_and_replayed_by_their_tenant(redis: "Redis", worker: JobWorker) -> None:
    """SAFE-1, SAFE-3: a job that failed at every try keeps its reason; replayed it has all its tries again."""
    redis.sadd(keys.TENANTS, "demo")
    Jobs(redis).add(WRITE_EVENTS, "demo", [["1-0", 1, "{}"]], job_id="bad")
    redis.hset("rq:job:bad", "retries_left", 0)
    _work(worker)
    board = JobBoard(redis)
    letter = board.dead_letters("demo")[0]
    assert (letter.id, letter.queue, letter.function, letter.tenant) == (
        "bad",
        "records",
        WRITE_EVENTS.function,
        "demo",
    )
    assert "type" in letter.error
    assert board.dead_letters("other") == []
    assert [board.replay("bad", "other"), board.replay("none"), board.replay("bad", "demo")] == [False, False, True]
    look = board.queues()[0]
    assert (look.waiting, look.dead, look.workers, board.workers()) == (1, 0, 1, 1)
    assert look.oldest_s is not None
    assert int(redis.hget("rq:job:bad", "retries_left") or 0) == WRITE_EVENTS.retries
    assert not board.replay("bad")


def test_what_waits_for_another_try_says_why_and_has_it_when_asked(redis: "Redis", worker: JobWorker) -> None:
    """SAFE-1, SAFE-3: whose, which, why, when and how many are left; tried now for its tenant alone."""
    Jobs(redis).add(WRITE_EVENTS, "demo", [["1-0", 1, "{}"]], job_id="bad")
    _work(worker)
    board = JobBoard(redis)
    (job,) = board.retrying("demo")
    assert (job.id, job.queue, job.function, job.left) == (
        "bad",
        "records",
        WRITE_EVENTS.function,
        WRITE_EVENTS.retries - 1,
    )
    assert job.error.startswith("KeyError")
    assert board.retrying("other") == board.dead_letters() == []
    redis.zadd(f"rq:scheduled:{job.queue}", {"bad": FAR_S})
    assert worker.queues[0].requeue_due() == 0
    assert [board.try_now("bad", "other"), board.try_now("none"), board.try_now("bad", "demo")] == [False, False, True]
    assert [worker.queues[0].requeue_due(), worker.queues[0].requeue_due()] == [1, 0]
    assert not board.try_now("bad")
    _work(worker)
    assert board.retrying()[0].left == job.left - 1


def test_a_periodic_job_runs_once_a_period_whatever_the_number_of_workers(redis: "Redis", worker: JobWorker) -> None:
    """SAFE-1: two schedulers, also after the job of the period is done; the next period has a job of its own."""
    one, two = Jobs(redis), Jobs(redis)
    daily = (Periodic(CLEAR_BLACKLISTS, 86_400),)
    assert [enqueue_periodic(jobs, 86_400 * 3 + 5, daily) for jobs in (one, two)] == [1, 0]
    _work(worker)
    assert [enqueue_periodic(jobs, 86_400 * 4 - 1, daily) for jobs in (two, one)] == [0, 0]
    assert [enqueue_periodic(jobs, 86_400 * 4, daily) for jobs in (two, one)] == [1, 0]


def test_a_job_that_runs_for_long_gives_signs_of_life(redis: "Redis", worker: JobWorker) -> None:
    """SAFE-1: a beat makes the time until a job counts as abandoned start anew."""
    Jobs(redis).add(CLEAR_BLACKLISTS)
    found = worker.dequeue_job_and_maintain_ttl(None)
    assert found is not None
    execution = worker.prepare_execution(found[0])
    registry = found[1].started_job_registry.key
    redis.zadd(registry, {execution.composite_key: 1})
    Heartbeat(worker).beat()
    assert (redis.zscore(registry, execution.composite_key) or 0) > 1_000_000
