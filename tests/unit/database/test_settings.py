"""What a tenant configures, written and read, and what the call path gets of it."""

from dataclasses import replace

import pytest
from peewee import Database

from orchestrator.database.audit import changes_of, note_change
from orchestrator.database.configuration import configuration
from orchestrator.database.ivrs import Ivrs, IvrSetting, UnknownVersionError
from orchestrator.database.models import Agent, Tenant
from orchestrator.database.numbers import Numbers, NumberTakenError
from orchestrator.database.opening_hours import HolidaySetting, HoursArea, HoursSetting
from orchestrator.database.queues import Queues, QueueSetting
from orchestrator.domain.config import (
    HANG_UP,
    Destination,
    Menu,
    NumberConfig,
    QueueConfig,
    Strategy,
    Way,
    to_queue,
)
from orchestrator.domain.ivr import Tree
from orchestrator.domain.languages import SpokenLanguage

SALES = QueueConfig(
    id="sales",
    name="销售",
    strategy=Strategy.RANDOM,
    max_wait_s=60,
    max_length=0,
    on_timeout=Destination(way=Way.QUEUE, target="second", keep_wait=True),
    on_full=Destination(way=Way.HANG_UP, prompt="sorry"),
    on_empty=HANG_UP,
    prompt="patience",
    prompt_every_s=30,
    announce_position=True,
    announce_wait=True,
    announce_after_s=5,
    announce_every_s=60,
    announce_language=SpokenLanguage.EN,
)
HOURS = HoursSetting(
    key="office",
    name="Office",
    week=(((540, 720), (780, 1080)),) * 5 + ((), ()),
    holidays=(
        HolidaySetting(date="2026-10-01", name="国庆节"),
        HolidaySetting(date="2026-10-10", name="补班", spans=((600, 660),)),
    ),
)
MAIN = Menu(id="main", name="Main", prompt="welcome", keys={"1": to_queue("sales"), "#": HANG_UP})
TREE = Tree(first="main", menus=(MAIN,))


@pytest.fixture(autouse=True)
def _tenants(database: Database) -> None:  # noqa: ARG001 - open
    for tenant in ("demo", "other"):
        row = Tenant.create(id=tenant, name=tenant)
        for n in (1, 2, 3):
            Agent.create(tenant=row, key=f"a{n}", name=f"Agent {n}", device=f"{tenant}-{n}", group="AB"[n == 3])


def test_a_queue_is_read_as_it_was_written() -> None:
    """QUEUE-1, QUEUE-7: every figure and destination; a second writing replaces the first; another tenant has none."""
    queues, setting = Queues(), QueueSetting(config=SALES, agents=("a1", "a3"), groups=("A", "B"))
    queues.put("demo", setting)
    assert queues.find("demo", "sales") == setting
    simple = QueueSetting(config=QueueConfig(id="sales", name="Sales"), agents=("a2", "nobody"))
    queues.put("demo", simple)
    assert queues.all("demo") == [replace(simple, agents=("a2",))]
    assert queues.find("other", "sales") is None
    queues.remove("other", "sales")
    assert queues.find("demo", "sales")
    queues.remove("demo", "sales")
    assert queues.all("demo") == []


def test_agents_serve_queues_that_they_or_their_group_are_picked_for() -> None:
    """QUEUE-1: both ways are one list in the end, each queue once."""
    Queues().put("demo", QueueSetting(config=SALES, agents=("a1", "a3"), groups=("A",)))
    Queues().put("demo", QueueSetting(config=QueueConfig(id="vip", name="VIP"), groups=("B",)))
    assert {key: agent.queues for key, agent in configuration("demo").agents.items()} == {
        "a1": ("sales",), "a2": ("sales",), "a3": ("sales", "vip"),
    }  # fmt: skip
    assert {agent.queues for agent in configuration("other").agents.values()} == {()}


def test_numbers_are_given_by_the_operator_and_routed_by_the_tenant() -> None:
    """CALL-1, NUM-1: a number has one owner; who doesn't own it changes nothing."""
    numbers = Numbers()
    numbers.add("demo", "4001")
    assert numbers.find("demo", "4001") == NumberConfig(number="4001", route=HANG_UP)
    with pytest.raises(NumberTakenError, match="4001 belongs to demo"):
        numbers.add("other", "4001")
    routed = NumberConfig(number="4001", route=to_queue("sales"), hours="office", closed=to_queue("night"))
    numbers.put("demo", routed)
    numbers.put("other", replace(routed, hours=""))
    assert (numbers.all("demo"), numbers.all("other")) == ([routed], [])
    assert configuration("demo").numbers == {"4001": routed}


def test_hours_keep_their_holidays() -> None:
    """CALL-1: the week, holidays with their names, and what the call path needs of them."""
    area = HoursArea()
    area.put("demo", HOURS)
    assert area.all("demo") == [HOURS]
    found = configuration("demo").hours["office"]
    assert found.week == HOURS.week
    assert found.holidays == {"2026-10-01": (), "2026-10-10": ((600, 660),)}
    area.put("demo", replace(HOURS, holidays=HOURS.holidays[:1]))
    assert [holiday.name for holiday in area.all("demo")[0].holidays] == ["国庆节"]
    area.remove("demo", "office")
    assert configuration("demo").hours == {}


def test_a_draft_is_no_menu_until_it_is_published() -> None:
    """IVR-1: menus of the version in force have the IVR's name before their own, inside destinations too."""
    sub = Menu(id="sub", name="Sub", prompt="p", keys={"0": Destination(way=Way.MENU, target="main")})
    ivrs = Ivrs()
    ivrs.put("demo", IvrSetting(key="ivr", name="IVR", tree=Tree(first="main", menus=(MAIN, sub))))
    assert configuration("demo").menus == {}
    ivrs.publish("demo", "ivr", "7", 5)
    menus = configuration("demo").menus
    assert list(menus) == ["ivr.main", "ivr.sub"]
    assert menus["ivr.sub"].keys["0"].target == "ivr.main"
    assert menus["ivr.main"].keys["1"].target == "sales"
    assert configuration("other").menus == {}


def test_versions_are_kept_and_come_back() -> None:
    """IVR-1: rolling back puts a version into force; an edited draft stays, one without edits follows."""
    ivrs = Ivrs()
    ivrs.put("demo", IvrSetting(key="ivr", name="IVR", tree=TREE))
    ivrs.publish("demo", "ivr", "7", 5)
    ivrs.publish("demo", "ivr", "7", 6)
    changed = Tree(first="main", menus=(replace(MAIN, timeout_s=9),))
    ivrs.put("demo", IvrSetting(key="ivr", name="IVR", tree=changed))
    ivrs.publish("demo", "ivr", "8", 7)
    assert [(v.number, v.who, v.at) for v in ivrs.versions("demo", "ivr")] == [(2, "8", 7), (1, "7", 5)]
    ivrs.roll_back("demo", "ivr", 1)
    found = ivrs.find("demo", "ivr")
    assert found == IvrSetting(key="ivr", name="IVR", tree=TREE, version=1, published=TREE)
    ivrs.put("demo", replace(found, tree=changed))
    ivrs.roll_back("demo", "ivr", 2)
    ivrs.put("demo", replace(found, tree=TREE))
    ivrs.roll_back("demo", "ivr", 2)
    again = ivrs.find("demo", "ivr")
    assert again is not None
    assert (again.version, again.published, again.tree, again.draft) == (2, changed, TREE, True)
    with pytest.raises(UnknownVersionError, match="no version 3"):
        ivrs.roll_back("demo", "ivr", 3)
    with pytest.raises(UnknownVersionError):
        ivrs.roll_back("other", "ivr", 1)


def test_changes_are_kept() -> None:
    """CALL-1: who changed what, from what to what, newest first."""
    note_change("demo", "queues", "sales", "7", 5, None, QueueSetting(config=SALES))
    note_change("demo", "queues", "sales", "7", 5, QueueSetting(config=SALES), None)
    deleted, made = changes_of("demo", "queues", "sales")
    assert (made.before, made.after["config"]["on_timeout"]["target"], made.at) == (None, "second", 5)
    assert (deleted.before["config"]["name"], deleted.after) == ("销售", None)
    assert changes_of("other", "queues", "sales") == []
