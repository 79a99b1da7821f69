"""Yesterday's wallboard and yesterday's report agree to the call (WALL-4): real counters, real records."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from peewee import Database

from orchestrator.database.migrate import migrate
from orchestrator.database.reports import ReportFilter, slices
from orchestrator.domain.agent import AgentState
from orchestrator.domain.commands import RingAgent
from orchestrator.domain.config import Destination, NumberConfig, QueueConfig, Way, to_queue
from orchestrator.domain.reports import Dimension, Step, Tally, fold
from orchestrator.domain.trunks import Trunk
from orchestrator.service.call_out import Order
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import RefusedError
from orchestrator.store import keys
from tests.support.call_centre import CallCentre
from workers.jobs import write_events

#: The evening before clocks go back and before they go forward, and one in a zone without that.
EVENINGS = (
    ("Europe/Berlin", "2026-10-24T22:00"),
    ("Europe/Berlin", "2026-03-28T22:00"),
    ("Asia/Shanghai", "2026-11-20T22:00"),
)
AGENTS = ("a1", "a2", "a3")


class Days:
    """Some days of a company, at random; what its boards showed of each day."""

    def __init__(self, centre: CallCentre, zone: str, evening: str, seed: int) -> None:
        self.centre, self.zone, self.chance = centre, ZoneInfo(zone), Random(seed)
        centre.clock.at = int(datetime.fromisoformat(evening).replace(tzinfo=self.zone).timestamp()) * 1_000_000
        trunks = {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))}
        straight = NumberConfig(number="4002", route=Destination(way=Way.AGENT, target="a3", ring_s=15))
        queue = QueueConfig(id="sales", name="Sales", max_wait_s=90, short_abandon_s=5)
        centre.config = replace(
            centre.config, version=2, timezone=zone, trunks=trunks, queues={"sales": queue},
            numbers={"4001": NumberConfig(number="4001", route=to_queue("sales"), trunk="pstn"), "4002": straight},
        )  # fmt: skip
        centre.publish()
        centre.online(*AGENTS)
        self.queues: dict[str, Counter[str]] = defaultdict(Counter)
        self.agents: dict[tuple[str, str], tuple[int, int]] = {}
        self.calls: list[str] = []

    def live(self, steps: int) -> None:
        """Let callers come and go, agents answer and call out, time pass; look at the boards after each."""
        happenings = (
            self.come, self.come, self.dial, self.answer, self.answer, self.leave, self.agent_leaves, self.call_out,
            self.come_back,
        )  # fmt: skip
        for place in range(steps):
            self.chance.choice(happenings)(f"c{place}")
            self.look()
            self.centre.clock.pass_s(self.chance.choice((0.2, 3, 20, 60, 4000)))
            self.centre.fire()
            self.look()

    def come(self, call: str) -> None:
        """A caller joins the line."""
        self.centre.queue(call)
        self.calls.append(call)

    def dial(self, call: str) -> None:
        """A caller dials an agent's own number."""
        self.centre.arrive(call, number="4002")
        self.centre.use.enqueue.answered("t", call)
        self.calls.append(call)

    def answer(self, _: str) -> None:
        """An agent who rings takes the call."""
        for command in self.centre.telephony.take():
            if isinstance(command, RingAgent):
                self.centre.use.answer.parked("t", command.call, command.leg, "fs1")
                self.centre.use.answer.joined("t", command.call, command.leg)

    def come_back(self, _: str) -> None:
        """Agents who let it ring too often are there again."""
        for agent in AGENTS:
            if not self.centre.agent(agent).engaged:
                self.centre.use.agents.choose_state("t", agent, AgentState.ONLINE, "", "test")

    def leave(self, _: str) -> None:
        """A caller hangs up."""
        if self.calls:
            call = self.calls.pop(self.chance.randrange(len(self.calls)))
            self.centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))

    def agent_leaves(self, _: str) -> None:
        """An agent hangs up."""
        for call in self.calls:
            talking = self.centre.call(call)
            if talking and talking.leg:
                report = LegReport(leg=talking.leg, role="agent", agent=talking.agent, hung_up=True)
                self.centre.use.end.agent_leg_ended("t", call, report)
                return

    def call_out(self, call: str) -> None:
        """An agent calls a customer, whom the switch may report a moment late: after midnight, too."""
        order = Order(
            call=call, agent=self.chance.choice(AGENTS), number="13900139000", caller_id="", by="u", switches=["fs1"]
        )
        try:
            self.centre.use.outbound.place("t", order)
        except RefusedError:
            return
        self.answer(call)
        self.centre.clock.pass_s(5)
        self.centre.use.outbound.answered("t", call, call, "fs1", self.centre.clock.now())
        self.calls.append(call)

    def look(self) -> None:
        """Note what the boards show now."""
        at = datetime.fromtimestamp(self.centre.clock.now() // 1_000_000, self.zone)
        day = at.date().isoformat()
        for name, value in self.centre.redis.hgetall(keys.counters("t")).items():
            counted, _, figure = name.split(":")
            self.queues[counted][figure] = max(self.queues[counted][figure], int(value))
        for agent in AGENTS:
            live = self.centre.agent(agent)
            if live.day == day:
                self.agents[day, agent] = (live.connected_in, live.connected_out)


@pytest.mark.parametrize(("zone", "evening"), EVENINGS)
@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_yesterdays_boards_equal_yesterdays_report(
    empty_database: Database, redis_url: str, zone: str, evening: str
) -> None:
    """WALL-4, REP-1: over two midnights, one before a day of 23 or 25 hours: every counter of every day."""
    migrate(empty_database)
    days = Days(CallCentre(redis_url), zone, evening, len(evening))
    days.live(150)
    _written(days.centre)
    report, boards = _report(days, Dimension.QUEUE), _boards(days)
    assert report == boards
    assert len(boards) > 1
    assert {"offered", "connected", "abandoned", "timed_out", "within"} <= {
        name for sums in boards.values() for name in sums
    }
    talks = {line: (tally.handled, tally.reached) for line, tally in _lines(days, Dimension.AGENT).items()}
    assert {line: sums for line, sums in talks.items() if any(sums)} == {
        line: sums for line, sums in days.agents.items() if any(sums)
    }
    assert any(placed for _, placed in talks.values())


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_call_answered_before_midnight_is_yesterdays(empty_database: Database, redis_url: str) -> None:
    """WALL-4, OUT-1: the switch tells after midnight that the customer had answered before: it counts for that day."""
    migrate(empty_database)
    centre = CallCentre(redis_url)
    days = Days(centre, "Asia/Shanghai", "2026-11-20T23:59:50", 0)
    centre.use.outbound.place(
        "t", Order(call="o", agent="a1", number="13900139000", caller_id="", by="u", switches=["fs1"])
    )
    days.answer("o")
    answered = centre.clock.now() + 9_000_000
    centre.clock.pass_s(11)
    centre.fire()
    centre.use.outbound.answered("t", "o", "o", "fs1", answered)
    days.look()
    days.calls.append("o")
    days.leave("o")
    _written(centre)
    assert {line: tally.reached for line, tally in _lines(days, Dimension.AGENT).items()} == {("2026-11-20", "a1"): 1}
    assert days.agents.get(("2026-11-21", "a1"), (0, 0)) == (0, 0)


def _written(centre: CallCentre) -> None:
    """End what is left and do what relay and workers do."""
    for call in centre.store.all_calls("t"):
        centre.use.end.caller_left("t", call.document.id, LegReport(leg=call.document.id, role="caller"))
    entries = centre.redis.xrange(keys.events("t"))
    write_events("t", [[id_, int(fields["n"]), fields["e"]] for id_, fields in entries])


def _lines(days: Days, by: Dimension) -> dict[tuple[str, str], Tally]:
    folded = fold(slices("t", ReportFilter(since=0, until=2**62)), Step.DAY, days.zone, by, {})
    return {
        (datetime.fromtimestamp(at // 1_000_000, days.zone).date().isoformat(), key): tally
        for (at, key), tally in folded.items()
    }


def _report(days: Days, by: Dimension) -> dict[tuple[str, str], dict[str, int]]:
    names = ("offered", "connected", "abandoned", "short", "timed_out", "within", "answer_us")
    return {
        line: {name: getattr(tally, name) for name in names if getattr(tally, name)}
        for line, tally in _lines(days, by).items()
    }


def _boards(days: Days) -> dict[tuple[str, str], dict[str, int]]:
    days.look()
    return {(day, "sales"): {name: value for name, value in sums.items() if value} for day, sums in days.queues.items()}
