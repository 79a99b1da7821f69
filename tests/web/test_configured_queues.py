"""Queues are configured through the API, and every change is in force for the next call."""

from typing import Any

import pytest

from orchestrator.database.models import AuditRow, Prompt, User
from orchestrator.domain.agent import Agent
from orchestrator.domain.config import Strategy, Way
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from orchestrator.store.live_store import unpack
from tests.web.configured import HANG_UP, NO_OUTSIDE, add_sound, changes, in_force, to_menu, to_queue
from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls

VIP: dict[str, Any] = {
    "key": "vip",
    "name": "贵宾 VIP",
    "strategy": "round_robin",
    "music": "jazz",
    "ring_s": 5,
    "max_wait_s": 10,
    "priority": 99,
    "short_abandon_s": 0,
    "service_level_s": 1,
    "max_length": 0,
    "on_timeout": {"way": "queue", "target": "q1", "prompt": "sorry", "keep_wait": True, "priority": 0, **NO_OUTSIDE},
    "on_full": to_queue("q2"),
    "on_empty": None,
    "prompt": "patience",
    "prompt_every_s": 10,
    "survey": None,
    "record": True,
    "callback": None,
    "announce_position": False,
    "announce_wait": False,
    "announce_after_s": 5,
    "announce_every_s": 20,
    "announce_language": "en",
    "mobile_prompt": "patience",
    "mobile_shows": "own",
    "ranks": {},
    "widen_s": None,
    "agents": ["acme-a2"],
    "groups": [],
}


@pytest.fixture(autouse=True)
def _sounds(sqlite: object) -> None:  # noqa: ARG001 - open
    for prompt in ("sorry", "patience"):
        add_sound(prompt)
    add_sound("jazz", kind="music")


def served(redis: TextRedis, agent: str) -> tuple[str, ...]:
    """The queues that an agent gets calls of now."""
    return unpack(Agent, redis.hget(keys.agents("acme"), agent)).document.queues


def test_a_queue_is_added_shown_changed_and_deleted(log_in: LogIn, text_redis: TextRedis) -> None:
    """QUEUE-1, QUEUE-7: each answer is the queue as it is, each change is what calls follow, and is noted."""
    admin = log_in("admin@acme")
    added = admin.post("/config/queues", json=VIP)
    assert (added.status_code, added.json) == (201, {**VIP, "members": ["acme-a2"]})
    assert admin.get("/config/queues/vip").json == added.json
    queue = in_force(text_redis).queues["vip"]
    assert (queue.strategy, queue.max_length, queue.on_timeout.keep_wait) == (Strategy.ROUND_ROBIN, 0, True)
    assert in_force(text_redis).agents["acme-a2"].queues == ("q1", "q2", "vip") == served(text_redis, "acme-a2")
    changed = admin.put("/config/queues/vip", json={**added.json, "groups": ["East"], "on_empty": HANG_UP})
    assert changed.json["members"] == ["acme-a1", "acme-a2"]
    assert in_force(text_redis).queues["vip"].on_empty is not None
    assert [item["key"] for item in admin.get("/config/queues").json["items"]] == ["q1", "q2", "vip"]
    assert admin.delete("/config/queues/vip").status_code == 204
    assert "vip" not in in_force(text_redis).queues
    assert in_force(text_redis).agents["acme-a2"].queues == ("q1", "q2") == served(text_redis, "acme-a2")
    assert admin.get("/config/queues/vip").status_code == 404
    assert changes() == [
        ("queues", "vip", False, True), ("queues", "vip", True, True), ("queues", "vip", True, False),
    ]  # fmt: skip
    assert {row.who for row in AuditRow.select()} == {str(User.get(User.login == "admin@acme").id)}


def test_a_queue_needs_no_more_than_a_name(log_in: LogIn) -> None:
    """QUEUE-1: a key is made where none is given, everything else has a sensible value."""
    added = log_in("admin@acme").post("/config/queues", json={"name": " Night "}).json
    assert len(added["key"]) == 8
    assert (added["name"], added["strategy"], added["ring_s"], added["on_timeout"]) == (
        "Night", "longest_idle", 20, HANG_UP,
    )  # fmt: skip


def test_ranks_of_agents(log_in: LogIn, text_redis: TextRedis) -> None:  # noqa: ARG001
    """QUEUE-1: kept, shown and in force; bad ranks and agents that there aren't are refused by name."""
    admin = log_in("admin@acme")
    ranked = VIP | {"ranks": {"acme-a2": 3}, "widen_s": 20}
    assert admin.post("/config/queues", json=ranked).json["ranks"] == {"acme-a2": 3}
    assert admin.get("/config/queues/vip").json["widen_s"] == 20
    for field, value in (("ranks", {"nobody": 2}), ("widen_s", 0)):
        answer = admin.put("/config/queues/vip", json=ranked | {field: value})
        assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert admin.put("/config/queues/vip", json=ranked | {"ranks": {"acme-a2": 10}}).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "  "),
        ("name", "x" * 61),
        ("name", "line\nbreak"),
        ("name", "acme q1"),
        ("key", "q1"),
        ("key", "a.b"),
        ("key", "{cc}"),
        ("strategy", "magic"),
        ("music", "sorry"),
        ("music", "nothing"),
        ("ring_s", 4),
        ("ring_s", 121),
        ("ring_s", "soon"),
        ("max_wait_s", 9),
        ("max_wait_s", 7201),
        ("priority", -1),
        ("priority", 100),
        ("short_abandon_s", 61),
        ("service_level_s", 0),
        ("service_level_s", 601),
        ("max_length", -1),
        ("max_length", 1001),
        ("prompt", "jazz"),
        ("prompt", "nothing"),
        ("prompt", ""),
        ("prompt_every_s", 9),
        ("announce_after_s", 4),
        ("announce_every_s", 601),
        ("announce_language", "fr"),
        ("prompt_every_s", 601),
        ("agents", ["nobody"]),
        ("agents", ["other-a1"]),
        ("groups", ["West"]),
        ("magic", 1),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(log_in: LogIn, text_redis: TextRedis, field: str, value: Any) -> None:  # noqa: ANN401
    """QUEUE-1: the field is named with what to do, and nothing is changed."""
    admin, before = log_in("admin@acme"), in_force(text_redis)
    answer = admin.post("/config/queues", json={**VIP, field: value}, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json["error"]["id"]) == (422, "invalid")
    (named,) = answer.json["error"]["fields"]
    assert named.split(".")[0] == field
    assert answer.json["error"]["fields"][named] not in ("", "not valid")
    assert in_force(text_redis) == before
    assert [item["key"] for item in admin.get("/config/queues").json["items"]] == ["q1", "q2"]
    assert changes() == []


@pytest.mark.parametrize("field", ["on_timeout", "on_full", "on_empty"])
@pytest.mark.parametrize(
    ("part", "destination"),
    [
        ("target", to_queue("nothing")),
        ("target", to_queue("")),
        ("target", to_menu("main.welcome")),
        ("target", {"way": "agent", "target": "gone"}),
        ("prompt", {**HANG_UP, "prompt": "nothing"}),
        ("way", {"way": "moon"}),
        ("other", {**HANG_UP, "other": 1}),
    ],
)
def test_destinations_must_exist(log_in: LogIn, field: str, part: str, destination: dict[str, Any]) -> None:
    """QUEUE-1, QUEUE-7: each of the three ways out is checked down to its part."""
    answer = log_in("admin@acme").post("/config/queues", json={**VIP, field: destination})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [f"{field}.{part}"])


def test_agents_are_rung_one_after_the_other(log_in: LogIn, text_redis: TextRedis) -> None:
    """QUEUE-1, CALL-1: what one doesn't take goes to the next, and so on, three times at most."""
    admin = log_in("admin@acme")
    rung = {**to_queue("q1"), "prompt": ""}
    for _ in range(3):
        rung = {"way": "agent", "target": "acme-a1", "ring_s": 10, "otherwise": rung}
    assert admin.post("/config/queues", json={**VIP, "on_timeout": rung}).status_code == 201
    kept = in_force(text_redis).queues["vip"].on_timeout
    assert [one.way for one in kept.chain()] == [Way.AGENT] * 3 + [Way.QUEUE]
    endless = {"way": "agent", "target": "acme-a1", "otherwise": rung}
    answer = admin.put("/config/queues/vip", json={**VIP, "on_timeout": endless})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["on_timeout"])


def test_hanging_up_has_no_target(log_in: LogIn) -> None:
    """QUEUE-1: what a way has no use for is dropped."""
    full = {"way": "hang_up", "target": "q1", "prompt": "sorry", "keep_wait": True, "priority": 0}
    added = log_in("admin@acme").post("/config/queues", json={**VIP, "on_full": full})
    assert added.json["on_full"] == {**HANG_UP, "prompt": "sorry"}


def test_circles_without_a_wait_are_refused(log_in: LogIn, text_redis: TextRedis) -> None:
    """QUEUE-7: full and empty queues that lead to each other are refused; after a wait it may go round."""
    admin = log_in("admin@acme")
    assert (
        admin.put("/config/queues/q1", json={"name": "A", "max_length": 0, "on_full": to_queue("q2")}).status_code
        == 200
    )
    refused = admin.put("/config/queues/q2", json={"name": "B", "on_empty": to_queue("q1")})
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (422, ["on_empty"])
    assert in_force(text_redis).queues["q2"].on_empty is None
    fine = admin.put("/config/queues/q2", json={"name": "B", "max_wait_s": 10, "on_timeout": to_queue("q1")})
    assert fine.status_code == 200


def test_a_queue_that_something_leads_to_stays(log_in: LogIn, text_redis: TextRedis) -> None:
    """QUEUE-1: deleting is refused, naming where the queue is used, in the user's language."""
    admin = log_in("admin@acme")
    admin.put("/config/queues/q2", json={"name": "Second", "on_timeout": to_queue("q1")})
    answer = admin.delete("/config/queues/q1", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "in_use")
    assert 'the number 400acme, the queue "Second"' in answer.json["error"]["message"]
    assert set(answer.json["error"]["fields"]) == {"numbers.400acme.route.target", "queues.q2.on_timeout.target"}
    assert "q1" in in_force(text_redis).queues
    assert in_force(text_redis).agents["acme-a1"].queues == ("q1",)


def test_a_queue_that_callers_wait_in_stays(log_in: LogIn, live: LiveCalls, text_redis: TextRedis) -> None:
    """SAFE-1, QUEUE-1: nobody's line disappears; when it is empty it can go."""
    admin = log_in("admin@acme")
    live.wait("acme", "c1")
    admin.put("/config/numbers/400acme", json={"route": to_queue("q2")})
    answer = admin.delete("/config/queues/q1")
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "callers_waiting")
    live.hang_up("acme", "c1")
    assert admin.delete("/config/queues/q1").status_code == 204
    assert in_force(text_redis).agents["acme-a1"].queues == ("q2",)


def test_what_was_wrong_elsewhere_before_hinders_nobody(log_in: LogIn, text_redis: TextRedis) -> None:
    """QUEUE-1: a sound that vanished is no reason to refuse another queue's change; its own queue must be put right."""
    admin = log_in("admin@acme")
    admin.post("/config/queues", json=VIP)
    Prompt.delete().where(Prompt.key == "jazz").execute()
    assert admin.put("/config/queues/q1", json={"name": "First"}).status_code == 200
    refused = admin.put("/config/queues/vip", json={**VIP, "ring_s": 30})
    assert list(refused.json["error"]["fields"]) == ["music"]
    assert admin.put("/config/queues/vip", json={**VIP, "music": "default"}).status_code == 200
    assert in_force(text_redis).queues["vip"].music == "default"


def test_another_tenants_queues_do_not_exist(log_in: LogIn, text_redis: TextRedis) -> None:
    """SAFE-3: neither by key nor as a destination; the same key is each tenant's own."""
    log_in("admin@acme").post("/config/queues", json=VIP)
    stranger = log_in("admin@other")
    assert stranger.get("/config/queues/vip").status_code == 404
    assert stranger.put("/config/queues/vip", json={"name": "Mine"}).status_code == 404
    assert stranger.delete("/config/queues/vip").status_code == 404
    assert stranger.put("/config/queues/q1", json={"name": "Mine", "on_full": to_queue("vip")}).status_code == 422
    assert stranger.put("/config/queues/q1", json={"name": "Mine"}).status_code == 200
    for path in (
        "/config/queues",
        "/config/agents",
        "/config/groups",
        "/config/numbers",
        "/config/hours",
        "/config/ivrs",
    ):
        assert "acme" not in stranger.get(path).text
    assert in_force(text_redis).queues["q1"].name == "acme q1"


def test_agents_and_groups_to_choose_from(log_in: LogIn) -> None:
    """QUEUE-1: agents can be picked one by one or by group."""
    supervisor = log_in("supervisor@acme")
    first, _ = supervisor.get("/config/agents").json["items"]
    assert first == {
        "key": "acme-a1", "name": "acme agent 1", "group": "East", "mode": "web", "device": "acme1001",
        "mobile": "+8613800000001",
    }  # fmt: skip
    assert supervisor.get("/config/groups").json == {"items": ["East"]}


def test_supervisors_look_and_administrators_change(log_in: LogIn) -> None:
    """ROLE-1: config.view and config.edit; agents have neither."""
    supervisor = log_in("supervisor@acme")
    assert supervisor.get("/config/queues/q1").status_code == 200
    for answer in (
        supervisor.post("/config/queues", json=VIP), supervisor.put("/config/queues/q1", json={"name": "A"}),
        supervisor.delete("/config/queues/q1"), log_in("agent@acme").get("/config/queues"),
    ):  # fmt: skip
        assert (answer.status_code, answer.json["error"]["id"]) == (403, "forbidden")
