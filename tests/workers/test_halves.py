"""One event that can't be written keeps no other from being written (SAFE-1)."""

import pytest
from peewee import Database, OperationalError
from redis import Redis

from orchestrator.database.models import CallEventRow, CallRecord
from orchestrator.domain.events import Event
from orchestrator.job_board import JobBoard
from orchestrator.jobs import WRITE_EVENT, WRITE_EVENTS, QueueName
from orchestrator.records import RecordJobs
from orchestrator.store import keys
from tests.workers.stories import NINE, S, connected_call, stream
from workers import jobs as functions
from workers.worker import JobWorker

CALLS = ["c0", "c1", "c2"]

#: What is no event, what is none of ours, what no database takes, and what no record can be made of.
BAD = {
    "JSONDecodeError": "{",
    "KeyError": "{}",
    "OverflowError, DataError": '{"type":"call_praised","at":9223372036854775808}',
    "ValidationError": '{"type":"call_ended","at":5,"call":"c9"}',
}


@pytest.fixture
def worker(redis: "Redis", database: Database) -> JobWorker:
    """A worker in this process, which does what it is told to."""
    redis.sadd(keys.TENANTS, "demo")
    worker = JobWorker(redis, database, [QueueName.RECORDS])
    worker.register_birth()
    return worker


def _enqueue(redis: "Redis", bad: str) -> int:
    """Enqueue a batch of three whole calls with something bad in it, and return how many events are good."""
    good = [[id_, str(n), event] for id_, n, event in stream(e for n, c in enumerate(CALLS) for e in _call(c, n))]
    RecordJobs(redis).write("demo", [*good[:20], ["99-0", "1", bad], *good[20:]])
    return len(good)


def _call(call: str, n: int) -> list[Event]:
    return [*connected_call(call, NINE + n * S)]


def _work(worker: JobWorker) -> None:
    """Do what waits, and what comes of it."""
    while found := worker.dequeue_job_and_maintain_ttl(None):
        worker.execute_job(*found)


def _calls() -> list[str]:
    return sorted(record.call for record in CallRecord.select(CallRecord.call))


@pytest.mark.parametrize("names", BAD)
def test_what_is_wrong_stands_alone_and_ends_as_a_dead_letter(redis: "Redis", worker: JobWorker, names: str) -> None:
    """CDR-1, SAFE-1: every call has its record at once; the bad event is soon a dead letter that says why."""
    good = _enqueue(redis, BAD[names])
    _work(worker)
    assert (_calls(), CallEventRow.select().count()) == (CALLS, good)
    board = JobBoard(redis)
    for left in range(WRITE_EVENT.retries, 0, -1):
        (job,) = board.retrying("demo")
        assert (job.function, job.left) == (WRITE_EVENT.function, left - 1)
        board.try_now(job.id)
        worker.queues[0].requeue_due()
        _work(worker)
    (letter,) = board.dead_letters("demo")
    assert letter.error.partition(":")[0].rpartition(".")[2] in names
    assert board.retrying() == []


def test_a_database_that_fails_halves_nothing(
    redis: "Redis", worker: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAFE-1: while nothing can be written the batch waits as it is, with all its tries."""
    _enqueue(redis, '{"type":"call_praised","at":5}')

    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(functions, "store_events", full)
        _work(worker)
    (job,) = JobBoard(redis).retrying("demo")
    assert (job.function, job.left) == (WRITE_EVENTS.function, WRITE_EVENTS.retries - 1)
    JobBoard(redis).try_now(job.id)
    worker.queues[0].requeue_due()
    _work(worker)
    assert _calls() == CALLS
