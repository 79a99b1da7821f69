"""Reports by e-mail: once for each due moment, with figures and file, to everybody, over a real mail server (REP-1)."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from peewee import Database
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from orchestrator.database.documents import to_plain
from orchestrator.database.models import Mail, ReportSchedule, Tenant
from orchestrator.database.report_schedules import Report, sent_of
from orchestrator.domain.reports import Dimension, Step
from orchestrator.jobs import Jobs
from tests.support.mail_server import MailServer, running_mail_server
from tests.workers.stories import NINE, abandoned_call, connected_call, stream
from workers import report_mails
from workers.jobs import send_mail, write_events
from workers.mail import send_later
from workers.report_mails import due_reports, make_report

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, HOUR = 86_400_000_000, 3_600_000_000

#: The calls are of 2026-01-05 17:00 in Shanghai, a Monday; the report is due the day after at eight.
DUE = int(datetime(2026, 1, 6, 8, tzinfo=SHANGHAI).timestamp()) * 1_000_000


@pytest.fixture(autouse=True)
def demo(database: Database) -> Tenant:  # noqa: ARG001
    """A tenant with calls, of each kind of database."""
    row = Tenant.create(id="demo", name="Demo", timezone="Asia/Shanghai")
    write_events("demo", stream([*connected_call("c1", NINE), *abandoned_call("c2", NINE)]))
    return row


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, redis_url: str, tmp_path: Path) -> Iterator[MailServer]:
    with running_mail_server() as running:
        monkeypatch.setenv("ZUOXI_REDIS_URL", redis_url)
        monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("ZUOXI_SMTP_URL", running.url)
        monkeypatch.setenv("ZUOXI_MAIL_FROM", "Zuoxi <calls@example.com>")
        yield running


def schedule(**columns: object) -> ReportSchedule:
    """Each day at eight, to two people, unless the test says otherwise."""
    usual = {
        "name": "Morning", "period": "day", "hour": 8, "format": "csv", "language": "en", "since": NINE,
        "report": to_plain(Report(step=Step.HOUR, by=Dimension.QUEUE)),
        "recipients": ["boss@example.com", "ops@example.com"],
    }  # fmt: skip
    return ReportSchedule.create(tenant="demo", created_by="1", **{**usual, **columns})


def waiting(redis: "Redis") -> list[Job]:
    return Queue("reports", connection=redis, serializer=JSONSerializer).jobs


def send_all(redis: "Redis", now: int) -> None:
    """Do what the workers do."""
    send_later(Jobs(redis), now)
    for job in Queue("webhooks", connection=redis, serializer=JSONSerializer).jobs:
        send_mail(*job.args)


def test_a_report_comes_with_its_figures_and_file(server: MailServer, redis: "Redis") -> None:
    """REP-1: about the whole day before, in the tenant's zone and the schedule's language; what it counts is right."""
    row = schedule()
    make_report("demo", row.id, DUE, "", DUE)
    send_all(redis, DUE)
    assert sorted(message["To"] for message in server.messages) == ["boss@example.com", "ops@example.com"]
    message = server.messages[0]
    assert message["Subject"] == "Morning: 2026-01-05"
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert "Offered: 2\nConnected: 1\nAbandoned: 1\n" in text
    assert "Service level (of offered): 50.0%" in text
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("report-20260105-20260105.csv", "text/csv")
    lines = list(csv.DictReader(StringIO(file.get_payload(decode=True).decode("utf-8-sig"))))
    assert [(line["Begin"], line["Of"], line["Offered"]) for line in lines][:1] == [("2026-01-05 17:00", "sales", "2")]
    sent = sent_of("demo", [ReportSchedule.get().last_key]).values()
    assert [(one.sent, one.waiting) for one in sent] == [(2, 0)]


def test_it_is_made_once_however_many_schedulers_live(redis: "Redis") -> None:
    """REP-1, SAFE-1: each asks, one job comes of it; a job that runs twice writes the messages once."""
    row = schedule()
    assert [due_reports(Jobs(redis), moment) for moment in (DUE - 1, DUE, DUE, DUE + HOUR)] == [0, 1, 0, 0]
    [job] = waiting(redis)
    for _ in range(2):
        make_report(*job.args, DUE)
    assert Mail.select().count() == 2
    ReportSchedule.update(last_due=None).execute()
    make_report("demo", row.id, DUE, "", DUE + 1)
    assert Mail.select().count() == 2
    job.delete()
    assert due_reports(Jobs(redis), DUE + HOUR) == 0
    assert due_reports(Jobs(redis), DUE + DAY) == 1


def test_what_is_off_late_or_was_due_before_is_not_sent(redis: "Redis") -> None:
    """REP-1: after a standstill the newest only, and nothing of the time before it was set."""
    schedule(name="off", active=False)
    schedule(name="later", since=DUE + 1)
    assert due_reports(Jobs(redis), DUE) == 0
    late = schedule(name="monthly", period="month", since=1)
    assert due_reports(Jobs(redis), DUE) == 0
    ReportSchedule.update(active=False).where(ReportSchedule.id == late.id).execute()
    make_report("demo", late.id, DUE, "", DUE)
    make_report("demo", 999, DUE, "", DUE)
    assert Mail.select().count() == 0


def test_one_by_hand_is_sent_besides(redis: "Redis") -> None:  # noqa: ARG001
    """REP-1: as often as somebody asks, also of one that is off, as Excel; the next due one comes all the same."""
    row = schedule(format="xlsx", active=False, recipients=["boss@example.com"])
    for word in ("a", "a", "b"):
        make_report("demo", row.id, DUE + HOUR, word, DUE + HOUR)
    assert (Mail.select().count(), ReportSchedule.get().last_due) == (2, None)
    sheet = load_workbook(BytesIO(bytes(Mail.get().file))).worksheets[0]
    assert (sheet.title, sheet["A1"].value, sheet["A2"].value) == ("Report", "Begin", "2026-01-05 17:00")


def test_what_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """REP-1: after its last try it stands at the schedule, and the next period comes all the same."""
    row = schedule()

    def broken(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(report_mails, "letters_of", broken)
    with pytest.raises(OSError, match="no space"):
        make_report("demo", row.id, DUE, "", DUE)
    failed = ReportSchedule.get()
    assert (failed.error, failed.last_due, failed.last_at) == ("failed", DUE, DUE)


def test_nothing_from_outside_gets_into_headers_or_html() -> None:
    """SAFE-2: a name with a line break makes no header, markup no markup."""
    row = schedule(name="<b>x</b>\r\nBcc: all@example.com")
    make_report("demo", row.id, DUE, "", DUE)
    mail = Mail.get()
    assert mail.subject == "<b>x</b> Bcc: all@example.com: 2026-01-05"
    assert "<b>x" not in mail.html
