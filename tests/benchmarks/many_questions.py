"""What is asked of many records: pages of lists, details and reports, as the product itself asks."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from orchestrator.database.call_records import CallFilter, call_detail, call_story, calls_from, list_calls
from orchestrator.database.models import CallEventRow, CallRecord
from orchestrator.database.reports import ReportFilter
from orchestrator.domain.reports import Dimension, Step, begin
from orchestrator.exports.report_lines import Layout, added_up
from orchestrator.service.numbers import looked_for
from tests.benchmarks.many_records import END, SPAN, S

#: Part of the names of the questions that are asked; none = all.
ONLY = os.environ.get("ONLY", "")

DAY = 86_400 * S
MONTH = (END - 60 * DAY, END - 30 * DAY)

#: The largest tenant: half of all calls.
TENANT = "acme"
ZONE = ZoneInfo("Asia/Shanghai")
GROUPS = {str(1001 + n): f"g{n % 10}" for n in range(200)}

#: Some of the agents, as a group leader has them.
TEN = tuple(str(1001 + n) for n in range(10))

#: Each question is asked so often, with other values each time; a slow one only for so many seconds.
ASKED, LONGEST_S = 40, 10

Ask = Callable[[int], object]
Times = Mapping[str, list[float]]


def _listed(*, cursor: Callable[[int], str] | None = None, size: int = 50, **wanted: object) -> Ask:
    """Return what asks for a page; a filter's value may be a function of the turn."""

    def ask(turn: int) -> object:
        values = {name: value(turn) if callable(value) else value for name, value in wanted.items()}
        return list_calls(TENANT, CallFilter(**values), cursor(turn) if cursor else None, size)

    return ask


def _numbered(written: Callable[[int], str]) -> Ask:
    """Return what asks for the first page of calls with a number, as the page does."""

    def ask(turn: int) -> object:
        ways, part = looked_for(written(turn), "CN")
        return list_calls(TENANT, CallFilter(ways=ways, number=part))

    return ask


def _deep(turn: int) -> str:
    """Return the cursor of a place a year deep."""
    return f"{END - SPAN // 2 - turn * DAY}-1"


def _reported(days: int, by: Dimension = Dimension.TOTAL, step: Step = Step.DAY, **wanted: object) -> Ask:
    """Return what adds up so many days before the last, as the page does."""

    def ask(turn: int) -> object:
        until = begin(END, Step.DAY, ZONE) - turn * DAY
        asked = ReportFilter(since=until - days * DAY, until=until, tagged=by is Dimension.TAG, **wanted)
        return added_up(TENANT, asked, Layout(step=step, by=by, zone=ZONE, groups=GROUPS), END)

    return ask


def _reports() -> dict[str, Ask]:
    month = {
        f"report of a month by {step}, {by}": _reported(30, by, step)
        for by in Dimension
        for step in (Step.HOUR, Step.DAY, Step.MONTH)
    }
    years = {
        f"report of {name} by {step}, {by}": _reported(days, by, step)
        for name, days in (("a year", 365), ("two years", 730))
        for by in (Dimension.TOTAL, Dimension.QUEUE, Dimension.AGENT)
        for step in (Step.DAY, Step.MONTH)
    }
    two = {
        "agents of one queue": _reported(30, Dimension.AGENT, queues=("q2",)),
        "queues of ten agents": _reported(30, Dimension.QUEUE, agents=TEN),
        "answered within 10 s": _reported(30, threshold_us=10 * S),
        "by disposition": _reported(30, dispositions=("d1",)),
        "by tag": _reported(30, tags=("t1",)),
        "by disposition and tag": _reported(30, dispositions=("d1",), tags=("t1",)),
    }
    return {
        "report of a day": _reported(1),
        **month,
        **years,
        "report of a month, one queue": _reported(30, queues=("q2",)),
        **{f"report of a month by day, {name}": ask for name, ask in two.items()},
    }


def _questions() -> dict[str, Ask]:
    calls = [row.call for row in CallRecord.select().where(CallRecord.tenant == TENANT).limit(ASKED)]
    newest = CallRecord.select().where(CallRecord.tenant == TENANT).order_by(CallRecord.arrived.desc())
    callers = [row.caller for row in newest.limit(ASKED)]
    told = [row.call for row in CallEventRow.select().where(CallEventRow.tenant == TENANT).limit(ASKED)]
    return {
        "first page": _listed(),
        "page a year deep": _listed(cursor=_deep),
        "page of 500 a year deep (export)": _listed(cursor=_deep, size=500),
        "a day": _listed(since=lambda turn: END - (turn * 17 + 1) * DAY, until=lambda turn: END - turn * 17 * DAY),
        "one queue": _listed(queues=lambda turn: (f"q{turn % 20}",)),
        "three queues": _listed(queues=("q3", "q11", "q17")),
        "one queue a year deep": _listed(queues=("q5",), cursor=_deep),
        "one agent": _listed(agents=lambda turn: (str(1001 + turn),)),
        "five agents": _listed(agents=lambda turn: tuple(str(1001 + turn + n) for n in range(0, 100, 20))),
        "outcome abandoned": _listed(outcomes=("abandoned",)),
        "outcome lost (1 in 10,000)": _listed(outcomes=("lost",)),
        "outcome that no call has": _listed(outcomes=("unpaid",)),
        "calls out": _listed(direction="out"),
        "calls in": _listed(direction="in"),
        "score 1": _listed(scores=(1,)),
        "a whole number": _numbered(lambda turn: callers[turn % len(callers)]),
        "a whole number that nobody has": _numbered(lambda _: "13000000000"),
        "the last four digits": _listed(number=lambda turn: f"{turn * 211 % 10_000:04}"),
        "a number that nobody has": _listed(number="99999999"),
        "a disposition": _listed(dispositions=lambda turn: (f"d{turn % 8}",)),
        "a tag": _listed(tags=lambda turn: (f"t{turn % 30}",)),
        "queue, abandoned, a month": _listed(queues=("q7",), outcomes=("abandoned",), since=MONTH[0], until=MONTH[1]),
        "agent, score 5, a month": _listed(agents=("1042",), scores=(5,), since=MONTH[0], until=MONTH[1]),
        "agent and lost": _listed(agents=("1042",), outcomes=("lost",)),
        "drill-down: left queue that day": _listed(
            queues=("q2",),
            left_since=lambda turn: END - (turn + 2) * DAY,
            left_until=lambda turn: END - (turn + 1) * DAY,
        ),
        "one call with its parts": lambda turn: call_detail(TENANT, calls[turn % len(calls)]),
        "one call's story": lambda turn: call_story(TENANT, told[turn % len(told)]),
        "earlier calls of a caller": lambda turn: calls_from(TENANT, (callers[turn % len(callers)],), 10),
        **_reports(),
    }


def ask_all() -> Times:
    """Return how long each question took each time, milliseconds."""
    return {name: list(_asked(ask)) for name, ask in _questions().items() if ONLY in name}


def _asked(ask: Ask) -> Iterator[float]:
    ask(0)
    over = time.perf_counter() + LONGEST_S
    for turn in range(ASKED):
        began = time.perf_counter()
        ask(turn)
        yield (time.perf_counter() - began) * 1000
        if time.perf_counter() > over:
            return
