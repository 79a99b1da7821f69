"""Opening hours, holidays, and the routes of numbers, through the API."""

from typing import Any

import pytest

from orchestrator.domain.config import Way
from orchestrator.store.connection import TextRedis
from tests.web.configured import HANG_UP, add_sound, changes, in_force, to_queue
from tests.web.conftest import LogIn

DAY = [["09:00", "12:00"], ["13:00", "18:00"]]
OFFICE: dict[str, Any] = {
    "key": "office",
    "name": "办公时间",
    "week": [DAY, DAY, DAY, DAY, DAY, [["22:00", "24:00"]], []],
    "holidays": [
        {"date": "2026-10-01", "name": "国庆节", "spans": []},
        {"date": "2026-10-10", "name": "补班", "spans": [["10:00", "11:00"]]},
    ],
}


def test_hours_are_added_shown_changed_and_deleted(log_in: LogIn, text_redis: TextRedis) -> None:
    """CALL-1: hours are minutes of the day for the call path, times on the clock for people."""
    admin = log_in("admin@acme")
    added = admin.post("/config/hours", json=OFFICE)
    assert (added.status_code, added.json) == (201, OFFICE)
    hours = in_force(text_redis).hours["office"]
    assert (hours.week[0], hours.week[5], hours.week[6]) == (((540, 720), (780, 1080)), ((1320, 1440),), ())
    assert hours.holidays == {"2026-10-01": (), "2026-10-10": ((600, 660),)}
    changed = admin.put("/config/hours/office", json={**OFFICE, "holidays": []})
    assert changed.json == {**OFFICE, "holidays": []} == admin.get("/config/hours/office").json
    assert in_force(text_redis).hours["office"].holidays == {}
    assert admin.get("/config/hours").json == {"items": [changed.json]}
    assert admin.delete("/config/hours/office").status_code == 204
    assert in_force(text_redis).hours == {}
    assert [change[1:] for change in changes()] == [
        ("office", False, True), ("office", True, True), ("office", True, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"week": [DAY] * 6}, "week"),
        ({"week": [DAY] * 8}, "week"),
        ({"week": [[["9:00", "12:00"]], *[DAY] * 6]}, "week.0.0.0"),
        ({"week": [[["09:00", "24:01"]], *[DAY] * 6]}, "week.0.0.1"),
        ({"week": [[["09:00"]], *[DAY] * 6]}, "week.0.0"),
        ({"week": [*[DAY] * 6, [["12:00", "09:00"]]]}, "week.6"),
        ({"week": [*[DAY] * 6, [["12:00", "12:00"]]]}, "week.6"),
        ({"week": [*[DAY] * 6, [["09:00", "12:00"], ["11:59", "13:00"]]]}, "week.6"),
        ({"week": [*[DAY] * 6, [["13:00", "14:00"], ["09:00", "12:00"]]]}, "week.6"),
        ({"holidays": [{"date": "2026-02-30", "name": "x"}]}, "holidays.0.date"),
        ({"holidays": [{"date": "2026-10-01", "name": ""}]}, "holidays.0.name"),
        ({"holidays": [{"date": "2026-10-01", "name": "x", "spans": [["12:00", "09:00"]]}]}, "holidays.2026-10-01"),
        ({"holidays": [{"date": "2026-10-01", "name": "x"}] * 2}, "holidays"),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    log_in: LogIn, text_redis: TextRedis, change: dict[str, Any], field: str
) -> None:
    """CALL-1: the field is named and nothing is changed."""
    answer = log_in("admin@acme").post("/config/hours", json=OFFICE | change, headers={"Accept-Language": "en"})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert answer.json["error"]["fields"][field] != "not valid"
    assert in_force(text_redis).hours == {}


def test_names_and_keys_of_hours_are_taken_once(log_in: LogIn) -> None:
    """CALL-1: two of one name can't be told apart."""
    admin = log_in("admin@acme")
    admin.post("/config/hours", json=OFFICE)
    again = admin.post("/config/hours", json=OFFICE)
    assert list(again.json["error"]["fields"]) == ["key"]
    again = admin.post("/config/hours", json={**OFFICE, "key": "second"})
    assert list(again.json["error"]["fields"]) == ["name"]
    assert log_in("admin@other").post("/config/hours", json=OFFICE).status_code == 201


def test_a_number_follows_hours(log_in: LogIn, text_redis: TextRedis) -> None:
    """CALL-1, NUM-1: open, closed and holiday ways of an owned number; its hours can't be deleted meanwhile."""
    add_sound("closed")
    admin = log_in("admin@acme")
    admin.post("/config/hours", json=OFFICE)
    closed = {**HANG_UP, "prompt": "closed"}
    (owned,) = admin.get("/config/numbers").json["items"]
    assert owned == {
        "number": "400acme", "route": to_queue("q1"), "hours": "", "closed": HANG_UP, "holiday": HANG_UP,
        "priority": 0, "trunk": "",
    }  # fmt: skip
    wanted = {**owned, "route": to_queue("q2"), "hours": "office", "closed": closed, "holiday": to_queue("q1")}
    assert admin.put("/config/numbers/400acme", json=wanted).json == wanted
    number = in_force(text_redis).numbers["400acme"]
    assert (number.route.target, number.hours, number.closed.prompt, number.holiday.way) == (
        "q2", "office", "closed", Way.QUEUE,
    )  # fmt: skip
    refused = admin.delete("/config/hours/office")
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (409, ["numbers.400acme.hours"])
    assert "office" in in_force(text_redis).hours


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"route": to_queue("nothing")}, "route.target"),
        ({"route": None}, "route"),
        ({"hours": "nothing"}, "hours"),
        ({"closed": {**HANG_UP, "prompt": "nothing"}}, "closed.prompt"),
        ({"holiday": {"way": "nowhere"}}, "holiday.way"),
        ({"holiday": {"way": "voicemail"}}, "holiday.prompt"),
    ],
)
def test_routes_that_lead_nowhere_are_refused(
    log_in: LogIn, text_redis: TextRedis, change: dict[str, Any], field: str
) -> None:
    """CALL-1: the field is named and the number leads where it led."""
    answer = log_in("admin@acme").put("/config/numbers/400acme", json={"route": to_queue("q2"), **change})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert in_force(text_redis).numbers["400acme"].route.target == "q1"


def test_numbers_of_others_and_of_nobody_do_not_exist(log_in: LogIn, text_redis: TextRedis) -> None:
    """NUM-1, SAFE-3: a tenant routes its own numbers, and can't make any."""
    for number in ("400acme", "999"):
        answer = log_in("admin@other").put(f"/config/numbers/{number}", json={"route": to_queue("q2")})
        assert answer.status_code == 404
    assert in_force(text_redis).numbers["400acme"].route.target == "q1"
    assert list(in_force(text_redis, "other").numbers) == ["400other"]
    assert log_in("supervisor@acme").put("/config/numbers/400acme", json={"route": HANG_UP}).status_code == 403
