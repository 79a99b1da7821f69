"""Adding records up for reports (REP-1): always one tenant's.

The database adds up per quarter of an hour: every time zone's hours, days and changes of clock begin at one.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from peewee import JOIN, SQL, Case, Expression, Function, fn

from orchestrator.database.call_forms import written
from orchestrator.database.models import AgentStateInterval, CallRecord, QueueStay
from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.reports import SECOND, Slice, Tally

#: What the database adds up by, us.
SLICE_US = 900 * SECOND

#: A caller who calls again within this time has called repeatedly, us.
REPEATED_WITHIN_US = 24 * 3600 * SECOND

#: Agents in these states are at work with a call, and waiting for one (occupancy).
WORKING = (AgentState.IN_CALL.value, AgentState.WRAP_UP.value)
READY = (AgentState.ONLINE.value, AgentState.RINGING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """Which stays in queues: those left in [since, until), us UTC; empty = all queues, agents, numbers.

    `dispositions` (keys) and `tags` are those that an agent gave the call; empty = any or none.

    `threshold_us` is the service level's, None for each queue's own as it was at the time.
    """

    since: int
    until: int
    queues: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dispositions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    threshold_us: int | None = None


def stays_by_slice(tenant: str, wanted: ReportFilter) -> Iterator[Slice]:
    """Add up the stays in queues."""
    stay, call = QueueStay, CallRecord
    wrap_up = _wrap_ups(tenant, wanted)
    connected = stay.outcome == Outcome.CONNECTED.value
    talk = fn.COALESCE(stay.talk_us, Case(None, [(stay.agent == call.agent, call.talk_us)], 0))
    sums = {
        "offered": fn.COUNT(stay.id),
        "connected": _count(connected),
        "abandoned": _count(stay.outcome == Outcome.ABANDONED.value),
        "short": _count(stay.short),
        "timed_out": _count(stay.outcome == Outcome.TIMED_OUT.value),
        "within": _count(connected & _within(wanted.threshold_us)),
        "repeated": _count(connected & _repeated()),
        "answer_us": _sum(connected, stay.wait_us),
        "talk_us": _sum(connected, talk),
        "wrap_up_us": _sum(connected, fn.COALESCE(wrap_up.c.us, 0)),
    }
    at = (stay.ended / SLICE_US).alias("slice")
    rows = (
        stay.select(at, stay.queue, stay.agent, call.number, *(total.alias(name) for name, total in sums.items()))
        .join(call)
        .join(wrap_up, JOIN.LEFT_OUTER, on=(wrap_up.c.call == call.call) & (wrap_up.c.agent == stay.agent))
        .where(call.tenant == tenant, *_conditions(wanted))
        .group_by(SQL("slice"), stay.queue, stay.agent, call.number)
        .dicts()
    )
    for row in cast("Iterator[dict[str, Any]]", iter(rows)):
        tally = Tally(**{name: int(row[name] or 0) for name in sums})
        yield Slice(int(row["slice"]) * SLICE_US, row["queue"], row["agent"], row["number"], tally)


def work_by_slice(tenant: str, wanted: ReportFilter, now: int) -> Iterator[Slice]:
    """Add up the agents' time with calls and waiting for them; what lasts still lasts until `now` (us UTC)."""
    table = AgentStateInterval
    rows = table.select().where(
        table.tenant == tenant,
        table.state.in_(WORKING + READY),
        table.started < wanted.until,
        table.ended.is_null() | (table.ended > wanted.since),
        *([table.agent.in_(wanted.agents)] if wanted.agents else []),
    )
    spent: dict[tuple[int, str, bool], int] = defaultdict(int)
    for row in rows:
        begun, over = max(row.started, wanted.since), min(row.ended or now, wanted.until)
        while begun < over:
            at = begun // SLICE_US * SLICE_US
            spent[at, row.agent, row.state in WORKING] += min(over, at + SLICE_US) - begun
            begun = at + SLICE_US
    for (at, agent, working), us in spent.items():
        yield Slice(at, None, agent, None, Tally(working_us=us) if working else Tally(ready_us=us))


def _wrap_ups(tenant: str, wanted: ReportFilter) -> Any:  # noqa: ANN401 - a query under a name
    """Return how long each agent wrapped up after each call."""
    table = AgentStateInterval
    return (
        table.select(table.call, table.agent, fn.SUM(table.ended - table.started).alias("us"))
        .where(
            table.tenant == tenant,
            table.state == AgentState.WRAP_UP.value,
            table.call.is_null(False),
            table.ended.is_null(False),
            table.started >= wanted.since,
        )
        .group_by(table.call, table.agent)
        .alias("wrap_up")
    )


def _within(threshold_us: int | None) -> Expression:
    if threshold_us is None:
        return QueueStay.within_service_level == True  # noqa: E712 - an expression of the database
    return QueueStay.wait_us <= threshold_us


def _repeated() -> Expression:
    """Tell whether the caller had reached the tenant in the time before this call."""
    before = CallRecord.alias("before")
    return (CallRecord.caller != "") & fn.EXISTS(
        before.select(SQL("1")).where(
            before.tenant == CallRecord.tenant,
            before.caller == CallRecord.caller,
            before.arrived < CallRecord.arrived,
            before.arrived >= CallRecord.arrived - REPEATED_WITHIN_US,
        )
    )


def _conditions(wanted: ReportFilter) -> Iterator[Expression | Function]:
    yield QueueStay.ended >= wanted.since
    yield QueueStay.ended < wanted.until
    for column, values in (
        (QueueStay.queue, wanted.queues),
        (QueueStay.agent, wanted.agents),
        (CallRecord.number, wanted.numbers),
    ):
        if values:
            yield column.in_(values)
    yield from written(wanted.dispositions or None, wanted.tags or None)


def _count(condition: Any) -> Any:  # noqa: ANN401 - parts of a query
    return fn.SUM(Case(None, [(condition, 1)], 0))


def _sum(condition: Any, value: Any) -> Any:  # noqa: ANN401 - parts of a query
    return fn.SUM(Case(None, [(condition, value)], 0))
