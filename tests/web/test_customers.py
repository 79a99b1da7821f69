"""Customers over the API."""

import csv
from io import BytesIO, StringIO

import pytest

from orchestrator.database.models import AuditRow, Customer, CustomerNumber
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from webui.permissions import MATRIX, Permission, Scope

LI = {"name": "李雷", "company": "Acme", "numbers": ["138 0013 8000", "021-61234567"], "tags": ["vip"]}


@pytest.fixture
def supervisor(log_in: LogIn) -> Person:
    return log_in("supervisor@acme")


def add(person: Person, **card: object) -> dict[str, object]:
    answer = person.post("/customers", json={**LI, **card})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json
    return made


def found(person: Person, **query: str) -> list[str]:
    return [one["name"] for one in person.get("/customers", query_string=query).json["items"]]


def test_adding_finding_changing_removing(supervisor: Person) -> None:
    """WEB-2: numbers are kept in one spelling and found however they are written; every change is audited."""
    made = add(supervisor, email="li@example.com")
    assert made["numbers"] == ["+8613800138000", "+862161234567"]
    for text in ("李", "acme", "LI@", "138 0013", "0138001", "+86138", "21612"):
        assert found(supervisor, search=text) == ["李雷"], text
    assert found(supervisor, search="韩") == []
    path = f"/customers/{made['id']}"
    changed = supervisor.put(path, json={"name": "Li Lei", "numbers": ["10086", "10086"]})
    assert (changed.json["numbers"], changed.json["company"]) == (["10086"], "")
    assert supervisor.get(path).json["name"] == "Li Lei"
    assert supervisor.delete(path).status_code == 204
    assert supervisor.get(path).status_code == 404
    assert AuditRow.select().where(AuditRow.area == "customers").count() == 3
    assert CustomerNumber.select().count() == 0


def test_a_number_is_one_customers(supervisor: Person) -> None:
    """WEB-2: the answer names whose it is; the customer who can't have it stays as it was."""
    add(supervisor)
    answer = supervisor.post("/customers", json={"name": "Han", "numbers": ["+86 13800138000"]})
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "customer_number_taken")
    assert "李雷" in answer.json["error"]["fields"]["numbers"]
    other = add(supervisor, name="Han", numbers=["13900139000"])
    refused = supervisor.put(f"/customers/{other['id']}", json={"name": "X", "numbers": ["13900139000", "13800138000"]})
    assert refused.status_code == 409
    assert supervisor.get(f"/customers/{other['id']}").json["numbers"] == ["+8613900139000"]
    assert found(supervisor, search="X") == []


def test_two_become_one(supervisor: Person) -> None:
    """WEB-2: merged, the first keeps what it says and takes over numbers, tags and notes."""
    first = add(supervisor, company="", notes="one")
    second = add(supervisor, name="L. Lei", numbers=["13900139000"], tags=["vip", "new"], notes="two")
    answer = supervisor.post(f"/customers/{first['id']}/merge", json={"other": second["id"]})
    assert answer.status_code == 200, answer.text
    merged = answer.json
    assert (merged["name"], merged["company"], merged["tags"], merged["notes"]) == (
        "李雷", "Acme", ["vip", "new"], "one\ntwo",
    )  # fmt: skip
    assert len(merged["numbers"]) == 3
    assert found(supervisor) == ["李雷"]
    for other in (first["id"], second["id"], "999", "x"):
        assert supervisor.post(f"/customers/{first['id']}/merge", json={"other": other}).status_code in (404, 422)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 61),
        ("name", "a\nb"),
        ("numbers", ["abc"]),
        ("numbers", ["139*"]),
        ("numbers", ["anonymous"]),
        ("email", "nobody"),
        ("tags", ["x" * 31]),
        ("notes", "\x00"),
        ("vip", True),
    ],
)
def test_what_makes_no_sense_is_refused(supervisor: Person, field: str, value: object) -> None:
    """SAFE-2: the bad field is named, nothing is kept."""
    answer = supervisor.post("/customers", json={**LI, field: value})
    assert answer.status_code == 422
    assert next(iter(answer.json["error"]["fields"])).split(".")[0] == field
    assert Customer.select().count() == 0


def test_who_may(supervisor: Person, log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """ROLE-1, SAFE-3: agents see and change, but take nothing away; with the narrow scope only the own ones."""
    made = add(supervisor)
    path = f"/customers/{made['id']}"
    agent, stranger = log_in("agent@acme"), log_in("supervisor@other")
    assert agent.put(path, json=LI).status_code == 200
    for refused in (
        agent.delete(path),
        agent.get("/customers/export"),
        agent.post(f"{path}/merge", json={"other": made["id"]}),
    ):
        assert refused.status_code == 403
    assert found(stranger) == []
    for missing in (
        stranger.get(path),
        stranger.put(path, json=LI),
        stranger.delete(path),
        stranger.get(path + "/calls"),
    ):
        assert missing.status_code == 404
    assert add(stranger)["numbers"] == made["numbers"]
    monkeypatch.setitem(MATRIX["agent"], Permission.VIEW_CUSTOMERS, Scope.OWN)  # type: ignore[arg-type]
    monkeypatch.setitem(MATRIX["agent"], Permission.EDIT_CUSTOMERS, Scope.OWN)  # type: ignore[arg-type]
    assert found(agent) == []
    assert (agent.get(path).status_code, agent.put(path, json=LI).status_code) == (404, 404)
    own = add(agent, name="Mine", numbers=[])
    assert found(agent) == ["Mine"]
    assert agent.put(f"/customers/{own['id']}", json={"name": "Still mine"}).status_code == 200


def test_files_come_in_and_go_out(supervisor: Person) -> None:
    """API-1: what is taken away can be brought in again; each line's fate is told."""
    text = (
        "姓名,公司,号码,邮箱,标签,备注\n"
        "李雷,Acme,138 0013 8000；021-61234567,,vip;new,\n"
        ",NoName,10010,,,\n"
        "Han,,13800138000,,,\n"
        "Bad,,abc,,,\n"
        "Mail,,,nobody,,\n"
        f"Long,,,,,{'n' * 300}\n"
    )
    answer = supervisor.post(
        "/customers/import", data={"file": (BytesIO(text.encode()), "c.csv")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 200, answer.text
    report = answer.json
    assert (report["added"], report["duplicates"], report["refused"]) == (2, 1, 3)
    assert all(line["reason"] for line in report["lines"] if line["result"] == "refused")
    assert len(supervisor.get("/customers", query_string={"search": "Long"}).json["items"][0]["notes"]) == 300
    saved = supervisor.get("/customers/export", headers={"Accept-Language": "en"}).get_data(as_text=True)
    rows = list(csv.reader(StringIO(saved.removeprefix("\ufeff"))))
    assert rows[0] == ["Name", "Company", "Numbers", "E-mail", "Tags", "Notes"]
    assert rows[1][:3] == ["李雷", "Acme", "'+8613800138000; +862161234567"]
    again = supervisor.post(
        "/customers/import", data={"file": (BytesIO(saved.encode()), "c.csv")}, content_type="multipart/form-data"
    )
    assert (again.json["duplicates"], again.json["refused"]) == (1, 0)


def test_a_customer_has_a_history(supervisor: Person, log_in: LogIn, live: LiveCalls) -> None:
    """WEB-2: calls from any of the numbers, however the switch wrote them, with what agents wrote."""
    made = add(supervisor)
    agent = log_in("agent@acme")
    live.online("acme", "acme-a1")
    for call, caller in (("c1", "013800138000"), ("c2", "+862161234567"), ("c3", "13900139000")):
        live.wait("acme", call, caller=caller)
        live.talk("acme", call)
        live.hang_up("acme", call)
        agent.post(f"/calls/{call}/forms/me/close", json={"notes": call})
    live.write_records("acme")
    history = supervisor.get(f"/customers/{made['id']}/calls").json
    assert [(one["call"], one["forms"][0]["notes"]) for one in history["items"]] == [("c2", "c2"), ("c1", "c1")]
    assert history["more"] is False
