"""Whose data a leader's and an agent's boards, callbacks and customers cover, and whom calls can go to (ROLE-1)."""

from collections.abc import Callable
from typing import Any

import pytest

from orchestrator.database.models import Agent, Queue, QueueGroup, User
from orchestrator.database.recordings import write_recordings
from orchestrator.database.voicemails import write_messages
from orchestrator.domain.agent import AgentState
from orchestrator.domain.callback import OpenPromise
from orchestrator.domain.monitor import Reach
from orchestrator.publishing import Publishing
from orchestrator.service.use_cases import UseCases
from orchestrator.store.clock import RedisClock
from orchestrator.store.connection import TextRedis
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from tests.web.watchers import HandTime, NotingRooms, Screen
from webui.board_rooms import board_room
from webui.boards import FLUSH_S, PULSE_S, TenantFeed

WEST = Reach(frozenset({"West"}))


@pytest.fixture
def west(sqlite: Any, publishing: Publishing, published: None) -> None:  # noqa: ARG001, ANN401
    """Agent 1 is in West, which alone serves q1; agent 2 is in East, which alone serves q2."""
    Agent.update(group="West").where(Agent.key == "acme-a1").execute()
    serve("q1", "West")
    publishing.publish("acme")


def serve(queue: str, group: str) -> None:
    """Have one group alone serve a queue of acme."""
    row = Queue.get(Queue.tenant == "acme", Queue.key == queue)
    QueueGroup.update(group=group).where(QueueGroup.queue == row).execute()


@pytest.fixture
def holder(log_in: LogIn, west: None) -> Callable[..., Person]:  # noqa: ARG001
    """Logs a person of acme in by a role of the company's own."""

    def held(login: str, grants: dict[str, str], leads: list[str]) -> Person:
        made = log_in("admin@acme").post("/team/roles", json={"name": login, "grants": grants})
        assert made.status_code == 201, made.text
        User.update(role=made.json["key"], leads=leads).where(User.login == login).execute()
        return log_in(login)

    return held


@pytest.mark.parametrize(("scope", "leads"), [("group", ["West"]), ("own", [])])
def test_the_queue_monitor_shows_the_own_queues_only(
    holder: Callable[..., Person], scope: str, leads: list[str]
) -> None:
    """ROLE-1, WALL-2: those that the agents of the own groups serve, or that one serves oneself."""
    person = holder("agent@acme", {"calls.view_queue_monitor": scope}, leads)
    assert [row["id"] for row in person.get("/boards/queues").json["rows"]] == ["q1"]


def test_a_queue_room_is_told_of_its_queues_only(
    text_redis: TextRedis,
    live: LiveCalls,
    publishing: Publishing,
    west: None,  # noqa: ARG001
) -> None:
    """ROLE-1, WALL-2: the socket's room hears nothing of other groups' queues, and follows who serves them."""
    rooms, time = NotingRooms(), HandTime()
    feed = TenantFeed("acme", text_redis, rooms, RedisClock(text_redis), time)
    room, screen = board_room("acme", "queues", WEST), Screen(feed.watch("queues", WEST))
    assert set(screen.rows) == {"q1"}

    def step() -> None:
        rooms.heard.clear()
        time.at += FLUSH_S
        feed.step()
        for to, event, data in rooms.heard:
            if to == room and event == "queues":
                screen.hear(data)

    live.online("acme", "acme-a2")
    step()
    assert not [data for to, _, data in rooms.heard if to == room]
    live.wait("acme", "c1")
    step()
    assert screen.rows["q1"]["waiting"] == 1
    serve("q2", "West")
    serve("q1", "East")
    publishing.publish("acme")
    step()
    assert set(screen.rows) == {"q2"}


def promise(use: UseCases, call: str, queue: str) -> None:
    """Somebody is promised to be called back from a queue."""
    open_ = OpenPromise(
        call=call, switch="fs1", caller="13800138000", caller_name="", dialled="400acme", arrived=1, queue=queue,
        priority=0, number="+8613800138000", caller_id="400acme", entered=1, promised=1, expires=4_000_000_000_000_000,
        tries=0, next=False,
    )  # fmt: skip
    assert use.promises.restore("acme", open_)


def test_rooms_that_everybody_has_left_cost_nothing(text_redis: TextRedis, live: LiveCalls) -> None:  # noqa: ARG001
    """ROLE-1, WALL-3: a room of a reach goes with its last watcher, not before somebody could have entered."""
    rooms, time = NotingRooms(), HandTime()
    feed = TenantFeed("acme", text_redis, rooms, RedisClock(text_redis), time)
    feed.watch("seats", WEST)
    rooms.empty.add(board_room("acme", "seats", WEST))
    kept = []
    for _ in range(3):
        kept.append(len(feed._rooms_of))
        time.at += PULSE_S
        feed.step()
    assert (kept, len(feed._rooms_of)) == ([3, 3, 2], 2)


def test_callbacks_of_the_own_queues_only(
    holder: Callable[..., Person], make_use_cases: Callable[[], UseCases], log_in: LogIn
) -> None:
    """ROLE-1, SAFE-3, QUEUE-5: of other queues', and other companies', there are none to see or to act on."""
    promise(make_use_cases(), "west", "q1")
    promise(make_use_cases(), "east", "q2")
    leader = holder("supervisor@acme", {"calls.view_live": "group", "callbacks.act": "group"}, ["West"])
    assert [one["call"] for one in leader.get("/callbacks").json["items"]] == ["west"]
    for person, call in ((leader, "east"), (log_in("supervisor@other"), "west")):
        for act in ("next", "cancel"):
            refused = person.post(f"/callbacks/{call}/{act}")
            assert (refused.status_code, refused.json["error"]["id"]) == (404, "unknown_callback")
    assert leader.post("/callbacks/west/next").status_code == 204
    assert leader.post("/callbacks/west/cancel").status_code == 204
    assert {one["call"] for one in log_in("supervisor@acme").get("/callbacks").json["items"]} <= {"east"}


def test_customers_of_the_own_groups_only(holder: Callable[..., Person], log_in: LogIn) -> None:
    """ROLE-1, WEB-2: those whom people of the own groups have added, to see and to change, by list, card and calls."""
    ours = log_in("agent@acme").post("/customers", json={"name": "Ann", "numbers": ["13900000001"]}).json["id"]
    theirs = log_in("agent2@acme").post("/customers", json={"name": "Bob", "numbers": ["13900000002"]}).json["id"]
    leader = holder("supervisor@acme", {"customers.view": "group", "customers.edit": "group"}, ["West"])
    assert [one["id"] for one in leader.get("/customers").json["items"]] == [ours]
    assert leader.put(f"/customers/{ours}", json={"name": "Anna", "numbers": []}).status_code == 200
    for answer in (
        leader.get(f"/customers/{theirs}"),
        leader.get(f"/customers/{theirs}/calls"),
        leader.put(f"/customers/{theirs}", json={"name": "X", "numbers": []}),
        log_in("supervisor@other").get(f"/customers/{ours}"),
    ):
        assert answer.status_code == 404


def test_colleagues_who_can_be_reached_come_first(log_in: LogIn, live: LiveCalls) -> None:
    """WEB-1, SAFE-3: state and readiness of all agents of the own company, and nothing else of them."""
    live.online("acme", "acme-a2")
    found = log_in("agent@acme").get("/boards/colleagues").json["rows"]
    assert [(one["id"], one["state"], one["ready"]) for one in found] == [
        ("acme-a2", "online", True),
        ("acme-a1", "offline", False),
    ]
    assert set(found[0]) == {"id", "name", "group", "state", "ready"}


def test_colleagues_are_told_when_readiness_changes(
    text_redis: TextRedis, live: LiveCalls, make_use_cases: Callable[[], UseCases]
) -> None:
    """WEB-1: a phone that is lost counts, a caller who hangs up elsewhere does not."""
    rooms, time = NotingRooms(), HandTime()
    feed = TenantFeed("acme", text_redis, rooms, RedisClock(text_redis), time)
    screen = Screen(feed.watch("colleagues"))

    def told() -> list[Any]:
        time.at += FLUSH_S
        feed.step()
        messages = rooms.take("colleagues")
        for message in messages:
            screen.hear(message)
        return messages

    live.online("acme", "acme-a1")
    assert told()
    assert screen.rows["acme-a1"]["ready"]
    make_use_cases().devices.registered("acme1001", False)
    told()
    assert (screen.rows["acme-a1"]["state"], screen.rows["acme-a1"]["ready"]) == ("online", False)
    make_use_cases().agents.choose_state("acme", "acme-a1", AgentState.BREAK, "lunch", "test")
    assert told()
    make_use_cases().agents.choose_state("acme", "acme-a1", AgentState.BREAK, "training", "test")
    assert not told()


@pytest.mark.parametrize(("scope", "leads"), [("group", ["West"]), ("own", [])])
def test_mailboxes_of_the_own_agents_and_queues_only(
    holder: Callable[..., Person], scope: str, leads: list[str]
) -> None:
    """ROLE-1, QUEUE-1: a leader sees what is for the group's agents and queues; nobody but all sees the company's."""
    boxes = {"1": ("q1", None), "2": ("q2", None), "3": (None, "acme-a1"), "4": (None, "acme-a2"), "5": (None, None)}
    rows = [
        {"recording": name, "kind": "voicemail", "call": name, "queue": queue, "agent": agent, "path": "p",
         "begun": int(name), "started": 6, "ended": 9, "told_ms": 4000, "pauses": []}
        for name, (queue, agent) in boxes.items()
    ]  # fmt: skip
    write_recordings("acme", rows)
    write_messages("acme", rows)
    person = holder("agent@acme", {"voicemail.view": scope}, leads)
    assert [one["recording"] for one in person.get("/voicemails").json["items"]] == ["3", "1"]
