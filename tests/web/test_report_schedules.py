"""Reports by e-mail, over the API (REP-1)."""

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.models import AuditRow, Mail, ReportSchedule, User
from tests.web.conftest import LogIn

WISH = {
    "name": "Morning", "period": "week", "hour": 7, "language": "en", "recipients": ["a@example.com", "a@example.com"],
    "report": {"by": "agent", "queue": ["q1"], "threshold_s": 30},
}  # fmt: skip


def test_a_report_is_scheduled_changed_and_removed(log_in: LogIn) -> None:
    """REP-1: with when it is due next; each change stands in the audit; another company has nothing of it."""
    admin = log_in("admin@acme")
    added = admin.post("/report-schedules", json=WISH)
    assert added.status_code == 201, added.text
    shown = added.json
    assert (shown["recipients"], shown["format"], shown["last"]) == (["a@example.com"], "xlsx", None)
    assert (shown["report"]["by"], shown["report"]["queue"], shown["report"]["step"]) == ("agent", ["q1"], "day")
    assert shown["next"] > ReportSchedule.get().since
    assert admin.get("/report-schedules").json == {"items": [shown], "set_up": False}
    path = f"/report-schedules/{shown['id']}"
    assert log_in("admin@other").put(path, json=WISH).status_code == 404
    off = admin.put(path, json={**WISH, "active": False}).json
    assert (off["active"], off["next"]) == (False, None)
    assert admin.delete(path).status_code == 204
    assert [row.area for row in AuditRow.select()] == ["report_schedules"] * 3


def test_one_is_sent_now_and_the_last_is_shown(log_in: LogIn, redis: "Redis") -> None:
    """REP-1: a worker makes it; the list says what became of it, in words and the mail server's own while it waits."""
    admin = log_in("admin@acme")
    id_ = admin.post("/report-schedules", json=WISH).json["id"]
    assert admin.post(f"/report-schedules/{id_}/send").status_code == 202
    [job] = Queue("reports", connection=redis, serializer=JSONSerializer).jobs
    assert job.args[:2] == ["acme", int(id_)]
    assert job.args[3]
    ReportSchedule.update(last_at=5, last_key="k").execute()
    Mail.create(
        tenant="acme", key="k", recipient="a@example.com", subject="", text="", html="", created=1, error="refused: 451"
    )
    [shown] = admin.get("/report-schedules", headers={"Accept-Language": "en"}).json["items"]
    said = "The mail server refused the message. (451)"
    assert shown["last"] == {"at": 5, "state": "waiting", "sent": 0, "waiting": 1, "error": said}
    Mail.update(sent=6, error="").execute()
    [shown] = admin.get("/report-schedules").json["items"]
    assert (shown["last"]["state"], shown["last"]["sent"]) == ("sent", 1)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"recipients": []}, "recipients"),
        ({"recipients": ["a@example.com\r\nBcc: b@example.com"]}, "recipients.0"),
        ({"hour": 24}, "hour"),
        ({"period": "year"}, "period"),
        ({"report": {"by": "weather"}}, "report.by"),
        ({"name": ""}, "name"),
    ],
)
def test_what_makes_no_sense_is_refused(log_in: LogIn, wish: dict[str, object], field: str) -> None:
    """REP-1, SAFE-2: the field is named, and nothing is made."""
    answer = log_in("admin@acme").post("/report-schedules", json=WISH | wish)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field]), answer.text
    assert ReportSchedule.select().count() == 0


def test_names_are_taken_once(log_in: LogIn) -> None:
    """REP-1: people tell them apart by their names."""
    admin = log_in("admin@acme")
    admin.post("/report-schedules", json=WISH)
    assert admin.post("/report-schedules", json=WISH).json["error"]["id"] == "schedule_name_taken"
    assert log_in("admin@other").post("/report-schedules", json=WISH).status_code == 201


def test_who_sees_some_agents_only_sends_no_report_of_all(log_in: LogIn) -> None:
    """ROLE-1: a report by e-mail shows everybody: whoever leads a group has none sent."""
    admin = log_in("admin@acme")
    role = {"name": "Team", "grants": {"reports.view": "group", "reports.schedule": "all"}}
    made = admin.post("/team/roles", json=role)
    assert made.status_code == 201, made.text
    User.update(role=made.json["key"], leads=["East"]).where(User.login == "agent2@acme").execute()
    assert log_in("agent2@acme").post("/report-schedules", json=WISH).status_code == 403
    assert log_in("agent@acme").get("/report-schedules").status_code == 403
