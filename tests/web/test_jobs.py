"""The page and the figures of background jobs."""

from collections.abc import Callable

import pytest
from prometheus_client import generate_latest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.models import AuditRow
from orchestrator.jobs import WRITE_EVENTS, Jobs
from tests.web.conftest import LogIn
from webui.app import Web


@pytest.fixture
def die(redis: "Redis") -> Callable[[str, str], None]:
    """Have a job of a tenant fail at every try."""

    def fail(job_id: str, tenant: str) -> None:
        Jobs(redis).add(WRITE_EVENTS, tenant, [], job_id=job_id)
        queue = Queue("records", connection=redis, serializer=JSONSerializer)
        job = queue.fetch_job(job_id)
        assert job is not None
        queue.remove(job)
        queue.failed_job_registry.add(job, ttl=1000)

    return fail


def test_each_company_sees_and_replays_its_own_dead_letters(log_in: LogIn, die: Callable[[str, str], None]) -> None:
    """OPS-1, SAFE-3: another company's job doesn't exist; who did a job again is kept."""
    die("a1", "acme")
    die("o1", "other")
    admin = log_in("admin@acme")
    assert [letter["id"] for letter in admin.get("/jobs").json["dead"]] == ["a1"]
    assert admin.post("/jobs/o1/replay").status_code == admin.post("/jobs/none/replay").status_code == 404
    assert admin.post("/jobs/a1/replay").status_code == 204
    board = admin.get("/jobs").json
    assert (board["dead"], board["queues"][0]["name"], board["queues"][0]["waiting"]) == ([], "records", 1)
    (audit,) = AuditRow.select().where(AuditRow.area == "job")
    assert (audit.tenant, audit.key) == ("acme", "a1")


def test_operators_see_and_replay_all(log_in: LogIn, die: Callable[[str, str], None]) -> None:
    """OPS-1: the platform's people belong to no company and see every dead letter."""
    die("a1", "acme")
    operator = log_in("operator")
    assert [letter["tenant"] for letter in operator.get("/jobs").json["dead"]] == ["acme"]
    assert operator.post("/jobs/a1/replay").status_code == 204


def test_all_dead_letters_are_done_again_at_once(log_in: LogIn, die: Callable[[str, str], None]) -> None:
    """OPS-1, SAFE-3: those of one's own company; the audit says who and how many."""
    for job_id, tenant in (("a1", "acme"), ("a2", "acme"), ("o1", "other")):
        die(job_id, tenant)
    admin = log_in("admin@acme")
    assert admin.post("/jobs/replay").json == {"jobs": 2}
    assert admin.post("/jobs/replay").json == {"jobs": 0}
    assert [letter["id"] for letter in log_in("operator").get("/jobs").json["dead"]] == ["o1"]
    notes = AuditRow.select().where(AuditRow.area == "job", AuditRow.tenant == "acme")
    assert [note.after for note in notes.order_by(AuditRow.id)] == [{"replayed": 2}, {"replayed": 0}]


def test_each_company_sees_what_is_tried_again_and_has_it_tried_now(log_in: LogIn, redis: "Redis") -> None:
    """OPS-1, SAFE-3: with the reason and the time of the next try; another company's doesn't exist."""
    queue = Queue("records", connection=redis, serializer=JSONSerializer)
    for job_id, tenant in (("a1", "acme"), ("o1", "other")):
        Jobs(redis).add(WRITE_EVENTS, tenant, [], job_id=job_id)
        queue.remove(job_id)
        redis.zadd(queue.scheduled_job_registry.key, {job_id: 4_000_000_000})
        redis.hset(f"rq:job:{job_id}", "last_error", "KeyError: '/srv/zuoxi/type'")
    admin = log_in("admin@acme")
    (job,) = admin.get("/jobs").json["retrying"]
    assert (job["id"], job["at"], job["error"]) == ("a1", 4_000_000_000_000_000, "KeyError: 'type'")
    assert admin.post("/jobs/o1/replay").status_code == 404
    assert admin.post("/jobs/a1/replay").status_code == 204
    assert admin.get("/jobs").json["retrying"][0]["at"] == 0
    assert len(log_in("operator").get("/jobs").json["retrying"]) == 2


def test_figures_of_every_queue(web: Web, die: Callable[[str, str], None]) -> None:
    """OPS-1: depth, age, failures and workers of each queue are metrics."""
    die("a1", "acme")
    figures = generate_latest(web.metrics.registry).decode()
    assert 'zuoxi_jobs{queue="records",state="dead"} 1.0' in figures
    assert 'zuoxi_jobs_oldest_seconds{queue="billing"} 0.0' in figures
    assert 'zuoxi_workers{queue="maintenance"} 0.0' in figures
