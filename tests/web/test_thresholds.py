"""From which figures on the queue monitor warns, over the API (WALL-3)."""

import pytest

from tests.web.configured import changes
from tests.web.conftest import LogIn

WISH = {
    "company": {"waiting": {"warning": 3, "alarm": 8}, "service_level": {"warning": 80, "alarm": 60}},
    "queues": {"q1": {"waiting": {"warning": 1, "alarm": None}}},
}


def test_thresholds_are_set_for_the_company_and_a_queue(log_in: LogIn) -> None:
    """WALL-3, ROLE-1: whoever sees the monitor sees them, an administrator changes them; the audit has it."""
    admin, supervisor = log_in("admin@acme"), log_in("supervisor@acme")
    assert admin.get("/config/thresholds").json == {"company": {}, "queues": {}}
    assert admin.put("/config/thresholds", json=WISH).json == WISH
    assert supervisor.get("/config/thresholds").json == WISH
    assert [change[0] for change in changes()] == ["thresholds"]
    assert supervisor.put("/config/thresholds", json=WISH).status_code == 403
    assert log_in("admin@other").get("/config/thresholds").json == {"company": {}, "queues": {}}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"company": {"waiting": {"warning": 8, "alarm": 3}}}, "company.waiting"),
        ({"company": {"service_level": {"warning": 60, "alarm": 80}}}, "company.service_level"),
        ({"company": {"abandonment_rate": {"warning": 101}}}, "company.abandonment_rate"),
        ({"queues": {"q1": {"ready": {"warning": -1}}}}, "queues.q1.ready.warning"),
        ({"queues": {"none such": {}}}, "queues.none such"),
        ({"company": {"weather": {}}}, "company.weather.[key]"),
    ],
)
def test_what_makes_no_sense_is_refused(log_in: LogIn, wish: dict[str, object], field: str) -> None:
    """WALL-3: the field is named, and nothing is changed."""
    admin = log_in("admin@acme")
    answer = admin.put("/config/thresholds", json=wish)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field]), answer.text
    assert admin.get("/config/thresholds").json == {"company": {}, "queues": {}}
