"""The list of callers who go before others, over the API."""

from io import BytesIO

import pytest

from orchestrator.database.models import AuditRow
from orchestrator.store import keys
from tests.web.conftest import LogIn, Person
from webui.app import Web

VIP = "13800138000"


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def add(person: Person, number: str, priority: int = 50, **more: object) -> dict[str, object]:
    answer = person.post("/caller-priorities", json={"number": number, "priority": priority, **more})
    assert answer.status_code == 201, answer.text
    entry: dict[str, object] = answer.json
    return entry


def in_force(web: Web, tenant: str = "acme") -> dict[str, float]:
    return dict(web.services.redis.zrange(keys.callers(tenant), 0, -1, withscores=True))


def test_adding_changing_and_removing(admin: Person, web: Web) -> None:
    """QUEUE-3: each is in force at once and audited; a changed number leaves nothing of the old one."""
    entry = add(admin, "0138 0013 8000", description="大客户")
    assert (entry["entry"], entry["priority"]) == ("+8613800138000", 50)
    assert in_force(web) == {"+8613800138000": 50}
    path = f"/caller-priorities/{entry['id']}"
    changed = admin.put(path, json={"number": "139*", "priority": 99})
    assert changed.json["entry"] == "+86139*"
    assert in_force(web) == {"+86139*": 99}
    assert [one["number"] for one in admin.get("/caller-priorities", query_string={"search": "139"}).json["items"]] == [
        "139*"
    ]
    assert admin.delete(path).status_code == 204
    assert in_force(web) == {}
    assert admin.delete(path).status_code == 404
    assert AuditRow.select().where(AuditRow.area == "caller_priorities").count() == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "abc"), ("number", "*"), ("number", ""), ("number", "1" * 21), ("priority", 100), ("priority", -1),
     ("priority", "high"), ("description", "x" * 51), ("direction", "in")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(admin: Person, web: Web, field: str, value: object) -> None:
    """QUEUE-3: the bad field is named, nothing is changed."""
    answer = admin.post("/caller-priorities", json={"number": VIP, "priority": 5, field: value})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert in_force(web) == {}


def test_a_number_is_listed_once(admin: Person, web: Web) -> None:
    """QUEUE-3: another way to write it is the same number."""
    add(admin, VIP, 10)
    answer = admin.post("/caller-priorities", json={"number": f"+86 {VIP}", "priority": 20})
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "caller_listed")
    other = add(admin, "139*")
    answer = admin.put(f"/caller-priorities/{other['id']}", json={"number": VIP, "priority": 20})
    assert answer.status_code == 409
    assert in_force(web) == {"+8613800138000": 10, "+86139*": 50}


def test_who_may(log_in: LogIn, admin: Person, web: Web) -> None:
    """ROLE-1, SAFE-3: supervisors look, agents don't; another company sees and changes nothing."""
    entry = add(admin, VIP)
    supervisor = log_in("supervisor@acme")
    assert len(supervisor.get("/caller-priorities").json["items"]) == 1
    assert supervisor.post("/caller-priorities", json={"number": "1391", "priority": 1}).status_code == 403
    stranger = log_in("admin@other")
    assert stranger.get("/caller-priorities").json["items"] == []
    assert stranger.delete(f"/caller-priorities/{entry['id']}").status_code == 404
    assert in_force(web) == {"+8613800138000": 50}


def test_a_file(admin: Person, web: Web) -> None:
    """QUEUE-3: good lines are added, the report tells of each other one why not."""
    text = "号码,优先级,描述\n13800138000,50,大客户\n138 0013 8000,60,\nabc,5,\n139*,100,\n"
    answer = admin.post("/caller-priorities/import", data={"file": (BytesIO(text.encode()), "vip.csv")})
    assert answer.status_code == 200, answer.text
    found = answer.json
    assert (found["added"], found["duplicates"], found["refused"]) == (1, 1, 2)
    assert all(line["reason"] for line in found["lines"] if line["result"] == "refused")
    assert in_force(web) == {"+8613800138000": 50}


def test_the_whole_list_is_put_into_force_anew(admin: Person, web: Web) -> None:
    """OPS-1: after Redis was lost the list comes back from the database."""
    add(admin, VIP)
    web.services.redis.delete(keys.callers("acme"))
    assert web.services.caller_priorities.publish("acme") == 1
    assert in_force(web) == {"+8613800138000": 50}


def test_a_number_gives_its_callers_a_priority(admin: Person, web: Web) -> None:
    """QUEUE-3, CALL-1: kept, shown and in force; out of range is refused."""
    (number,) = admin.get("/config/numbers").json["items"][:1]
    answer = admin.put(f"/config/numbers/{number['number']}", json=number | {"priority": 40})
    assert answer.json["priority"] == 40
    assert web.services.use_cases().work.unit("acme").config.numbers[number["number"]].priority == 40
    answer = admin.put(f"/config/numbers/{number['number']}", json=number | {"priority": 100})
    assert list(answer.json["error"]["fields"]) == ["priority"]
