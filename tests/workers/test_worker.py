"""The worker process: every batch is written once, whatever is killed or away."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, Retry
from rq.registry import FailedJobRegistry, ScheduledJobRegistry
from rq.serializers import JSONSerializer

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import CallRecord
from orchestrator.jobs import WRITE_EVENTS, QueueName
from orchestrator.records import RecordJobs
from tests.support.databases import running_postgres
from tests.support.redis_server import RedisServer
from tests.workers.jobs_left import only_periodic_left
from tests.workers.stories import NINE, Message, S, connected_call, stream

Worker = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def worker(redis_url: str) -> Iterator[Worker]:
    """Start worker processes on a database; all are gone afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start(database_url: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "ZUOXI_REDIS_URL": redis_url, "ZUOXI_DATABASE_URL": database_url}
        started.append(subprocess.Popen([sys.executable, "-m", "workers"], env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A database with all tables."""
    url = f"sqlite:///{tmp_path}/zuoxi.db"
    migrate(open_database(url))
    return url


@pytest.fixture
def mortal_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of this test alone, which keeps every write."""
    (tmp_path / "redis").mkdir()
    server = RedisServer(tmp_path / "redis", appendonly="yes", appendfsync="always")
    server.start()
    yield server
    server.stop()


def _until(condition: Callable[[], bool], what: str, limit_s: float = 40) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"{what} within {limit_s} s"
        time.sleep(0.02)  # between two looks; the deadline ends the loop


def _batches(calls: int) -> list[list[Message]]:
    events = [event for n in range(calls) for event in connected_call(f"c{n}", NINE + n * S)]
    messages = stream(events)
    return [messages[at : at + 10] for at in range(0, len(messages), 10)]


def _enqueue(redis: "Redis", batches: list[list[Message]], job_timeout: int) -> None:
    """Enqueue as `RecordJobs` does, with another limit."""
    queue = Queue(QueueName.RECORDS, connection=redis, serializer=JSONSerializer)
    for batch in batches:
        retry = Retry(max=9, interval=1)
        queue.enqueue(WRITE_EVENTS.function, "demo", batch, retry=retry, job_timeout=job_timeout, result_ttl=0)


def _done(redis: "Redis") -> bool:
    """Tell whether no job is left but the periodic ones, which are kept for their period."""
    return only_periodic_left(redis)


def _calls() -> list[str]:
    return sorted(record.call for record in CallRecord.select(CallRecord.call))


def test_batches_that_the_relay_enqueues_become_records(redis: "Redis", worker: Worker, sqlite_url: str) -> None:
    """CDR-1: from the queue to one record a call; nothing stays behind in Redis; SIGTERM ends the worker in order."""
    jobs = RecordJobs(redis)
    for batch in _batches(20):
        jobs.write("demo", [[stream_id, str(n), event] for stream_id, n, event in batch])
    process = worker(sqlite_url)
    _until(lambda: len(_calls()) == 20, "20 records")
    _until(lambda: _done(redis), "no job left")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


def test_jobs_are_there_before_any_time_limit_runs() -> None:
    """SAFE-1: a time limit that strikes within a module's first import would leave every later job without it."""
    loaded = "import sys, workers.worker; print('workers.jobs' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True) == "True\n"


def test_killed_workers_lose_and_double_nothing(redis: "Redis", worker: Worker, sqlite_url: str) -> None:
    """SAFE-1, CDR-1: workers killed (SIGKILL) at work; another one finishes, also the jobs they had begun."""
    _enqueue(redis, _batches(60), job_timeout=1)
    for reached in (5, 20):
        process = worker(sqlite_url)
        _until(lambda reached=reached: len(_calls()) >= reached, f"{reached} records")  # type: ignore[misc]
        process.kill()
        process.wait()
    worker(sqlite_url)
    _until(lambda: _calls() == sorted(f"c{n}" for n in range(60)), "60 records", 80)


def test_two_workers_share_the_work(redis: "Redis", worker: Worker, sqlite_url: str) -> None:
    """CDR-1: two workers at once write each call once, although its batches are split between them."""
    _enqueue(redis, _batches(40), job_timeout=30)
    worker(sqlite_url)
    worker(sqlite_url)
    _until(lambda: _calls() == sorted(f"c{n}" for n in range(40)), "40 records")
    _until(lambda: _done(redis), "no job left")


def test_a_redis_that_was_killed_gets_its_workers_back(mortal_redis: RedisServer, sqlite_url: str) -> None:
    """SAFE-1: Redis is killed and restarted under an idle worker; the same worker writes what comes then."""
    batches = _batches(20)
    environment = {**os.environ, "ZUOXI_REDIS_URL": mortal_redis.url, "ZUOXI_DATABASE_URL": sqlite_url}
    with subprocess.Popen([sys.executable, "-m", "workers"], env=environment) as process:
        with mortal_redis.client() as redis:
            _enqueue(redis, batches[:10], job_timeout=30)
        _until(lambda: bool(_calls()), "a first record")
        mortal_redis.kill()
        mortal_redis.start()
        with mortal_redis.client() as redis:
            _enqueue(redis, batches[10:], job_timeout=30)
        _until(lambda: len(_calls()) == 20, "20 records", 80)
        assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_a_database_that_was_away_gets_every_record(redis: "Redis", worker: Worker) -> None:
    """SAFE-1: while the database is down jobs wait and use up no tries; afterwards every record arrives."""
    with running_postgres() as server:
        database = open_database(server.url)
        migrate(database)
        database.close_all()  # type: ignore[attr-defined]
        server.stop()
        jobs = RecordJobs(redis)
        for batch in _batches(10):
            jobs.write("demo", [[stream_id, str(n), event] for stream_id, n, event in batch])
        queue = Queue(QueueName.RECORDS, connection=redis, serializer=JSONSerializer)
        worker(server.url)
        _until(lambda: ScheduledJobRegistry(queue=queue).count == 1, "one job to be tried again")
        waiting = queue.count
        server.start()
        _until(lambda: _calls() == sorted(f"c{n}" for n in range(10)), "10 records")
        assert waiting == len(_batches(10)) - 1
        database.close_all()  # type: ignore[attr-defined]


def test_a_batch_that_cannot_be_written_is_kept_and_shown(redis: "Redis", worker: Worker, sqlite_url: str) -> None:
    """SAFE-1: what is no event ends, after its tries, in the registry of failed jobs, and stops nothing else."""
    queue = Queue(QueueName.RECORDS, connection=redis, serializer=JSONSerializer)
    bad = queue.enqueue(WRITE_EVENTS.function, "demo", [["1-0", 1, "{}"]], retry=Retry(max=1))
    _enqueue(redis, _batches(1), job_timeout=30)
    worker(sqlite_url)
    _until(lambda: FailedJobRegistry(queue=queue).get_job_ids() == [bad.id], "the failed job")
    _until(lambda: _calls() == ["c0"], "the record")


def test_an_abandoned_job_runs_again_within_half_a_minute(
    redis: "Redis", worker: Worker, sqlite_url: str, tmp_path: Path
) -> None:
    """SAFE-1: killed (SIGKILL) in the middle of a job that may take four minutes; another worker does it in 30 s."""
    note = tmp_path / "runs"
    queue = Queue(QueueName.SPEECH, connection=redis, serializer=JSONSerializer)
    queue.enqueue("tests.workers.stubborn.hang_once", str(note), retry=Retry(max=1, interval=1), job_timeout=240)
    first = worker(sqlite_url)
    _until(note.exists, "the first run")
    first.kill()
    killed = time.monotonic()
    worker(sqlite_url)
    _until(lambda: note.read_text() == "again", "the second run", 50)
    assert time.monotonic() - killed < 30
