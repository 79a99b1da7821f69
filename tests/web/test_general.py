"""The company's general settings over the API."""

import pytest

from orchestrator.database.models import AuditRow
from tests.web.conftest import LogIn, Person
from webui.app import Web


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def test_what_is_set_is_in_force(admin: Person, web: Web) -> None:
    """STATE-1, STATE-4, STATE-6, STATE-7: read, changed, published and audited; what was read can be written back."""
    now = admin.get("/config/general").json
    assert admin.put("/config/general", json=now).json == now
    wanted = {
        **now,
        "timezone": "Europe/Berlin",
        "country": "DE",
        "break_reasons": ["lunch", "午休", "lunch"],
        "miss_limit": 0,
        "device_grace_s": 45,
        "wrap_up_s": 90,
        "form": {"dispositions": [{"name": "Sold"}], "tags": ["a", "a"], "free_tags": False},
    }
    kept = admin.put("/config/general", json=wanted)
    assert kept.status_code == 200, kept.text
    assert (kept.json["break_reasons"], kept.json["form"]["tags"]) == (["lunch", "午休"], ["a"])
    assert kept.json["form"]["dispositions"][0]["key"]
    config = web.services.use_cases().work.unit("acme").config
    assert (config.timezone, config.country, config.break_reasons) == ("Europe/Berlin", "DE", ("lunch", "午休"))
    assert (config.miss_limit, config.device_grace_s, config.wrap_up_s) == (0, 45, 90)
    assert admin.get("/session").json["tenant"]["break_reasons"] == ["lunch", "午休"]
    assert AuditRow.select().where(AuditRow.area == "general").count() == 2
    assert web.services.use_cases().work.unit("other").config.wrap_up_s == 60


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"country": "XX"}, "country"),
        ({"country": "china"}, "country"),
        ({"break_reasons": ["x" * 31]}, "break_reasons"),
        ({"break_reasons": [" "]}, "break_reasons"),
        ({"miss_limit": 21}, "miss_limit"),
        ({"miss_limit": -1}, "miss_limit"),
        ({"device_grace_s": 4}, "device_grace_s"),
        ({"wrap_up_s": 3601}, "wrap_up_s"),
        ({"wrap_up_s": None}, "wrap_up_s"),
        ({"call_form": "maybe"}, "call_form"),
        ({"form": {"dispositions": [{"name": "A"}, {"name": "A"}]}}, "form"),
        ({"form": {"dispositions": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]}}, "form"),
        ({"form": {"dispositions": [{"name": "A", "queues": ["nowhere"]}]}}, "form"),
        ({"form": {"dispositions": [{"name": ""}]}}, "form"),
        ({"golf": 1}, "golf"),
    ],
)
def test_what_makes_no_sense_is_refused(admin: Person, change: dict[str, object], field: str) -> None:
    """STATE-4: the field is named, and nothing is changed."""
    before = admin.get("/config/general").json
    answer = admin.put("/config/general", json={**before, **change})
    assert answer.status_code == 422
    assert next(iter(answer.json["error"]["fields"])).split(".")[0] == field
    assert admin.get("/config/general").json == before


def test_who_may(log_in: LogIn, admin: Person) -> None:
    """ROLE-1: supervisors look, agents don't."""
    supervisor = log_in("supervisor@acme")
    now = supervisor.get("/config/general").json
    assert supervisor.put("/config/general", json=now).status_code == 403
    assert log_in("agent@acme").get("/config/general").status_code == 403
    choices = admin.get("/config/general/choices").json
    assert "Asia/Shanghai" in choices["timezones"]
    assert "CN" in choices["countries"]
