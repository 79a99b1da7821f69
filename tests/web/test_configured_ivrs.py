"""IVRs through the API: drafts, checks, publishing, versions and the way back."""

from typing import Any

import pytest

from orchestrator.domain.commands import HangUp, MakeTestCaller, PressKey
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from tests.support.call_centre import NotingTelephony
from tests.web.configured import HANG_UP, add_sound, changes, in_force, to_menu, to_number, to_queue
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from webui.services import Services

MAIN: dict[str, Any] = {
    "id": "main",
    "name": "主菜单",
    "prompt": "welcome",
    "keys": {"1": to_queue("q1"), "2": to_menu("sub"), "*": HANG_UP},
    "timeout_s": 5,
    "tries": 2,
    "invalid_prompt": "wrong",
    "otherwise": to_queue("q2"),
}
SUB: dict[str, Any] = {
    "id": "sub",
    "name": "Sub",
    "prompt": "welcome",
    "keys": {"0": to_menu("main")},
    "timeout_s": 60,
    "tries": 9,
    "invalid_prompt": "",
    "otherwise": HANG_UP,
}
TREE = {"first": "main", "menus": [MAIN, SUB]}
DESK = {"key": "desk", "name": "总机", "tree": TREE}


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    """An administrator, with prompts to choose from."""
    for prompt in ("welcome", "wrong"):
        add_sound(prompt)
    return log_in("admin@acme")


@pytest.fixture
def desk(admin: Person) -> Person:
    """The IVR `desk` is in force, and the number leads to it."""
    assert admin.post("/config/ivrs", json=DESK).status_code == 201
    assert admin.post("/config/ivrs/desk/publish").status_code == 200
    assert admin.put("/config/numbers/400acme", json={"route": to_menu("desk.main")}).status_code == 200
    return admin


def tree(*menus: dict[str, Any], first: str = "main") -> dict[str, Any]:
    return {"first": first, "menus": list(menus)}


DEEP = {**to_number("13900139000"), "otherwise": to_queue("q1")}


@pytest.mark.parametrize("last", [HANG_UP, to_queue("q2"), to_menu("sub"), to_number("13900139000"), DEEP])
def test_what_is_shown_may_be_sent_back_however_deep_it_is(admin: Person, last: dict[str, Any]) -> None:
    """IVR-1, ROUTE-1: a key leads to a telephone, and on from there where nobody takes the call."""
    outside = {**to_number("13900139001"), "ring_s": 20, "otherwise": last}
    menu = {**MAIN, "keys": {"1": outside, "2": to_menu("sub")}, "otherwise": outside}
    sent = {**DESK, "tree": tree(menu, SUB)}
    added = admin.post("/config/ivrs", json=sent)
    assert (added.status_code, added.json) == (201, {**sent, "draft": True, "version": None})
    shown = admin.get("/config/ivrs/desk").json
    assert shown == added.json
    changed = admin.put("/config/ivrs/desk", json=shown)
    assert (changed.status_code, changed.json) == (200, shown)


def test_a_draft_changes_nothing_until_it_is_published(admin: Person, text_redis: TextRedis) -> None:
    """IVR-1: added, edited, published: then the menus are those of the next call, named after their IVR."""
    added = admin.post("/config/ivrs", json=DESK)
    assert (added.status_code, added.json) == (201, {**DESK, "draft": True, "version": None})
    assert in_force(text_redis).menus == {}
    shown = admin.post("/config/ivrs/desk/publish")
    assert (shown.status_code, shown.json) == (200, {**DESK, "draft": False, "version": 1})
    menus = in_force(text_redis).menus
    assert (list(menus), menus["desk.main"].keys["2"].target) == (["desk.main", "desk.sub"], "desk.sub")
    assert (menus["desk.main"].keys["1"].target, menus["desk.sub"].keys["0"].target) == ("q1", "desk.main")
    edited = admin.put("/config/ivrs/desk", json={**shown.json, "tree": tree({**MAIN, "tries": 9}, SUB)})
    assert (edited.json["draft"], edited.json["version"]) == (True, 1)
    assert in_force(text_redis).menus == menus
    assert admin.post("/config/ivrs/desk/publish").json["version"] == 2
    assert in_force(text_redis).menus["desk.main"].tries == 9
    assert [key for _, key, *_ in changes()] == ["desk"] * 4
    assert admin.get("/config/ivrs").json["items"] == [admin.get("/config/ivrs/desk").json]


def test_a_version_comes_back(desk: Person, text_redis: TextRedis) -> None:
    """IVR-1: rolling back puts the menus of a version into force again, and says so in the list of versions."""
    before = in_force(text_redis).menus
    desk.put("/config/ivrs/desk", json={**DESK, "tree": tree({**MAIN, "keys": {"9": HANG_UP}})})
    desk.post("/config/ivrs/desk/publish")
    assert list(in_force(text_redis).menus) == ["desk.main"]
    newest, first = desk.get("/config/ivrs/desk/versions").json["items"]
    assert (newest["version"], newest["in_force"], first["in_force"]) == (2, True, False)
    assert newest["by_name"] == "Admin@Acme"
    back = desk.post("/config/ivrs/desk/roll-back", json={"version": 1})
    assert (back.status_code, back.json) == (200, {**DESK, "draft": False, "version": 1})
    assert in_force(text_redis).menus == before
    assert [v["in_force"] for v in desk.get("/config/ivrs/desk/versions").json["items"]] == [False, True]
    assert desk.post("/config/ivrs/desk/roll-back", json={"version": 3}).status_code == 404
    assert in_force(text_redis).menus == before


def test_a_version_that_fits_no_more_does_not_come_back(desk: Person, text_redis: TextRedis) -> None:
    """IVR-1: what it leads to must still exist."""
    desk.put("/config/ivrs/desk", json={**DESK, "tree": tree({**MAIN, "keys": {"9": to_queue("q1")}})})
    desk.put("/config/numbers/400acme", json={"route": to_queue("q1")})
    desk.put("/config/ivrs/desk", json={**DESK, "tree": tree({**MAIN, "keys": {"9": HANG_UP}, "otherwise": HANG_UP})})
    desk.post("/config/ivrs/desk/publish")
    assert desk.delete("/config/queues/q2").status_code == 204
    refused = desk.post("/config/ivrs/desk/roll-back", json={"version": 1})
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (422, ["menus.main.otherwise.target"])
    assert list(in_force(text_redis).menus) == ["desk.main"]


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (tree(first=""), {("", "", "unknown_menu")}),
        (
            tree(MAIN, SUB, first="nothing"),
            {("", "", "unknown_menu"), ("main", "", "unreachable"), ("sub", "", "unreachable")},
        ),
        (tree(MAIN), {("main", "2", "unknown_menu")}),
        (tree({**MAIN, "keys": {"1": to_queue("gone")}}), {("main", "1", "unknown_queue")}),
        (tree({**MAIN, "keys": {"1": {**HANG_UP, "prompt": "gone"}}}), {("main", "1", "unknown_prompt")}),
        (tree({**MAIN, "keys": {"1": HANG_UP}}, SUB), {("sub", "", "unreachable")}),
        (tree({**MAIN, "keys": {}}), {("main", "keys", "no_keys")}),
        (tree({**MAIN, "prompt": ""}, SUB), {("main", "prompt", "no_prompt")}),
        (tree({**MAIN, "prompt": "gone"}, SUB), {("main", "prompt", "unknown_prompt")}),
        (tree({**MAIN, "invalid_prompt": "gone"}, SUB), {("main", "invalid_prompt", "unknown_prompt")}),
        (tree({**MAIN, "otherwise": to_menu("main")}, SUB), {("main", "otherwise", "endless")}),
        (
            tree({**MAIN, "otherwise": to_menu("sub")}, {**SUB, "otherwise": to_menu("main")}),
            {("main", "otherwise", "endless"), ("sub", "otherwise", "endless")},
        ),
        (tree(MAIN, SUB, SUB), {("sub", "", "menu_twice")}),
        (tree({**MAIN, "keys": {"1": to_menu("other.main")}}), {("main", "1", "unknown_menu")}),
        (TREE, set()),
    ],
)
def test_a_tree_is_checked(
    admin: Person, text_redis: TextRedis, wrong: dict[str, Any], found: set[tuple[str, str, str]]
) -> None:
    """IVR-1: missing targets, unreachable menus, circles without a key, silence; such a draft is saved only."""
    admin.post("/config/ivrs", json={**DESK, "tree": wrong})
    problems = admin.post("/config/ivrs/desk/check", json={"tree": wrong}).json["problems"]
    assert {(problem["menu"], problem["key"], problem["id"]) for problem in problems} == found
    assert all(problem["message"] for problem in problems)
    answer = admin.post("/config/ivrs/desk/publish")
    if not found:
        assert answer.status_code == 200
        return
    assert (answer.status_code, len(answer.json["error"]["fields"])) == (422, len(found))
    assert admin.get("/config/ivrs/desk").json["version"] is None
    assert in_force(text_redis).menus == {}


def test_menus_that_something_leads_to_stay(desk: Person, text_redis: TextRedis) -> None:
    """IVR-1: neither deleting the IVR nor publishing a draft without the menu leaves a number dangling."""
    refused = desk.delete("/config/ivrs/desk")
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (409, ["numbers.400acme.route.target"])
    other = tree({**MAIN, "id": "entry", "keys": {"1": to_queue("q1")}}, first="entry")
    desk.put("/config/ivrs/desk", json={**DESK, "tree": other})
    refused = desk.post("/config/ivrs/desk/publish")
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "in_use")
    assert list(in_force(text_redis).menus) == ["desk.main", "desk.sub"]
    desk.put("/config/numbers/400acme", json={"route": to_queue("q1")})
    assert desk.delete("/config/ivrs/desk").status_code == 204
    assert in_force(text_redis).menus == {}
    assert desk.get("/config/ivrs/desk").status_code == 404


def test_a_queue_that_a_key_leads_to_stays(desk: Person) -> None:
    """IVR-1: deleting it is refused, naming the IVR and its key; one that only a draft names can go."""
    desk.put("/config/numbers/400acme", json={"route": to_menu("desk.main")})
    refused = desk.delete("/config/queues/q1")
    assert list(refused.json["error"]["fields"]) == ["ivrs.desk.menus.main.keys.1.target"]
    desk.post("/config/queues", json={"key": "q3", "name": "Third"})
    desk.put("/config/ivrs/desk", json={**DESK, "tree": tree({**MAIN, "otherwise": to_queue("q3")}, SUB)})
    assert desk.delete("/config/queues/q3").status_code == 204


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"key": "a.b"}, "key"),
        ({"tree": tree({**MAIN, "id": "a.b"})}, "tree.menus.0.id"),
        ({"tree": tree({**MAIN, "timeout_s": 0})}, "tree.menus.0.timeout_s"),
        ({"tree": tree({**MAIN, "timeout_s": 61})}, "tree.menus.0.timeout_s"),
        ({"tree": tree({**MAIN, "tries": 0})}, "tree.menus.0.tries"),
        ({"tree": tree({**MAIN, "tries": 10})}, "tree.menus.0.tries"),
        ({"tree": tree({**MAIN, "keys": {"12": HANG_UP}})}, "tree.menus.0.keys.12.[key]"),
        ({"tree": tree({**MAIN, "keys": {"1": {"way": "moon"}}})}, "tree.menus.0.keys.1.way"),
        ({"tree": tree({**MAIN, "extra": 1})}, "tree.menus.0.extra"),
    ],
)
def test_fields_out_of_range_are_refused(admin: Person, change: dict[str, Any], field: str) -> None:
    """IVR-1: not even a draft holds what no menu can be."""
    answer = admin.post("/config/ivrs", json=DESK | change)
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert admin.get("/config/ivrs").json == {"items": []}


def test_names_and_keys_of_ivrs_are_taken_once(admin: Person, log_in: LogIn) -> None:
    """IVR-1, SAFE-3: within a tenant; another tenant's IVR doesn't exist."""
    admin.post("/config/ivrs", json=DESK)
    assert list(admin.post("/config/ivrs", json=DESK).json["error"]["fields"]) == ["key"]
    assert list(admin.post("/config/ivrs", json={**DESK, "key": "x"}).json["error"]["fields"]) == ["name"]
    stranger = log_in("admin@other")
    for answer in (
        stranger.get("/config/ivrs/desk"), stranger.put("/config/ivrs/desk", json=DESK),
        stranger.delete("/config/ivrs/desk"), stranger.post("/config/ivrs/desk/publish"),
        stranger.get("/config/ivrs/desk/versions"), stranger.post("/config/ivrs/desk/roll-back", json={"version": 1}),
        stranger.post("/config/ivrs/desk/check", json={"tree": TREE}),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert stranger.post("/config/ivrs", json=DESK).status_code == 201


def test_a_draft_is_tried_without_a_call(admin: Person, text_redis: TextRedis) -> None:
    """IVR-1: keys lead as they would lead a caller, by the same code, to queues as they are; no trace stays."""
    assert admin.post("/config/ivrs", json=DESK).status_code == 201

    def tried(*pressed: str, **change: object) -> Any:  # noqa: ANN401
        return admin.post("/config/ivrs/desk/try", json={"tree": {**TREE, **change}, "keys": list(pressed)}).json

    main = {"prompts": ["welcome"], "menu": "desk.main"}
    assert tried() == {"heard": [main], "asks": True, "way": "menu", "target": "desk.main", "reason": "number"}
    assert tried("2", "0")["heard"] == [main, {"prompts": ["welcome"], "menu": "desk.sub"}, main]
    assert tried("9")["heard"] == [main, {"prompts": ["wrong", "welcome"], "menu": "desk.main"}]
    out = tried("9", "")
    assert (out["asks"], out["way"], out["target"], out["reason"]) == (False, "queue", "q2", "no_valid_key")
    assert tried("*", "1")["way"] == "hang_up"
    empty = admin.get("/config/queues/q1").json | {"on_empty": {**HANG_UP, "prompt": "wrong"}}
    assert admin.put("/config/queues/q1", json=empty).status_code == 200
    straight = {"way": "agent", "target": "acme-a1", "otherwise": to_queue("q2")}
    to_agent = tried("1", menus=[{**MAIN, "keys": {"1": straight}}])
    assert (to_agent["way"], to_agent["target"], to_agent["reason"]) == ("queue", "q2", "agent_not_ready")
    before = text_redis.xlen(keys.events("acme"))
    assert (tried("1")["reason"], tried("1")["heard"][1:]) == ("nobody_logged_in", [{"prompts": ["wrong"], "menu": ""}])
    assert tried(first="gone")["asks"] is False
    assert admin.post("/config/ivrs/desk/try", json={"tree": TREE, "keys": ["12"]}).status_code == 422
    assert admin.post("/config/ivrs/none/try", json={"tree": TREE}).status_code == 404
    assert text_redis.xlen(keys.events("acme")) == before
    assert text_redis.hlen(keys.calls("acme")) == 0


@pytest.fixture
def switch(services: Services, monkeypatch: pytest.MonkeyPatch, text_redis: TextRedis) -> None:
    """An orchestrator owns the switch `main`."""
    monkeypatch.setattr(services.settings, "switches", "main=esl://:x@127.0.0.1:8021")
    text_redis.set(keys.lease("main"), "1 x")


@pytest.mark.usefixtures("switch")
def test_a_test_call_is_begun_and_followed(admin: Person, telephony: NotingTelephony, text_redis: TextRedis) -> None:
    """IVR-1: the owner of the switch is told to make the channel; keys go to it; nothing is published by it."""
    assert admin.post("/config/ivrs", json=DESK).status_code == 201
    call = admin.post("/config/ivrs/desk/test-calls", json={"tree": TREE}).json["call"]
    assert telephony.take() == [MakeTestCaller(leg=call, tenant="acme")]
    assert admin.get(f"/config/test-calls/{call}").json == {
        "state": "arrived", "menu": "", "failed": False, "cause": "", "steps": []
    }  # fmt: skip
    assert admin.post(f"/config/test-calls/{call}/keys", json={"key": "2"}).status_code == 204
    assert admin.delete(f"/config/test-calls/{call}").status_code == 204
    assert telephony.take() == [PressKey(leg=call, key="2"), HangUp(leg=call)]
    assert admin.post(f"/config/test-calls/{call}/keys", json={"key": "22"}).status_code == 422
    assert admin.get("/calls/live").json["items"] == []
    assert in_force(text_redis).menus == {}
    text_redis.delete(keys.lease("main"))
    assert admin.post("/config/ivrs/desk/test-calls", json={"tree": TREE}).json["error"]["id"] == "no_switch"


@pytest.mark.usefixtures("switch")
def test_test_calls_of_others_do_not_exist(admin: Person, log_in: LogIn, live: LiveCalls) -> None:
    """SAFE-3: neither another tenant's test call nor a customer's call can be followed or given keys."""
    admin.post("/config/ivrs", json=DESK)
    call = admin.post("/config/ivrs/desk/test-calls", json={"tree": TREE}).json["call"]
    stranger = log_in("admin@other")
    for asked in (stranger.get(f"/config/test-calls/{call}"), stranger.delete(f"/config/test-calls/{call}"),
                  stranger.post("/config/ivrs/desk/test-calls", json={"tree": TREE})):  # fmt: skip
        assert asked.status_code == 404
    live.wait("acme", "c1")
    assert admin.get("/config/test-calls/c1").status_code == 404
    assert admin.post("/config/test-calls/c1/keys", json={"key": "1"}).status_code == 404
    assert log_in("supervisor@acme").post("/config/ivrs/desk/test-calls", json={"tree": TREE}).status_code == 403
