"""Notices by e-mail, brought to a real mail server (API-1)."""

import socket
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from peewee import Database
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator import postman
from orchestrator.database.billing.ledger import post_payment
from orchestrator.database.models import CallRecord, Mail, Recording, Tenant, Webhook
from orchestrator.database.notices import Notice, NoticeArea, Notices
from orchestrator.database.recordings import write_recordings
from orchestrator.domain.events import CallingAlert
from orchestrator.job_board import JobBoard
from orchestrator.jobs import SEND_MAIL, Jobs
from orchestrator.postman import Postman
from tests.support.mail_server import MailServer, running_mail_server
from tests.workers.bills import NOVEMBER, billed_tenant, ended_call
from tests.workers.stories import stream
from workers.jobs import send_mail, send_webhooks, write_events
from workers.mail import DAY_US, NotTakenError, send_later
from workers.notices import notify, tell_balances, tell_paused, tell_voicemail
from workers.retention import keep_days


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, redis_url: str, tmp_path: Path) -> Iterator[MailServer]:
    """A mail server, which the settings name."""
    monkeypatch.setenv("ZUOXI_REDIS_URL", redis_url)
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    with running_mail_server() as box:
        monkeypatch.setenv("ZUOXI_SMTP_URL", box.url)
        monkeypatch.setenv("ZUOXI_MAIL_FROM", "Zuoxi <calls@example.com>")
        yield box


@pytest.fixture
def demo(database: Database) -> Tenant:  # noqa: ARG001
    """A tenant that wants every notice, in English, of each kind of database."""
    tenant = Tenant.create(id="demo", name="Demo", timezone="Asia/Shanghai")
    recipients = dict.fromkeys(Notice, ("boss@example.com", "ops@example.com"))
    NoticeArea().put("demo", Notices(language="en", recipients=recipients))
    return tenant


def send_all(redis: "Redis") -> None:
    """Do what the workers do."""
    send_webhooks()
    queue = Queue("webhooks", connection=redis, serializer=JSONSerializer)
    for job in queue.jobs:
        send_mail(*job.args)
        job.delete()


@pytest.mark.usefixtures("demo")
def test_a_low_balance_is_told_once_to_each(box: MailServer, redis: "Redis") -> None:
    """API-1, BILL-1: text and HTML, in the tenant's language and time zone; said again it is the same message."""
    billed_tenant()
    post_payment("demo", "adjustment", "1", Decimal("-1"), NOVEMBER)
    tell_balances()
    tell_balances()
    send_all(redis)
    send_all(redis)
    assert [message["To"] for message in box.messages] == ["boss@example.com", "ops@example.com"]
    first = box.messages[0]
    assert (first["From"], first["Subject"]) == ("Zuoxi <calls@example.com>", "The balance is low: -1.00 CNY")
    assert "-1.00 CNY since 2026-11-01 00:00" in first.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "<p>The balance of Demo" in first.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert len({message["Message-ID"] for message in box.messages}) == 2


@pytest.mark.usefixtures("demo")
def test_what_a_server_refuses_is_sent_later(box: MailServer) -> None:
    """API-1: the job fails for another try, the message says why, and it arrives once."""
    notify("demo", Notice.WEBHOOK_PAUSED, "1", {"name": "CRM", "url": "https://x", "time": "now"})
    box.refuse = 1
    id_ = Mail.select().order_by(Mail.id).first().id
    with pytest.raises(NotTakenError, match=r"^refused: .*451"):
        send_mail("demo", id_)
    assert "451" in Mail.get_by_id(id_).error
    for _ in range(2):
        send_mail("demo", id_)
    assert len(box.messages) == 1
    assert (Mail.get_by_id(id_).error, Mail.get_by_id(id_).sent is None) == ("", False)


@pytest.mark.usefixtures("demo")
def test_a_server_that_does_not_answer_is_left_alone(
    box: MailServer, redis: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    """API-1, SAFE-1: one message waits for it, the others fail at once; by hand it is asked again."""
    notify("demo", Notice.WEBHOOK_PAUSED, "1", {"name": "CRM", "url": "https://x", "time": "now"})
    first, second = [row.id for row in Mail.select().order_by(Mail.id)]
    monkeypatch.setattr(postman, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf, monkeypatch.context() as hanging:
        hanging.setenv("ZUOXI_SMTP_URL", f"smtp://127.0.0.1:{deaf.getsockname()[1]}")
        for id_ in (first, second):
            with pytest.raises(NotTakenError, match=r"^timeout: "):
                send_mail("demo", id_)
        deaf.accept()[0].close()
        deaf.setblocking(False)
        with pytest.raises(BlockingIOError):
            deaf.accept()  # nobody else had come
    monkeypatch.setattr(postman, "TIMEOUT_S", 20.0)
    queue = Queue("webhooks", connection=redis, serializer=JSONSerializer)
    Jobs(redis).add(SEND_MAIL, "demo", second, job_id="mail_2")
    queue.remove("mail_2")
    redis.zadd(queue.scheduled_job_registry.key, {"mail_2": 4_000_000_000})
    assert JobBoard(redis).try_now("mail_2")
    send_mail("demo", second)
    assert [message["To"] for message in box.messages] == ["ops@example.com"]


@pytest.mark.usefixtures("demo")
def test_a_voicemail_is_told_when_it_can_be_heard(box: MailServer, redis: "Redis") -> None:
    """API-1: who called, when and how long; a recording of a call is told to nobody."""
    ended_call("c1", NOVEMBER, 9)
    for name, kind in (("v1", "voicemail"), ("r1", "call")):
        row = {"recording": name, "kind": kind, "call": "c1", "queue": None, "agent": None, "path": "p"}
        write_recordings("demo", [{**row, "begun": NOVEMBER, "started": 1, "ended": 2, "told_ms": 1, "pauses": []}])
        tell_voicemail("demo", name)
    assert Mail.select().count() == 0
    Recording.update(status="stored", ms=8600).execute()
    for name in ("v1", "v1", "r1"):
        tell_voicemail("demo", name)
    send_all(redis)
    assert [message["Subject"] for message in box.messages] == ["New voicemail from 13800138000"] * 2
    text = box.messages[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "of 9 seconds at 2026-11-01 00:00" in text
    assert CallRecord.select().count() == 1


@pytest.mark.usefixtures("demo")
def test_calls_out_that_look_like_misuse_are_told(box: MailServer, redis: "Redis") -> None:
    """SAFE-4: a limit in words, and a number that was refused again and again; a batch that comes again is none."""
    same = {"agent": "1002", "by": "7", "at": NOVEMBER}
    limit = CallingAlert(number="+8613900139000", reason="limit_reached.agent_calls", limit="agent_calls", **same)
    often = CallingAlert(number="+8613900139009", reason="not_callable.prefix", refused=3, **same)
    batch = stream([limit, often])
    write_events("demo", batch)
    write_events("demo", batch)
    send_all(redis)
    subjects = ["Calls out: The agent's limit of calls a day reached", "+8613900139009 was refused 3 times today"]
    assert sorted(message["Subject"] for message in box.messages) == sorted(subjects * 2)
    texts = " ".join(message.get_body(("plain",)).get_content() for message in box.messages)  # type: ignore[union-attr]
    assert "1002 wanted to call +8613900139000 at 2026-11-01 00:00" in texts


@pytest.mark.usefixtures("demo")
def test_nothing_from_outside_gets_into_headers_or_html(box: MailServer, redis: "Redis") -> None:
    """SAFE-2: a line break in a name makes no header, markup no markup."""
    hook = Webhook(tenant="demo", id=7, name="<b>x</b>\r\nBcc: all@example.com", url="https://x/?{a}")
    hook.failing_since = NOVEMBER
    tell_paused(hook, NOVEMBER)
    send_all(redis)
    message = box.messages[0]
    assert message["Bcc"] is None
    assert message["Subject"] == "Webhook <b>x</b> Bcc: all@example.com was switched off"
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<b>" not in html
    assert "https://x/?{a}" in html


@pytest.mark.usefixtures("demo")
def test_old_news_is_not_sent(redis: "Redis", database: Database) -> None:  # noqa: ARG001
    """API-1: what waited for a mail server for more than a day is no news; after a month it is forgotten."""
    notify("demo", Notice.WEBHOOK_PAUSED, "1", {"name": "CRM", "url": "https://x", "time": "now"})
    made = Mail.get().created
    send_later(Jobs(redis), made + DAY_US + 1)
    assert Queue("webhooks", connection=redis, serializer=JSONSerializer).count == 0
    send_later(Jobs(redis), made + DAY_US)
    assert Queue("webhooks", connection=redis, serializer=JSONSerializer).count == 2
    keep_days("demo", made + 30 * DAY_US)
    assert Mail.select().count() == 2
    keep_days("demo", made + 30 * DAY_US + 1)
    assert Mail.select().count() == 0


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "smtps:"])
def test_settings_that_make_no_sense_are_refused(url: str) -> None:
    """OPS-1: an address of a mail server needs a known scheme and a host."""
    with pytest.raises(ValueError, match="ZUOXI_SMTP_URL"):
        Postman(url, "a@example.com")
