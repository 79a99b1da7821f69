"""`zuoxi jobs`: see what failed, and do it again."""

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.job_causes import Cause
from orchestrator.jobs import WRITE_EVENTS, Jobs
from tests.cli.conftest import Zuoxi
from webui.cli.job_words import WORDS


@pytest.fixture
def dead(redis: "Redis") -> Queue:
    """The queue `records`, two of whose jobs failed at every try."""
    queue = Queue("records", connection=redis, serializer=JSONSerializer)
    for job_id in ("a1", "a2"):
        Jobs(redis).add(WRITE_EVENTS, "acme", [], job_id=job_id)
        job = queue.fetch_job(job_id)
        assert job is not None
        queue.remove(job)
        queue.failed_job_registry.add(job, ttl=1000)
    return queue


def test_failed_jobs_are_listed_with_their_company(zuoxi: Zuoxi, dead: Queue) -> None:  # noqa: ARG001
    """OPS-1: each queue with its figures, then each dead letter."""
    lines = zuoxi("jobs", "list").output.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["records", "billing", "webhooks"]
    assert "2 failed, 0 workers" in lines[0]
    assert sorted(line.split()[0] for line in lines[7::2]) == ["a1", "a2"]
    assert "workers.jobs.write_events acme" in lines[7]


def test_failures_are_explained_before_they_are_quoted(zuoxi: Zuoxi, redis: "Redis") -> None:
    """OPS-1: whoever reads the list is told what to do, then what was said; every cause has words."""
    assert set(WORDS) == set(Cause)
    Jobs(redis).add(WRITE_EVENTS, "acme", [], job_id="a1")
    queue = Queue("records", connection=redis, serializer=JSONSerializer)
    queue.remove("a1")
    redis.zadd(queue.scheduled_job_registry.key, {"a1": 4_000_000_000})
    said = "OSError: [Errno 28] No space left on device: '/srv/store'"
    redis.hset("rq:job:a1", "last_error", said)
    _, words, quoted = zuoxi("jobs", "list").output.splitlines()[7:]
    assert (words.strip(), quoted.strip()) == (WORDS[Cause.DISK_FULL], said)


def test_failed_jobs_are_replayed_by_id_or_all(zuoxi: Zuoxi, dead: Queue) -> None:
    """OPS-1: what is not there is named and the rest is done; without a choice nothing is."""
    assert zuoxi("jobs", "replay").exit_code == 1
    assert dead.failed_job_registry.count == 2
    one = zuoxi("jobs", "replay", "a1", "none")
    assert (one.exit_code, "1 jobs wait again" in one.output, "none" in one.output) == (1, True, True)
    assert dead.get_job_ids() == ["a1"]
    assert zuoxi("jobs", "replay", "--all").exit_code == 0
    assert dead.get_job_ids() == ["a1", "a2"]
