"""What an administrator configures is what the next caller meets: database, Redis, orchestrator, simulated switch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestrator.database.connection import open_database
from orchestrator.database.ivrs import Ivrs, IvrSetting
from orchestrator.database.migrate import migrate
from orchestrator.database.models import Agent, Prompt, PromptVersion, Tenant
from orchestrator.database.numbers import Numbers
from orchestrator.database.opening_hours import HolidaySetting, HoursArea, HoursSetting
from orchestrator.database.queues import Queues, QueueSetting
from orchestrator.domain.config import Destination, Menu, NumberConfig, QueueConfig, Way, to_queue
from orchestrator.domain.ivr import Tree
from orchestrator.publishing import Publishing
from tests.support.real_centre import NUMBER, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre
from tests.support.sounds import tone

MAIN = Menu(
    id="main",
    name="Main",
    prompt="welcome",
    keys={"1": to_queue("sales"), "2": Destination(way=Way.MENU, target="more")},
    timeout_s=2,
    tries=2,
    invalid_prompt="patience",
    otherwise=to_queue("front"),
)
MORE = Menu(id="more", name="More", prompt="welcome", keys={"0": to_queue("support")}, timeout_s=5)
ALWAYS = (((0, 1440),),) * 7
NEVER = ((),) * 7


class Configured:
    """A centre whose tenant is configured in its database."""

    def __init__(self, centre: SimulatedCentre, folder: Path) -> None:
        self.centre = centre
        self._folder = folder
        self._database = open_database(centre.database_url)
        migrate(self._database)
        self._publishing = Publishing(
            centre.redis, self._database, lambda: centre.publisher, lambda: centre.use.promises
        )

    def set_up(self) -> None:
        """Three queues, of which agent a1 serves `support`; the number leads to the IVR."""
        tenant = Tenant.create(id=TENANT, name="Test", config_version=self.centre.config.version)
        Agent.create(tenant=tenant, key="a1", name="Agent 1", device="t-1", group="East")
        for name in ("welcome", "patience", "sorry"):
            self._add_sound(name)
        for key, groups in (("sales", ()), ("front", ()), ("support", ("East",))):
            Queues().put(TENANT, QueueSetting(config=QueueConfig(id=key, name=key), groups=groups))
        Ivrs().put(TENANT, IvrSetting(key="desk", name="Desk", tree=Tree(first="main", menus=(MAIN, MORE))))
        Ivrs().publish(TENANT, "desk", "1", 1)
        Numbers().add(TENANT, NUMBER)
        self.route(ALWAYS)

    def route(self, week: tuple[tuple[tuple[int, int], ...], ...]) -> None:
        """Open the number's line in these hours."""
        HoursArea().put(TENANT, HoursSetting(key="office", name="Office", week=week))
        route = Destination(way=Way.MENU, target="desk.main")
        closed = Destination(way=Way.HANG_UP, prompt="sorry")
        Numbers().put(TENANT, NumberConfig(number=NUMBER, route=route, hours="office", closed=closed))
        self._publishing.publish(TENANT)

    def lead(self, number: NumberConfig, *queues: QueueConfig, hours: HoursSetting | None = None) -> None:
        """Lead the number so, and change these queues."""
        for queue in queues:
            Queues().put(TENANT, QueueSetting(config=queue))
        if hours:
            HoursArea().put(TENANT, hours)
        Numbers().put(TENANT, number)
        self._publishing.publish(TENANT)

    def waits_in(self, queue: str) -> None:
        """Wait until the one caller stands in this line."""
        self.centre.wait(
            f"the caller to be in {queue}", lambda: [call.queue for call in self.centre.calls()] == [queue]
        )

    def keys(self) -> tuple[str, ...]:
        """What the one caller pressed."""
        (call,) = self.centre.calls()
        return call.keys

    def _add_sound(self, name: str) -> None:
        sound = tone(self._folder, name)
        prompt = Prompt.create(tenant=TENANT, key=name, name=name, kind="prompt", current=1, created=1, updated=1)
        PromptVersion.create(
            prompt=prompt, number=1, source="file", status="ready", path=sound.path, ms=sound.ms, created=1, updated=1
        )


@pytest.fixture
def configured(tmp_path: Path) -> Iterator[Configured]:
    """A centre at work on what its database holds."""
    with simulated_centre(tmp_path, 1) as centre:
        configured = Configured(centre, tmp_path)
        configured.set_up()
        yield configured


def test_a_key_leads_to_the_right_queue(configured: Configured) -> None:
    """IVR-1, CALL-1: the number leads to the IVR's first menu, the key to its queue."""
    configured.centre.call_in(digits="1")
    configured.waits_in("sales")
    assert configured.keys() == ("1",)


def test_a_sub_menu_leads_to_agents_picked_by_group(configured: Configured) -> None:
    """IVR-1, QUEUE-1: two keys deep, then the agent whose group serves the queue answers."""
    centre = configured.centre
    leg = centre.call_in(digits="2")
    centre.wait("the second menu", lambda: [call.menu for call in centre.calls()] == ["desk.more"])
    centre.wait("its prompt", lambda: centre.control.leg(leg).sounds().count("prompt") > 1)
    centre.online("a1")
    centre.control.press(leg, "0")
    centre.wait("a1 to talk", lambda: [(call.queue, call.agent) for call in centre.calls()] == [("support", "a1")])


def test_wrong_keys_lead_otherwise(configured: Configured) -> None:
    """IVR-1: two wrong keys hear so, and the call goes where the menu says."""
    leg = configured.centre.call_in(digits="9")
    configured.waits_in("front")
    assert configured.keys() == ("9", "9")
    assert configured.centre.control.leg(leg).sounds().count("prompt") >= 2


def test_closed_hours_say_so_and_new_hours_hold_for_the_next_call(configured: Configured) -> None:
    """CALL-1, IVR-1: while closed the caller hears the announcement and is let go; reopened, the next call gets in."""
    configured.route(NEVER)
    leg = configured.centre.call_in(digits="1")
    configured.centre.control.wait_for(uuid=leg, ended=True)
    assert configured.centre.control.leg(leg).sounds().count("prompt") == 1
    configured.centre.wait("the call to end", lambda: configured.centre.outcomes() == ["turned_away"])
    configured.route(ALWAYS)
    configured.centre.call_in(digits="1")
    configured.waits_in("sales")


def test_each_reason_for_not_waiting_has_its_own_way(configured: Configured) -> None:
    """QUEUE-7, CALL-1: nobody logged in, a full line and a holiday each lead where they are told to, at once."""
    centre = configured.centre
    bye = Destination(way=Way.HANG_UP, prompt="sorry")
    front = QueueConfig(id="front", name="front", on_empty=replace(to_queue("sales"), prompt="patience"))
    sales = QueueConfig(id="sales", name="sales", max_length=1, on_full=bye)
    configured.lead(NumberConfig(number=NUMBER, route=to_queue("front")), front, sales)
    first = centre.call_in()
    configured.waits_in("sales")
    assert centre.control.leg(first).sounds().count("prompt") == 1
    second = centre.call_in()
    centre.control.wait_for(uuid=second, ended=True)
    centre.wait("the second call to end", lambda: centre.outcomes() == ["turned_away"])
    assert centre.control.leg(second).sounds().count("prompt") == 2
    configured.waits_in("sales")
    centre.control.hang_up(first)
    centre.wait("the first call to end", lambda: centre.outcomes() == ["turned_away", "abandoned"])
    days = (datetime.now(tz=UTC) + timedelta(days=n) for n in (-1, 0, 1))
    holidays = tuple(HolidaySetting(date=day.date().isoformat(), name="Holiday") for day in days)
    office = HoursSetting(key="office", name="Office", week=ALWAYS, holidays=holidays)
    number = NumberConfig(number=NUMBER, route=bye, hours="office", closed=bye, holiday=to_queue("support"))
    configured.lead(number, hours=office)
    centre.call_in()
    configured.waits_in("support")
