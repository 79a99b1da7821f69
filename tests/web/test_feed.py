"""A tenant's feed: what watchers are told is always the whole truth, in order, without gaps."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.config import TenantConfig
from orchestrator.store import keys
from orchestrator.store.clock import RedisClock
from orchestrator.store.connection import TextRedis
from tests.web.conftest import config_of
from tests.web.live_calls import LiveCalls
from tests.web.watchers import HandTime, NotingRooms, Screen
from webui import boards
from webui.board_rooms import board_room
from webui.boards import FLUSH_S, PULSE_S, TenantFeed, agent_room, tenant_room
from webui.live import take_snapshot


@pytest.fixture
def rooms() -> NotingRooms:
    """Rooms that note what they hear."""
    return NotingRooms()


@pytest.fixture
def hand_time() -> HandTime:
    """Time that passes by hand."""
    return HandTime()


@pytest.fixture
def feed(text_redis: TextRedis, rooms: NotingRooms, hand_time: HandTime, live: LiveCalls) -> TenantFeed:  # noqa: ARG001
    """The feed of tenant acme."""
    return TenantFeed("acme", text_redis, rooms, RedisClock(text_redis), hand_time)


def truth(redis: TextRedis, board: str) -> dict[str, Any]:
    """The rows that a snapshot taken now would have."""
    taken = take_snapshot(redis, "acme")
    rows = taken.seats().rows() if board == "seats" else taken.queues().rows()
    return {row["id"]: row for row in orjson.loads(orjson.dumps(rows))}


@pytest.fixture
def step(feed: TenantFeed, hand_time: HandTime) -> Callable[[], None]:
    """Lets the feed take one round after enough time for the next message."""

    def stepped() -> None:
        hand_time.at += FLUSH_S
        feed.step()

    return stepped


@pytest.mark.parametrize("board", ["seats", "queues"])
def test_snapshot_and_messages_are_the_whole_truth(
    feed: TenantFeed, step: Callable[[], None], rooms: NotingRooms, live: LiveCalls, text_redis: TextRedis, board: str
) -> None:
    """WALL-1, WALL-2: a screen that loads the snapshot and follows the messages shows what Redis holds."""
    screen = Screen(feed.watch(board))
    doings = [
        lambda: live.online("acme", "acme-a1"),
        lambda: live.wait("acme", "c1"),
        lambda: live.wait("acme", "c2"),
        lambda: live.talk("acme", "c1"),
        lambda: live.hang_up("acme", "c2"),
        lambda: live.hang_up("acme", "c1"),
    ]
    for doing in doings:
        doing()
        step()
        for message in rooms.take(board):
            screen.hear(message)
        assert screen.rows == truth(text_redis, board)


def test_first_change_is_told_at_once(
    feed: TenantFeed, rooms: NotingRooms, live: LiveCalls, hand_time: HandTime
) -> None:
    """WALL-1: the first change after a pause is told in the same round, not a tenth of a second later."""
    feed.watch("seats")
    live.online("acme", "acme-a1")
    hand_time.at += FLUSH_S
    feed.step()
    assert rooms.take("seats")


def test_changes_are_coalesced(
    feed: TenantFeed, step: Callable[[], None], rooms: NotingRooms, live: LiveCalls, hand_time: HandTime
) -> None:
    """WALL-3: what changes within a tenth of a second is one message, with each row once."""
    screen = Screen(feed.watch("seats"))
    live.online("acme", "acme-a1")
    step()
    screen.hear(rooms.take("seats")[0])
    for state in (AgentState.BUSY, AgentState.BREAK, AgentState.ONLINE):
        live._make().agents.choose_state("acme", "acme-a1", state, "", "test")
        hand_time.at += FLUSH_S / 10
        feed.step()
        assert rooms.take("seats") == []
    step()
    (message,) = rooms.take("seats")
    screen.hear(message)
    assert [row["id"] for row in message["rows"]] == ["acme-a1"]
    assert screen.rows["acme-a1"]["state"] == "online"


def test_late_watcher_fits_in(
    feed: TenantFeed, step: Callable[[], None], rooms: NotingRooms, live: LiveCalls, hand_time: HandTime
) -> None:
    """WALL-3: whoever watches between two messages gets a snapshot that the next message continues, as for others."""
    first = Screen(feed.watch("seats"))
    live.online("acme", "acme-a1")
    step()
    live.online("acme", "acme-a2")
    hand_time.at += FLUSH_S / 10
    feed.step()
    second = Screen(feed.watch("seats"))
    assert second.rows["acme-a2"]["state"] == "online"
    live.wait("acme", "c1")
    step()
    messages = rooms.take("seats")
    for message in messages:
        first.hear(message)
    second.hear(messages[-1])
    assert first.rows == second.rows


def test_events_that_change_no_row_are_not_told(
    feed: TenantFeed, step: Callable[[], None], rooms: NotingRooms, live: LiveCalls
) -> None:
    """WALL-3: a board hears nothing of events that change none of its rows, and its numbers still fit."""
    seats = Screen(feed.watch("seats"))
    live.wait("acme", "c1")
    step()
    assert rooms.take("seats") == []
    assert rooms.take("queues")
    live.online("acme", "acme-a2")
    step()
    seats.hear(rooms.take("seats")[0])


@pytest.mark.parametrize("harm", ["lost", "unknown", "broken", "restarted"])
def test_gaps_make_the_boards_anew(
    feed: TenantFeed, step: Callable[[], None], rooms: NotingRooms, live: LiveCalls, text_redis: TextRedis, harm: str
) -> None:
    """WALL-3, SAFE-1: after lost, unknown or unreadable events clients are told to watch again, and see the truth."""
    screen = Screen(feed.watch("seats"))
    live.online("acme", "acme-a1")
    damage(text_redis, live, harm)
    step()
    assert rooms.take("reset")[0] == {"board": "seats", "reset": True}
    screen.load(feed.watch("seats"))
    assert screen.rows == truth(text_redis, "seats")
    live.online("acme", "acme-a2")
    step()
    for message in rooms.take("seats"):
        screen.hear(message)
    assert screen.rows["acme-a2"]["state"] == "online"
    assert rooms.take("reset") == []


def damage(redis: TextRedis, live: LiveCalls, harm: str) -> None:
    """Spoil the stream of tenant acme."""
    stream, sequence = keys.events("acme"), keys.sequence("acme")
    match harm:
        case "lost":
            redis.xtrim(stream, maxlen=0)
            live.online("acme", "acme-a2")
        case "unknown":
            redis.xadd(stream, {"n": redis.incr(sequence), "e": '{"type":"of_tomorrow","at":1}'})
        case "broken":
            redis.xadd(stream, {"n": redis.incr(sequence), "e": '{"type":"agent_removed"}'})
        case "restarted":
            redis.delete(stream, sequence)
            live.wait("acme", "c1")


def test_silent_loss_is_noticed(
    feed: TenantFeed, rooms: NotingRooms, hand_time: HandTime, live: LiveCalls, text_redis: TextRedis
) -> None:
    """WALL-3, SAFE-1: Redis came back without its last events, and nothing new comes: noticed within two pulses."""
    live.online("acme", "acme-a1")
    hand_time.at += PULSE_S
    feed.step()
    text_redis.xtrim(keys.events("acme"), maxlen=0)
    text_redis.decr(keys.sequence("acme"))
    for _ in range(3):
        hand_time.at += PULSE_S
        feed.step()
    assert len(rooms.take("reset")) == 2
    hand_time.at += PULSE_S
    feed.step()
    assert rooms.take("reset") == []


def test_pulse_tells_that_the_data_lives(feed: TenantFeed, rooms: NotingRooms, hand_time: HandTime) -> None:
    """WALL-3: one pulse a second, with the number and the time of the data; none while Redis can't be asked."""
    feed.step()
    rooms.take("pulse")
    for _ in range(3):
        hand_time.at += PULSE_S
        feed.step()
    pulses = rooms.take("pulse")
    assert len(pulses) == 3
    assert pulses[-1]["sequence"] == feed.watch("seats")["sequence"]
    assert pulses[0]["now"] <= pulses[-1]["now"]


def test_midnight_restarts_today(
    feed: TenantFeed,
    step: Callable[[], None],
    rooms: NotingRooms,
    hand_time: HandTime,
    live: LiveCalls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WALL-4: at midnight in the tenant's time zone watchers are told counters that begin at zero again."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    live.talk("acme", "c1")
    step()
    seats, queues = Screen(feed.watch("seats")), Screen(feed.watch("queues"))
    assert (seats.rows["acme-a1"]["connected_in"], queues.rows["q1"]["connected"]) == (1, 1)
    rooms.heard.clear()
    day = boards.day_of
    monkeypatch.setattr(boards, "day_of", lambda now, zone: day(now + 86_400_000_000, zone))
    hand_time.at += PULSE_S
    feed.step()
    step()
    for message in rooms.take("seats"):
        assert message["rows"][0]["connected_in"] == 0
    assert [row["connected"] for message in rooms.take("queues") for row in message["rows"] if row["id"] == "q1"] == [0]
    assert feed.watch("seats")["rows"][0].state == "in_call"  # type: ignore[index]


def test_new_configuration_is_shown(
    feed: TenantFeed,
    step: Callable[[], None],
    rooms: NotingRooms,
    publish: Callable[[TenantConfig], None],
    text_redis: TextRedis,
) -> None:
    """WALL-1, WALL-2: renamed, new and removed agents and queues change the boards without a new snapshot."""
    seats, queues = Screen(feed.watch("seats")), Screen(feed.watch("queues"))
    config = config_of("acme")
    agents = {"acme-a1": replace(config.agents["acme-a1"], name="New name")}
    publish(replace(config, version=2, agents=agents, queues={"q1": config.queues["q1"]}))
    step()
    for board, screen in (("seats", seats), ("queues", queues)):
        for message in rooms.take(board):
            screen.hear(message)
        assert screen.rows == truth(text_redis, board)
    assert [row["name"] for row in seats.rows.values()] == ["New name"]
    assert set(queues.rows) == {"q1"}


def test_own_page_hears_of_every_change(step: Callable[[], None], rooms: NotingRooms, live: LiveCalls) -> None:
    """WEB-2: the agent's own page hears the ringing call with number, queue and wait; nobody else's page does."""
    rooms.empty.add(agent_room("acme", "acme-a2"))
    live.online("acme", "acme-a1")
    live.wait("acme", "c1", caller="13912345678")
    step()
    own = [(room, data) for room, event, data in rooms.heard if event == "me"]
    assert {room for room, _ in own} == {"acme:agent:acme-a1"}
    told = own[-1][1]
    assert (told["row"]["state"], told["call"]["caller"], told["call"]["queue"]) == ("ringing", "13912345678", "q1")
    assert told["call"]["entered"] <= told["now"]
    live.talk("acme", "c1")
    live.hang_up("acme", "c1")
    step()
    last = rooms.take("me")[-1]
    assert (last["row"]["state"], last["chosen"], last["call"]) == ("wrap_up", "online", None)
    assert last["due"] > last["now"]


def test_tenants_have_rooms_of_their_own(step: Callable[[], None], rooms: NotingRooms, live: LiveCalls) -> None:
    """SAFE-3: a tenant's events go to that tenant's rooms and change nobody else's boards."""
    live.online("other", "other-a1")
    live.wait("other", "c1")
    step()
    assert rooms.take("seats") == rooms.take("queues") == rooms.take("me") == []
    live.online("acme", "acme-a1")
    step()
    assert {room.split(":")[0] for room, _, _ in rooms.heard} == {"acme"}
    assert board_room("acme", "seats") != board_room("other", "seats")
    assert tenant_room("acme") != tenant_room("other")
