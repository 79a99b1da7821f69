"""Roles that a company makes: whose data they cover, who may give them, and that they are in force at once."""

from typing import Any

import pytest

from orchestrator.database.models import Agent, Queue, QueueGroup, User
from orchestrator.domain.monitor import Reach
from orchestrator.publishing import Publishing
from orchestrator.store.clock import RedisClock
from orchestrator.store.connection import TextRedis
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from tests.web.test_reports import query
from tests.web.watchers import HandTime, NotingRooms, Screen
from webui.boards import FLUSH_S, TenantFeed

LEADER = {
    "seats.view": "group", "seats.act": "group", "calls.view_live": "group", "calls.listen": "group",
    "calls.hang_up": "group", "records.view": "group", "state_log.view": "group", "reports.view": "group",
    "calls.whisper": "group", "calls.barge": "group", "calls.take_over": "group",
}  # fmt: skip


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


@pytest.fixture
def groups(sqlite: Any, publishing: Publishing, published: None) -> None:  # noqa: ARG001, ANN401
    """Agent 1 is in West, agent 2 stays in East; both serve the queues."""
    Agent.update(group="West").where(Agent.key == "acme-a1").execute()
    for queue in Queue.select().where(Queue.tenant == "acme"):
        QueueGroup.create(queue=queue, group="West")
    publishing.publish("acme")


@pytest.fixture
def leader(admin: Person, log_in: LogIn, groups: None) -> Person:  # noqa: ARG001
    """The supervisor leads West, by a role of the company's own."""
    made = admin.post("/team/roles", json={"name": "Leader", "grants": LEADER})
    assert made.status_code == 201, made.text
    User.update(role=made.json["key"], leads=["West"]).where(User.login == "supervisor@acme").execute()
    return log_in("supervisor@acme")


def two_calls(live: LiveCalls) -> None:
    """c1 is talked through by agent 1, c2 by agent 2; c3 and c4 are running with them."""
    for agent, done, running in (("acme-a1", "c1", "c3"), ("acme-a2", "c2", "c4")):
        live.online("acme", agent)
        live.wait("acme", done)
        live.talk("acme", done)
        live.hang_up("acme", done)
        live.online("acme", agent)
        live.wait("acme", running)
        live.talk("acme", running)
    live.write_records("acme")


def test_a_leader_sees_and_reaches_the_own_groups_only(leader: Person, live: LiveCalls) -> None:
    """ROLE-1: seats, live calls, records, their stories, the state log and reports, and acting on any of it."""
    two_calls(live)
    assert [row["id"] for row in leader.get("/boards/seats").json["rows"]] == ["acme-a1"]
    assert [call["id"] for call in leader.get("/calls/live").json["items"]] == ["c3"]
    assert [call["call"] for call in leader.get("/calls").json["items"]] == ["c1"]
    assert leader.get("/calls?agent=acme-a2").json["items"] == []
    assert (leader.get("/calls/c1").status_code, leader.get("/calls/c2").status_code) == (200, 404)
    assert (leader.get("/calls/c1/story").status_code, leader.get("/calls/c2/story").status_code) == (200, 404)
    for wanted in ("", "?agent=acme-a1", "?agent=acme-a2&without_agents=true"):
        states = leader.get(f"/state-log{wanted}").json["items"]
        assert {row["agent"] for row in states} == {"acme-a1"}, wanted
    assert leader.get("/state-log?agent=acme-a2").json["items"] == []
    assert "acme agent 2" not in leader.get("/state-log/export?format=csv").text
    by_agent = leader.get(query(by="agent")).json["lines"]
    assert {line["key"] for line in by_agent} == {"acme-a1"}
    assert leader.get(query(by="agent", agent="acme-a2")).json["lines"] == []


@pytest.mark.parametrize("act", ["listen", "whisper", "barge", "take-over", "hang-up"])
def test_a_leader_reaches_into_calls_of_the_own_groups_only(leader: Person, live: LiveCalls, act: str) -> None:
    """ROLE-1, SUP-1: for whoever doesn't cover a call there is none."""
    two_calls(live)
    refused = leader.post(f"/calls/c4/{act}")
    assert (refused.status_code, refused.json["error"]["id"]) == (404, "unknown_call")
    own = leader.post(f"/calls/c3/{act}")
    assert own.status_code != 403
    assert own.status_code == 200 or own.json["error"]["id"] != "unknown_call"


def test_a_leader_changes_agents_of_the_own_groups_only(leader: Person, live: LiveCalls) -> None:  # noqa: ARG001
    """ROLE-1: state, answer mode and login."""
    assert leader.post("/agents/acme-a1/state", json={"state": "break"}).status_code == 200
    for answer in (
        leader.post("/agents/acme-a2/state", json={"state": "break"}),
        leader.put("/agents/acme-a2/answer-mode", json={"mode": "mobile"}),
        leader.post("/agents/acme-a2/wrap-up/finish"),
        leader.post("/agents/acme-a2/forced-logout"),
    ):
        assert (answer.status_code, answer.json["error"]["id"]) == (404, "unknown_agent")


def test_a_changed_role_is_in_force_with_the_next_request(admin: Person, leader: Person) -> None:
    """ROLE-1: no log-in keeps old rights."""
    role = next(one for one in admin.get("/team/roles").json["items"] if one["name"] == "Leader")
    assert leader.get("/reports/export").status_code != 403
    fewer = {name: scope for name, scope in LEADER.items() if name != "reports.view"}
    assert admin.put(f"/team/roles/{role['key']}", json={"name": "Leader", "grants": fewer}).status_code == 200
    assert leader.get(query(by="agent")).status_code == 403
    assert "reports.view" not in leader.get("/session").json["permissions"]
    assert admin.delete(f"/team/roles/{role['key']}").json["error"]["id"] == "in_use"


@pytest.mark.parametrize(
    ("grants", "field"),
    [
        ({"seats.view": "own"}, "grants.seats.view"),
        ({"config.edit": "group"}, "grants.config.edit"),
        ({"billing.edit": "all"}, "grants.billing.edit"),
        ({"seats.order": "all"}, "grants.seats.order"),
    ],
)
def test_rights_that_no_company_can_give(admin: Person, grants: dict[str, str], field: str) -> None:
    """ROLE-1, SAFE-3: the operator's rights, and scopes that mean nothing, are refused by name."""
    refused = admin.post("/team/roles", json={"name": "X", "grants": grants})
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (422, [field])


def test_nobody_gives_what_they_lack(admin: Person, log_in: LogIn) -> None:
    """ROLE-1: not by making a role, and not by widening the own one."""
    grants = {"roles.edit": "all", "team.view": "all", "records.view": "group"}
    role = admin.post("/team/roles", json={"name": "Roles", "grants": grants}).json["key"]
    User.update(role=role).where(User.login == "supervisor@acme").execute()
    clerk = log_in("supervisor@acme")
    for wider in ({**grants, "config.edit": "all"}, {**grants, "records.view": "all"}):
        for answer in (
            clerk.post("/team/roles", json={"name": "Wider", "grants": wider}),
            clerk.put(f"/team/roles/{role}", json={"name": "Roles", "grants": wider}),
        ):
            assert answer.status_code == 422
    assert clerk.post("/team/roles", json={"name": "Narrow", "grants": {"records.view": "own"}}).status_code == 201


def test_prepared_roles_stay_as_they_are(admin: Person) -> None:
    """ROLE-1: they are copied, not changed; roles of other companies aren't there."""
    for role in ("agent", "supervisor", "admin", "operator"):
        assert admin.put(f"/team/roles/{role}", json={"name": "X", "grants": {}}).status_code == 404
        assert admin.delete(f"/team/roles/{role}").status_code == 404


def test_a_board_of_some_groups_is_told_of_these_only(
    text_redis: TextRedis,
    live: LiveCalls,
    publishing: Publishing,
    groups: None,  # noqa: ARG001
) -> None:
    """ROLE-1, WALL-1: who joins the group appears, who leaves it is gone, others are never told."""
    rooms, time = NotingRooms(), HandTime()
    feed = TenantFeed("acme", text_redis, rooms, RedisClock(text_redis), time)
    west = Screen(feed.watch("seats", Reach(frozenset({"West"}))))
    assert set(west.rows) == {"acme-a1"}

    def step() -> None:
        rooms.heard.clear()
        time.at += FLUSH_S
        feed.step()
        for room, event, data in rooms.heard:
            if event == "seats" and room.count(":") == 2:
                west.hear(data)

    live.online("acme", "acme-a2")
    live.online("acme", "acme-a1")
    step()
    assert {id_: row["state"] for id_, row in west.rows.items() if id_ == "acme-a1"} == {"acme-a1": "online"}
    assert "acme-a2" not in west.rows
    Agent.update(group="East").where(Agent.key == "acme-a1").execute()
    Agent.update(group="West").where(Agent.key == "acme-a2").execute()
    publishing.publish("acme")
    step()
    assert set(west.rows) == {"acme-a2"}
