"""Who is told of what by e-mail, over the API (API-1)."""

import pytest

from orchestrator.database.notices import Notice, NoticeArea
from tests.web.configured import changes
from tests.web.conftest import LogIn

NOBODY: dict[str, list[str]] = {notice.value: [] for notice in Notice}


def test_recipients_are_set_and_noted(log_in: LogIn) -> None:
    """API-1: at first nobody is told; each address counts once; the change stands in the audit."""
    admin = log_in("admin@acme")
    assert admin.get("/config/notices").json == {"language": "zh", "recipients": NOBODY, "set_up": False}
    wish = {"language": "en", "recipients": {"voicemail": ["a@example.com", "b@example.com", "a@example.com"]}}
    answer = admin.put("/config/notices", json=wish)
    assert answer.status_code == 200, answer.text
    assert answer.json["recipients"] == NOBODY | {"voicemail": ["a@example.com", "b@example.com"]}
    assert admin.get("/config/notices").json == answer.json
    assert [change[0] for change in changes()] == ["notices"]
    other = NoticeArea().find("other", "other")
    assert other is not None
    assert set(other.recipients.values()) == {()}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"recipients": {"voicemail": ["nobody"]}}, "recipients.voicemail.0"),
        ({"recipients": {"voicemail": ["a@example.com\r\nBcc: x@example.com"]}}, "recipients.voicemail.0"),
        ({"recipients": {"voicemail": [f"a{n}@example.com" for n in range(21)]}}, "recipients.voicemail"),
        ({"recipients": {"weather": []}}, "recipients.weather.[key]"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_makes_no_sense_is_refused(log_in: LogIn, wish: dict[str, object], field: str) -> None:
    """API-1, SAFE-2: the field is named, and nothing is changed."""
    answer = log_in("admin@acme").put("/config/notices", json={"language": "en", "recipients": {}} | wish)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field]), answer.text
    assert changes() == []


def test_supervisors_look_and_do_not_change(log_in: LogIn) -> None:
    """ROLE-1: the configuration's permissions hold."""
    supervisor = log_in("supervisor@acme")
    assert supervisor.get("/config/notices").status_code == 200
    assert supervisor.put("/config/notices", json={"language": "en", "recipients": {}}).status_code == 403
