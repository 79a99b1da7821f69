"""What is wrong with a configuration, found without a database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.checks import Problem, problems
from orchestrator.domain.config import (
    HANG_UP,
    Destination,
    Menu,
    NumberConfig,
    OpeningHours,
    PromptConfig,
    QueueConfig,
    TenantConfig,
    Way,
    to_queue,
)
from orchestrator.domain.ivr import Tree, flatten, tree_problems, with_tree

WELCOME = PromptConfig(id="welcome", name="Welcome", path="w.wav", ms=1)
EMPTY = TenantConfig(id="t", name="T", version=1, prompts={"welcome": WELCOME})


def to_menu(target: str) -> Destination:
    return Destination(way=Way.MENU, target=target)


def queue(id_: str, **values: object) -> QueueConfig:
    return QueueConfig(id=id_, name=id_, **values)  # type: ignore[arg-type]


def menu(id_: str, otherwise: Destination = HANG_UP, **keys: Destination) -> Menu:
    return Menu(id=id_, name=id_, prompt="welcome", keys=keys or {"key": HANG_UP}, otherwise=otherwise)


def config(*queues: QueueConfig, menus: tuple[Menu, ...] = (), **values: object) -> TenantConfig:
    by_id = {"queues": {q.id: q for q in queues}, "menus": {m.id: m for m in menus}}
    return replace(EMPTY, **by_id, **values)  # type: ignore[arg-type]


def found(of: TenantConfig) -> set[tuple[str, str, str, str]]:
    return {(problem.area, problem.key, problem.field, problem.id) for problem in problems(of)}


FULL, EMPTY_QUEUE, LATE = "on_full", "on_empty", "on_timeout"


@pytest.mark.parametrize(
    ("of", "wrong"),
    [
        (config(queue("a", max_length=1, on_full=to_queue("a"))), {("queues", "a", FULL)}),
        (config(queue("a", on_empty=to_queue("a"))), {("queues", "a", EMPTY_QUEUE)}),
        (config(queue("a", on_full=to_queue("a"))), set()),
        (config(queue("a", max_wait_s=10, on_timeout=to_queue("a"))), set()),
        (
            config(queue("a", max_length=0, on_full=to_queue("b")), queue("b", on_empty=to_queue("a"))),
            {("queues", "a", FULL), ("queues", "b", EMPTY_QUEUE)},
        ),
        (
            config(queue("a", max_length=0, on_full=to_queue("b")), queue("b", max_wait_s=9, on_timeout=to_queue("a"))),
            set(),
        ),
        (config(menus=(menu("i.m", to_menu("i.m")),)), {("ivrs", "i", "menus.m.otherwise")}),
        (config(menus=(menu("i.m", HANG_UP, one=to_menu("i.m")),)), set()),
        (
            config(queue("a", on_empty=to_menu("i.m")), menus=(menu("i.m", to_queue("a")),)),
            {("queues", "a", EMPTY_QUEUE), ("ivrs", "i", "menus.m.otherwise")},
        ),
        (
            config(queue("a", max_wait_s=9, on_timeout=to_menu("i.m")), menus=(menu("i.m", to_queue("a")),)),
            set(),
        ),
        (
            config(menus=(menu("i.m", to_menu("j.m")), menu("j.m", to_menu("k.m")), menu("k.m", to_menu("j.m")))),
            {("ivrs", "j", "menus.m.otherwise"), ("ivrs", "k", "menus.m.otherwise")},
        ),
    ],
)
def test_circles_without_key_or_wait(of: TenantConfig, wrong: set[tuple[str, str, str]]) -> None:
    """QUEUE-7, IVR-1: those places are named, and no others, through which a call could go round for ever."""
    assert found(of) == {(*place, "endless") for place in wrong}


def test_every_field_that_names_something_is_looked_at() -> None:
    """CALL-1, IVR-1, QUEUE-1: queues, menus, prompts, music and hours that don't exist, wherever they are named."""
    nowhere = Destination(way=Way.QUEUE, target="x", prompt="x")
    nobody = Destination(way=Way.AGENT, target="x", otherwise=Destination(way=Way.AGENT, target="x"))
    wrong = config(
        queue("a", on_timeout=nowhere, on_full=nowhere, on_empty=nowhere, music="welcome", prompt="x"),
        queue("b", on_timeout=nobody),
        menus=(
            Menu(id="i.m", name="m", prompt="x", keys={"1": nowhere}, invalid_prompt="x", otherwise=to_menu("i.x")),
        ),
        numbers={"1": NumberConfig(number="1", route=nowhere, closed=nowhere, holiday=nowhere, hours="x")},
    )
    ways = {
        *(("queues", "a", field) for field in (LATE, FULL, EMPTY_QUEUE)),
        *(("numbers", "1", field) for field in ("route", "closed", "holiday")),
        ("ivrs", "i", "menus.m.keys.1"),
    }
    assert found(wrong) == {
        *((area, key, f"{field}.target", "unknown_queue") for area, key, field in ways),
        *((area, key, f"{field}.prompt", "unknown_prompt") for area, key, field in ways),
        ("ivrs", "i", "menus.m.otherwise.target", "unknown_menu"),
        ("ivrs", "i", "menus.m.prompt", "unknown_prompt"),
        ("ivrs", "i", "menus.m.invalid_prompt", "unknown_prompt"),
        ("queues", "b", "on_timeout.target", "unknown_agent"),
        ("queues", "b", "on_timeout.otherwise.target", "unknown_agent"),
        ("queues", "a", "music", "unknown_music"),
        ("queues", "a", "prompt", "unknown_prompt"),
        ("numbers", "1", "hours", "unknown_hours"),
    }


minutes = st.integers(0, 1440)


@given(st.lists(st.tuples(minutes, minutes), max_size=5))
def test_spans_are_in_order_and_apart(spans: list[tuple[int, int]]) -> None:
    """CALL-1: hours are accepted exactly when every minute of the day is in one span at most, spans in order."""
    hours = OpeningHours(id="h", name="H", week=(tuple(spans),) + ((),) * 6)
    edges = [minute for span in spans for minute in span]
    fine = edges == sorted(edges) and all(start < end for start, end in spans)
    assert (problems(config(hours={"h": hours})) == []) is fine


names = st.sampled_from(["a", "b", "c", "d"])
targets = st.one_of(st.just(HANG_UP), names.map(to_menu))
menus = st.builds(
    lambda id_, keys, otherwise: Menu(id=id_, name=id_, prompt="welcome", keys=keys, otherwise=otherwise),
    names,
    st.dictionaries(st.sampled_from("12"), targets, min_size=1),
    targets,
)
trees = st.builds(
    lambda first, found: Tree(first=first, menus=tuple(found)),
    names,
    st.lists(menus, max_size=4, unique_by=lambda m: m.id),
)


def silent_callers_path(tree: Tree) -> bool:
    """Follow a caller who presses nothing, from every menu: does each get to an end?"""
    by_id = {one.id: one for one in tree.menus}
    for start in by_id:
        here, steps = start, 0
        while here in by_id and steps <= len(by_id):
            here, steps = by_id[here].otherwise.target, steps + 1
        if steps > len(by_id):
            return False
    return True


def visited(tree: Tree) -> set[str]:
    """Try every key from the first menu on."""
    by_id, seen, ahead = {one.id: one for one in tree.menus}, set(), [tree.first]
    while ahead:
        here = ahead.pop()
        if here in by_id and here not in seen:
            seen.add(here)
            ahead += [to.target for to in (*by_id[here].keys.values(), by_id[here].otherwise)]
    return seen


@given(trees)
def test_a_tree_without_problems_leads_every_caller_somewhere(tree: Tree) -> None:
    """IVR-1: nothing is wrong exactly when all targets exist, all menus are reached, and silence comes to an end."""
    ids = {one.id for one in tree.menus}
    used = {to.target for one in tree.menus for to in (*one.keys.values(), one.otherwise) if to.way is Way.MENU}
    fine = tree.first in ids and used <= ids and visited(tree) == ids and silent_callers_path(tree)
    assert (tree_problems(EMPTY, "ivr", tree) == []) is fine


def test_a_menu_that_only_others_lead_to_is_reached() -> None:
    """IVR-1: a number may lead into the middle of a tree."""
    tree = Tree(first="a", menus=(menu("a"), menu("b")))
    assert [problem.id for problem in tree_problems(EMPTY, "ivr", tree)] == ["unreachable"]
    number = NumberConfig(number="1", route=to_menu("ivr.b"))
    assert tree_problems(config(numbers={"1": number}), "ivr", tree) == []


def test_a_tree_replaces_its_own_menus_only() -> None:
    """IVR-1: another IVR's menus stay, also one whose name begins alike."""
    before = config(menus=(menu("ivr.old"), menu("ivr2.a"), menu("iv.a")))
    after = with_tree(before, "ivr", Tree(first="a", menus=(menu("a", to_menu("ivr2.a"), one=to_menu("a")),)))
    assert set(after.menus) == {"ivr.a", "ivr2.a", "iv.a"}
    assert (after.menus["ivr.a"].otherwise.target, after.menus["ivr.a"].keys["one"].target) == ("ivr2.a", "ivr.a")
    assert flatten("ivr", Tree()) == {}


def test_names_tell_queues_and_hours_apart() -> None:
    """QUEUE-1: of two of one name both are named."""
    twice = config(replace(queue("a"), name="Sales"), replace(queue("b"), name="Sales"))
    assert problems(twice) == [
        Problem(area="queues", key=key, field="name", id="name_taken", name="Sales") for key in ("a", "b")
    ]
