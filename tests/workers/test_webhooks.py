"""Webhooks: messages of events, sent at least once, tried again, given up, sent again by hand (API-1)."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from peewee import Database
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.audit import changes_of
from orchestrator.database.billing.ledger import post_payment
from orchestrator.database.models import Recording, Tenant, Webhook, WebhookDelivery
from orchestrator.database.recordings import write_recordings
from orchestrator.database.retention import Kept, delete_older
from orchestrator.database.webhooks import DAY_US, replay
from orchestrator.domain.events import CallArrived, CallingAlert, FormSaved
from orchestrator.jobs import Jobs
from orchestrator.webhooks.addresses import networks
from orchestrator.webhooks.kinds import Kind
from orchestrator.webhooks.signing import secret_of
from tests.support.hook_server import HookServer, running_hook_server
from tests.workers.bills import NOVEMBER, billed_tenant
from tests.workers.stories import NINE, S, abandoned_call, arrived, changes, connected_call, ended, stream
from workers.jobs import deliver_webhook, send_webhooks, write_events
from workers.webhook_messages import tell_low_balances, tell_stored
from workers.webhooks import LEASE_US, Courier, send_due

LOOPBACK = networks(["127.0.0.0/8"])


@pytest.fixture
def server() -> Iterator[HookServer]:
    with running_hook_server() as running:
        yield running


@pytest.fixture
def demo(database: Database) -> Tenant:  # noqa: ARG001
    """A tenant, of each kind of database."""
    return Tenant.create(id="demo", name="Demo")


def add_hook(url: str, *events: Kind, **columns: object) -> Webhook:
    values = {"name": url, "salt": "salt", "created": 1, "created_by": "1", **columns}
    return Webhook.create(tenant="demo", url=url, events=[*(events or Kind)], **values)


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of messages and tries."""
    clock = Clock()
    clock.now = NINE
    monkeypatch.setattr("workers.webhook_messages.now_us", clock)
    return clock


@pytest.fixture
def courier(clock: Clock) -> Courier:
    """Sends to this machine."""
    return Courier("installation", LOOPBACK, clock)


def told(server: HookServer) -> list[tuple[str, dict[str, Any]]]:
    """Kinds and data of what the server was told."""
    bodies = [json.loads(one.body) for one in server.received]
    return [(body["type"], body["data"]) for body in bodies]


@pytest.mark.usefixtures("demo")
def test_a_call_is_told_once_and_signed(server: HookServer, courier: Courier) -> None:
    """API-1: the events of a call come with ids and signatures that verify; a batch that is repeated tells nothing."""
    hook, batch = add_hook(server.url), stream(connected_call("c1", NINE))
    write_events("demo", batch)
    write_events("demo", batch)
    assert courier.deliver("demo", hook.id) is False
    kinds = [kind for kind, _ in told(server)]
    assert sorted(kinds) == ["call.arrived", "call.connected", "call.ended", "call.queued"]
    ended_call = dict(told(server))["call.ended"]
    assert (ended_call["call"], ended_call["outcome"], ended_call["agent"]) == ("c1", "connected", "1002")
    assert (ended_call["talk_us"], ended_call["wait_us"]) == (60 * S, 18 * S)
    for one in server.received:
        key = base64.b64decode(secret_of("installation", "salt").removeprefix("whsec_"))
        signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
        expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
        assert one.headers["webhook-signature"] == f"v1,{expected}"
        assert (one.path, one.headers["content-type"]) == ("/hook?from=zuoxi", "application/json")
        assert json.loads(one.body)["id"] == one.headers["webhook-id"]
        assert json.loads(one.body)["tenant"] == "demo"
    assert len(set(server.ids)) == len(server.ids) == 4
    rows = list(WebhookDelivery.select())
    assert {(row.status, row.code, row.attempts, row.error) for row in rows} == {("delivered", 204, 1, "")}


@pytest.mark.usefixtures("demo")
def test_only_chosen_kinds_are_told(server: HookServer, courier: Courier) -> None:
    """API-1: whoever wants abandoned calls and agents' states hears of nothing else; a changed device is no state."""
    hook = add_hook(server.url, Kind.CALL_ABANDONED, Kind.AGENT_STATE_CHANGED)
    Webhook.create(tenant=Tenant.create(id="other", name="Other"), name="x", url=server.url, events=[*Kind],
                   salt="s", created=1, created_by="1")  # fmt: skip
    steps = changes("1001", [("registered", S), ("online", S), ("same", S), ("break", S)])
    write_events("demo", stream([*abandoned_call("c1", NINE), *steps]))
    courier.deliver("demo", hook.id)
    assert [kind for kind, _ in told(server)] == ["call.abandoned", *["agent.state_changed"] * 2]
    assert told(server)[0][1]["short"] is True
    assert [data["state"] for _, data in told(server)[1:]] == ["online", "break"]
    assert WebhookDelivery.select().where(WebhookDelivery.tenant == "other").count() == 0


@pytest.mark.usefixtures("demo")
def test_forms_and_test_calls(server: HookServer, courier: Courier) -> None:
    """API-1: a form that is closed is told; a call that only tries menus is nobody's business."""
    hook = add_hook(server.url)
    form = FormSaved(at=NINE, call="c1", agent="1001", notes="n", disposition="sold", tags=("vip",), by="7")
    trial: list[CallArrived] = [replace(arrived("t1", NINE), test=True)]
    write_events("demo", stream([form, *trial, ended("t1", NINE + S, abandoned_call("t", 1)[-1].outcome, NINE)]))  # type: ignore[attr-defined]
    courier.deliver("demo", hook.id)
    assert told(server) == [
        ("form.saved", {"call": "c1", "agent": "1001", "notes": "n", "disposition": "sold", "tags": ["vip"], "by": "7"})
    ]


@pytest.mark.usefixtures("demo")
def test_calls_out_that_look_like_misuse(server: HookServer, courier: Courier) -> None:
    """SAFE-4, API-1: a limit that is reached and a number refused again and again are kinds of their own."""
    hook = add_hook(server.url)
    same = {"agent": "1002", "number": "+8613900139000", "by": "7"}
    limit = CallingAlert(at=NINE, reason="limit_reached.at_once", limit="at_once", **same)
    often = CallingAlert(at=NINE, reason="number_blocked", refused=3, **same)
    write_events("demo", stream([limit, often]))
    courier.deliver("demo", hook.id)
    assert dict(told(server)) == {
        "calling.limit_reached": {**same, "reason": "limit_reached.at_once", "limit": "at_once"},
        "calling.refused_often": {**same, "reason": "number_blocked", "refused": 3},
    }


def add_message(hook: Webhook, name: str, at: int) -> None:
    values = {"body": "{}", "created": at, "due": at, "until": at + DAY_US}
    WebhookDelivery.create(tenant="demo", webhook=hook, event_id=name, type="call.ended", **values)


@pytest.mark.usefixtures("demo")
def test_what_fails_is_tried_again_with_pauses(server: HookServer, courier: Courier, clock: Clock) -> None:
    """API-1: a refused message waits, the webhook rests; nothing is sent before its time, and then it arrives."""
    hook = add_hook(server.url)
    add_message(hook, "m1", NINE)
    server.status = 500
    courier.deliver("demo", hook.id)
    courier.deliver("demo", hook.id)
    assert server.ids == ["m1"]
    row, health = WebhookDelivery.get(), Webhook.get()
    assert (row.status, row.code, row.error, row.due) == ("pending", 500, "status", NINE + 5 * S)
    assert (health.failures, health.failing_since, health.retry_at) == (1, NINE, NINE + 5 * S)
    server.status, clock.now = 200, NINE + 5 * S
    courier.deliver("demo", hook.id)
    row, health = WebhookDelivery.get(), Webhook.get()
    assert (row.status, row.code, row.attempts, row.due) == ("delivered", 200, 2, None)
    assert (health.failures, health.failing_since, health.retry_at) == (0, None, None)


@pytest.mark.usefixtures("demo")
def test_a_message_is_given_up_after_a_day_and_replayed(server: HookServer, courier: Courier, clock: Clock) -> None:
    """API-1: tried for 24 hours with growing pauses, then failed; by hand it is sent again."""
    hook = add_hook(server.url)
    add_message(hook, "m1", NINE)
    server.status = 503
    while WebhookDelivery.get().status == "pending":
        clock.now = max(WebhookDelivery.get().due, Webhook.get().retry_at or 0)
        courier.deliver("demo", hook.id)
        Webhook.update(failing_since=None).execute()  # another day of this is another test
    row = WebhookDelivery.get()
    assert row.status == "failed"
    assert 10 <= row.attempts == len(server.ids) <= 16
    assert clock.now <= NINE + DAY_US
    server.status = 204
    assert replay(Webhook.get(), clock.now) == 1
    courier.deliver("demo", hook.id)
    assert WebhookDelivery.get().status == "delivered"


@pytest.mark.usefixtures("demo")
def test_a_webhook_that_fails_for_a_day_is_switched_off(redis: "Redis", server: HookServer, clock: Clock) -> None:
    """API-1: it is noted, nothing more is tried; what comes meanwhile is kept as failed and can be sent later."""
    hook = add_hook(server.url, failures=9, failing_since=NINE - DAY_US, retry_at=NINE)
    add_message(hook, "m1", NINE)
    send_due(Jobs(redis), NINE - 1)
    assert Webhook.get().active
    send_due(Jobs(redis), NINE)
    row = Webhook.get()
    assert (row.active, row.paused_at) == (False, NINE)
    assert [change.who for change in changes_of("demo", "webhooks", str(hook.id))] == ["webhooks"]
    send_due(Jobs(redis), NINE + S)
    assert len(changes_of("demo", "webhooks", str(hook.id))) == 1
    write_events("demo", stream([arrived("c1", clock.now)]))
    assert {(one.status, one.error) for one in WebhookDelivery.select()} == {("failed", "paused")}
    assert server.received == []


@pytest.mark.usefixtures("demo")
def test_a_try_that_never_ended_is_taken_up_again(
    server: HookServer, courier: Courier, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAFE-1: a worker killed between sending and noting: the message is sent again, and counted as tried twice."""
    hook = add_hook(server.url)
    add_message(hook, "m1", NINE)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("workers.webhooks.note_answer", dies)
        with pytest.raises(KeyboardInterrupt):
            courier.deliver("demo", hook.id)
    courier.deliver("demo", hook.id)
    assert server.ids == ["m1"]
    clock.now += LEASE_US
    courier.deliver("demo", hook.id)
    row = WebhookDelivery.get()
    assert (server.ids, row.status, row.attempts) == (["m1", "m1"], "delivered", 2)


@pytest.mark.usefixtures("demo")
def test_jobs_send_what_is_due(redis: "Redis", redis_url: str, server: HookServer, tmp_path: Path,
                               monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """API-1: the periodic job enqueues each webhook with something due, once; the job sends."""
    monkeypatch.setenv("ZUOXI_REDIS_URL", redis_url)
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZUOXI_WEBHOOKS_PRIVATE", '["127.0.0.0/8"]')
    (tmp_path / "webhook_secret").write_text("installation")
    hook = add_hook(server.url)
    add_message(hook, "m1", time.time_ns() // 1000)
    send_webhooks()
    send_webhooks()
    (job,) = Queue("webhooks", connection=redis, serializer=JSONSerializer).jobs
    deliver_webhook(*job.args)
    assert server.ids == ["m1"]
    send_webhooks()
    assert WebhookDelivery.get().status == "delivered"


@pytest.mark.usefixtures("demo")
def test_a_low_balance_is_told_once() -> None:
    """API-1, BILL-1: once for each time that it became low."""
    hook = add_hook("https://example.com/", Kind.BALANCE_LOW)
    billed_tenant()
    assert tell_low_balances() == {}
    for at, less in ((NOVEMBER, -1), (NOVEMBER + 9, -95)):
        post_payment("demo", "adjustment", f"less {at}", Decimal(less), at)
        assert tell_low_balances() == tell_low_balances() == {"demo": [hook.id]}
        post_payment("demo", "top_up", f"more {at}", Decimal(100), at + 1)
    (first, *_) = [json.loads(row.body)["data"] for row in WebhookDelivery.select().order_by(WebhookDelivery.id)]
    assert first == {"since": NOVEMBER, "balance": "-1.000000", "currency": "CNY"}
    assert WebhookDelivery.select().count() == 2


@pytest.mark.usefixtures("demo")
def test_a_recording_is_told_when_it_can_be_heard() -> None:
    """API-1, REC-1: not before it is stored, and once; a voicemail has a kind of its own."""
    hook = add_hook("https://example.com/")
    for name, kind in (("r1", "call"), ("v1", "voicemail")):
        row = {"recording": name, "kind": kind, "call": "c1", "queue": "sales", "agent": None, "path": "p"}
        write_recordings("demo", [{**row, "begun": 1, "started": 2, "ended": 3, "told_ms": 1, "pauses": []}])
        assert tell_stored("demo", name) == []
        Recording.update(status="stored", ms=1, stored_at=9).where(Recording.recording == name).execute()
        assert tell_stored("demo", name) == tell_stored("demo", name) == [hook.id]
    kinds = [row.type for row in WebhookDelivery.select().order_by(WebhookDelivery.id)]
    assert kinds == ["recording.ready", "voicemail.ready"]


@pytest.mark.usefixtures("demo")
def test_old_messages_are_forgotten() -> None:
    """API-1: what is done and old goes; what still waits stays."""
    hook = add_hook("https://example.com/")
    add_message(hook, "waits", NINE)
    add_message(hook, "done", NINE)
    WebhookDelivery.update(status="delivered").where(WebhookDelivery.event_id == "done").execute()
    assert delete_older("demo", Kept.MESSAGES, NINE) == 0
    assert delete_older("demo", Kept.MESSAGES, NINE + 1) == 1
    assert [row.event_id for row in WebhookDelivery.select()] == ["waits"]
