"""People, groups, reasons and seats of a company, over the API."""

from typing import Any

import pytest

from orchestrator.database.models import Agent, AuditRow, SipCredential
from orchestrator.domain.agent import AgentState
from orchestrator.store.connection import TextRedis
from tests.web.configured import in_force
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from webui.app import Web
from webui.permissions import Permission, Scope

NEW = {"login": "li@acme", "name": "李伟", "role": "agent", "agent": {"group": "East", "mode": "web", "seat": True}}


def named(admin: Person, login: str) -> dict[str, Any]:
    """A person as listed."""
    people = admin.get("/team/people").json["items"]
    return next(person for person in people if person["login"] == login)


def change(admin: Person, login: str, **changes: object) -> Any:  # noqa: ANN401
    person = named(admin, login)
    return admin.put(f"/team/people/{person['id']}", json={**person, **changes})


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def test_a_marked_person_is_an_agent_at_once(admin: Person, anyone: Any, text_redis: TextRedis) -> None:  # noqa: ANN401
    """SEAT-2: in the seat list, in the queues of the group, and able to log in with the first password."""
    made = admin.post("/team/people", json=NEW)
    assert made.status_code == 201, made.text
    key, password = made.json["person"]["key"], made.json["password"]
    assert in_force(text_redis).agents[key].queues == ("q1", "q2")
    assert key in [holder["agent"] for holder in admin.get("/team/seats").json["holders"]]
    li = anyone()
    assert li.post("/session", json={"login": "li@acme", "password": password}).json["user"]["agent_id"] == key
    assert li.post("/agents/me/state", json={"state": "break"}).status_code == 200
    assert admin.get("/team/seats").json["call"] == {"purchased": None, "assigned": 3, "logged_in": 1}


def test_whoever_is_unmarked_is_no_agent_any_more(admin: Person, text_redis: TextRedis) -> None:
    """SEAT-2: gone from seats and queues at once; marked again, the same agent as before."""
    key = named(admin, "agent2@acme")["key"]
    gone = change(admin, "agent2@acme", agent=None)
    assert (gone.status_code, gone.json["key"]) == (200, None)
    assert key not in in_force(text_redis).agents
    assert change(admin, "agent2@acme", agent=NEW["agent"]).json["key"] == key
    assert key in in_force(text_redis).agents


def test_nobody_is_unmarked_in_a_call(admin: Person, live: LiveCalls) -> None:
    """STATE-2: ringing or talking nothing about an agent changes, also not here."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    for changes in ({"agent": None}, {"active": False}, {"agent": {**NEW["agent"], "mode": "mobile"}}):
        refused = change(admin, "agent@acme", **changes)
        assert (refused.status_code, refused.json["error"]["id"]) == (409, "agent_engaged")
    assert named(admin, "agent@acme")["agent"]["mode"] == "web"
    assert change(admin, "agent@acme", name="Renamed").status_code == 200


def test_disabling_ends_the_log_in(admin: Person, log_in: LogIn, text_redis: TextRedis) -> None:
    """SEAT-2: at once, and the agent is none any more; enabled again the person logs in as before."""
    agent = log_in("agent@acme")
    assert change(admin, "agent@acme", active=False).status_code == 200
    assert agent.get("/session").status_code == 401
    assert "acme-a1" not in in_force(text_redis).agents
    assert change(admin, "agent@acme", active=True, agent=NEW["agent"]).json["key"] == "acme-a1"
    assert log_in("agent@acme").get("/session").status_code == 200


def test_a_new_password_ends_every_log_in_with_the_old_one(admin: Person, log_in: LogIn, anyone: Any) -> None:  # noqa: ANN401
    """SEAT-2: shown once, kept nowhere."""
    agent = log_in("agent@acme")
    given = admin.post(f"/team/people/{named(admin, 'agent@acme')['id']}/password").json["password"]
    assert agent.get("/session").status_code == 401
    assert anyone().post("/session", json={"login": "agent@acme", "password": given}).status_code == 200
    assert given not in str([row.after for row in AuditRow.select()])


def test_the_last_administrator_stays(admin: Person, log_in: LogIn) -> None:
    """ROLE-1: nobody locks the company out, and nobody locks themselves out."""
    assert change(admin, "admin@acme", role="supervisor").json["error"]["id"] == "not_yourself"
    assert change(admin, "admin@acme", active=False).json["error"]["id"] == "not_yourself"
    assert change(admin, "supervisor@acme", role="admin").status_code == 200
    other = log_in("supervisor@acme")
    assert change(other, "admin@acme", role="agent").status_code == 200
    assert admin.get("/team/people").status_code == 403


def test_not_even_an_equal_takes_the_last_administrator(admin: Person, log_in: LogIn) -> None:
    """ROLE-1: a copy of the role has every right, and still somebody must be administrator."""
    roles = admin.get("/team/roles").json["items"]
    grants = next(role["grants"] for role in roles if role["key"] == "admin")
    copy = admin.post("/team/roles", json={"name": "Copy", "grants": grants}).json["key"]
    change(admin, "supervisor@acme", role=copy)
    equal = log_in("supervisor@acme")
    for changes in ({"role": copy}, {"active": False}):
        assert change(equal, "admin@acme", **changes).json["error"]["id"] == "last_admin"
    assert named(equal, "admin@acme")["role"] == "admin"


def test_a_role_that_may_edit_people_can_not_make_the_company_lose_its_administrators(
    admin: Person, log_in: LogIn
) -> None:
    """ROLE-1: the last one who can log in can't be taken by anybody; whoever lacks rights can't even try."""
    grants = {"team.view": "all", "team.edit": "all"}
    role = admin.post("/team/roles", json={"name": "HR", "grants": grants}).json["key"]
    change(admin, "supervisor@acme", role=role)
    hr = log_in("supervisor@acme")
    for changes in ({"role": "agent"}, {"active": False}):
        assert change(hr, "admin@acme", **changes).json["error"]["id"] == "more_than_yours"
    admin_id = named(hr, "admin@acme")["id"]
    assert hr.post(f"/team/people/{admin_id}/password").json["error"]["id"] == "more_than_yours"
    assert hr.post("/team/people", json={**NEW, "role": "admin"}).json["error"]["id"] == "more_than_yours"


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"login": "agent@other"}, "login"),
        ({"login": "with space"}, "login"),
        ({"name": "   "}, "name"),
        ({"role": "operator"}, "role"),
        ({"role": "nobody"}, "role"),
        ({"leads": [""]}, "leads.0"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(admin: Person, bad: dict[str, Any], field: str) -> None:
    """SEAT-2: and nothing is changed."""
    before = len(admin.get("/team/people").json["items"])
    refused = admin.post("/team/people", json={**NEW, **bad})
    assert (refused.status_code, field in refused.json["error"]["fields"]) == (422, True), refused.text
    assert len(admin.get("/team/people").json["items"]) == before


def test_seats_are_assigned_and_released(admin: Person, log_in: LogIn) -> None:
    """SEAT-2: by the tenant itself; without one the agent can't log in, chat seats end with those bought."""
    log_in("operator").post(
        "/companies/acme/seat-orders",
        json={"reference": "1", "kind": "call", "count": 1, "since": "2020-01-01"},
    )
    agent = named(admin, "agent@acme")["id"]
    shown = admin.put(f"/team/seats/{agent}", json={"kind": "call", "assigned": False}).json
    assert (shown["call"]["purchased"], shown["call"]["assigned"]) == (1, 1)
    refused = log_in("agent@acme").post("/agents/me/state", json={"state": "online"})
    assert refused.json["error"]["id"] == "no_seat"
    admin.put(f"/team/seats/{agent}", json={"kind": "call", "assigned": True})
    assert log_in("agent@acme").post("/agents/me/state", json={"state": "busy"}).status_code == 200
    full = admin.put(f"/team/seats/{agent}", json={"kind": "chat", "assigned": True})
    assert (full.status_code, full.json["error"]["id"]) == (409, "chat_seats_taken")
    someone = named(admin, "supervisor@acme")["id"]
    refused = admin.put(f"/team/seats/{someone}", json={"kind": "call", "assigned": True})
    assert refused.json["error"]["id"] == "not_an_agent"


def test_groups_go_by_their_new_name_everywhere(admin: Person, text_redis: TextRedis) -> None:
    """SEAT-2: agents, queues and leaders stay; what is in use isn't deleted."""
    assert admin.post("/team/groups", json={"name": "West"}).status_code == 201
    assert admin.post("/team/groups", json={"name": "East"}).status_code == 422
    change(admin, "supervisor@acme", leads=["East"])
    renamed = admin.put("/team/groups/East", json={"name": "North"}).json
    assert (renamed["leaders"], len(renamed["agents"]), len(renamed["queues"])) == (["Supervisor@Acme"], 2, 2)
    assert in_force(text_redis).agents["acme-a1"].queues == ("q1", "q2")
    assert admin.delete("/team/groups/North").json["error"]["id"] == "in_use"
    assert admin.delete("/team/groups/West").status_code == 204
    assert [group["name"] for group in admin.get("/team/groups").json["items"]] == ["North"]


def test_soft_phones_have_a_password_of_their_own(admin: Person) -> None:
    """SEAT-2: shown once; taken away it is dead."""
    person = named(admin, "agent@acme")["id"]
    given = admin.post(f"/team/people/{person}/soft-phone").json
    assert given["user"] == "acme1001"
    assert SipCredential.get(SipCredential.sip_user == "acme1001").expires is None
    assert named(admin, "agent@acme")["soft_phone"] is True
    assert admin.delete(f"/team/people/{person}/soft-phone").json["soft_phone"] is False
    assert SipCredential.get_or_none(SipCredential.sip_user == "acme1001") is None


@pytest.mark.parametrize("state", [AgentState.RINGING, AgentState.IN_CALL])
def test_supervisors_too_change_nothing_in_a_call(log_in: LogIn, live: LiveCalls, state: AgentState) -> None:
    """STATE-2: state, answer mode and forced logout are refused for agent and supervisor alike, with the reason."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    if state is AgentState.IN_CALL:
        live.talk("acme", "c1")
    for person, who in ((log_in("supervisor@acme"), "acme-a1"), (log_in("agent@acme"), "me")):
        answers = [
            person.post(f"/agents/{who}/state", json={"state": "busy"}),
            person.put(f"/agents/{who}/answer-mode", json={"mode": "mobile"}),
        ]
        if who != "me":
            answers.append(person.post(f"/agents/{who}/forced-logout"))
        assert {(answer.status_code, answer.json["error"]["id"]) for answer in answers} == {(409, "agent_engaged")}
    assert log_in("agent@acme").get("/agents/me").json["row"]["state"] == state


def test_forced_logout_of_web_and_mobile(log_in: LogIn) -> None:
    """STATE-5: web goes offline; on mobile the login ends and the state stays, so calls go on reaching the mobile."""
    boss, web, mobile = log_in("supervisor@acme"), log_in("agent@acme"), log_in("agent2@acme")
    web.post("/agents/me/state", json={"state": "busy"})
    mobile.put("/agents/me/answer-mode", json={"mode": "mobile"})
    mobile.post("/agents/me/state", json={"state": "online"})
    assert boss.post("/agents/acme-a1/forced-logout").json["row"]["state"] == "offline"
    assert web.get("/session").status_code == 200
    assert boss.post("/agents/acme-a2/forced-logout").json["row"]["state"] == "online"
    assert mobile.get("/session").status_code == 401


def test_other_companies_people_are_not_there(web: Web, admin: Person, log_in: LogIn) -> None:  # noqa: ARG001
    """SAFE-3: no id of another company is any good."""
    stranger = named(log_in("admin@other"), "agent@other")
    path = f"/team/people/{stranger['id']}"
    assert admin.put(path, json=stranger).status_code == 404
    assert admin.post(f"{path}/password").status_code == 404
    assert admin.post(f"{path}/soft-phone").status_code == 404
    seat = admin.put(f"/team/seats/{stranger['id']}", json={"kind": "chat", "assigned": True})
    assert seat.status_code == 404
    assert Agent.get(Agent.key == "other-a1").removed is None


def test_changes_are_in_the_audit(admin: Person) -> None:
    """ROLE-1: who did what, newest first; filtered by area, person and thing."""
    admin.post("/team/groups", json={"name": "West"})
    change(admin, "agent@acme", name="Wang")
    rows = admin.get("/audit").json["items"]
    assert [(row["area"], row["who_name"]) for row in rows] == [("person", "Admin@Acme"), ("group", "Admin@Acme")]
    assert (rows[0]["before"]["name"], rows[0]["after"]["name"]) == ("Agent@Acme", "Wang")
    assert [row["area"] for row in admin.get("/audit?area=group").json["items"]] == ["group"]
    assert admin.get(f"/audit?key={rows[0]['key']}&area=group").json["items"] == []
    assert admin.get(f"/audit?to={rows[-1]['at']}").json["items"] == []
    assert admin.get("/audit/areas").json["items"] == ["group", "person"]


def test_scopes_have_an_order() -> None:
    """ROLE-1: own is narrower than group, group than all."""
    assert [scope.width for scope in Scope] == [0, 1, 2]
    assert Permission.VIEW_RECORDS in set(Permission)
