"""Adding records up for reports (REP-1): always one tenant's.

The database adds up per quarter of an hour: every time zone's hours, days and changes of clock begin at one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import Any, cast

from peewee import SQL, Case, Expression, Function, fn

from orchestrator.database.call_forms import with_dispositions, with_tags, written
from orchestrator.database.call_places import with_parts
from orchestrator.database.counting import (
    MESSAGES,
    STAYS,
    TALKS,
    TRIES,
    WRAP_UPS,
    Arrivals,
    Source,
    its_wrap_up,
    rows_counted,
    stayed,
    talked,
    unreached,
)
from orchestrator.database.models import (
    AgentStateInterval,
    CallForm,
    CallFormTag,
    CallLeg,
    CallRecord,
    QueueStay,
    VoicemailRow,
)
from orchestrator.database.partitions import LONGEST_CALL_US
from orchestrator.domain.report_sums import Span
from orchestrator.domain.reports import SECOND, Counted, Dimension, Slice, Tally

#: What the database adds up by, us.
SLICE_US = 900 * SECOND

#: What a tally has a count of.
_TALLIED = frozenset(field.name for field in fields(Tally))


class Written(StrEnum):
    """What agents write of calls that is added up, though no line of a report is of it."""

    DISPOSITION = "disposition"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """What happened in [since, until), us UTC; empty = all queues, agents, numbers.

    `dispositions` (keys) and `tags` are those that an agent gave the call; empty = any or none. `tagged`: calls with
    any tag only, `tag`: with this one. `keyed`: what has a queue, an agent, a number only.
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
    tagged: bool = False
    tag: str | None = None
    keyed: Dimension = Dimension.TOTAL

    @property
    def arrivals(self) -> Arrivals:
        """When calls arrived that count in this time: no call lasts longer than is allowed for here."""
        return Arrivals(self.since - LONGEST_CALL_US, self.until)


def slices(tenant: str, wanted: ReportFilter, by: Dimension | Written | None = None) -> Iterator[Slice]:
    """Add up stays in queues, conversations, calls that were not reached, and messages.

    `by` is what lines will be of, and all that slices tell; None: they tell queue, agent and number. By tag
    or disposition: a call with two of them is in both.
    """
    for source, sums in _sums(wanted):
        yield from _added(source, tenant, wanted, sums, by)


def within_threshold(tenant: str, wanted: ReportFilter, by: Dimension) -> Iterator[Slice]:
    """Add up the calls answered within the filter's own threshold, and nothing else."""
    sums = {"within": _count(stayed(wanted.arrivals, wanted.threshold_us)[Counted.WITHIN])}
    return _added(STAYS, tenant, wanted, sums, by)


def count(tenant: str, wanted: ReportFilter, figure: Counted) -> tuple[int, int]:
    """Return a figure, and how many calls are behind it: a call may have left several lines."""
    times, calls = 0, set[int]()
    for source, condition in rows_counted(figure, wanted.arrivals, wanted.threshold_us):
        for (record,) in _rows(source, tenant, wanted, CallRecord.id).where(condition).tuples():
            times += 1
            calls.add(record)
    return times, len(calls)


def more_calls_than(most: int, tenant: str, spans: Iterable[Span]) -> bool:
    """Tell whether more calls than so many arrived in these times."""
    left = most
    for since, until in spans:
        mine = (CallRecord.tenant == tenant) & (CallRecord.arrived >= since) & (CallRecord.arrived < until)
        left -= CallRecord.select(SQL("1")).where(mine).limit(left + 1).count()
        if left < 0:
            return True
    return False


def calls_counted(tenant: str, wanted: ReportFilter, figure: Counted) -> Any:  # noqa: ANN401 - parts of a query
    """Return the condition on a call's record to be behind a figure."""
    parts = [_behind(*part, tenant, wanted) for part in rows_counted(figure, wanted.arrivals, wanted.threshold_us)]
    return reduce(or_, parts) & reduce(and_, (*_arrived(wanted), *_of_calls(wanted)), CallRecord.tenant == tenant)


def _sums(wanted: ReportFilter) -> Iterator[tuple[Source, Mapping[str, Any]]]:
    """Yield what is added up of each kind of rows."""
    stays, talks = stayed(wanted.arrivals, wanted.threshold_us), talked()
    counts = {figure.value: _count(condition) for figure, condition in stays.items() if figure.value in _TALLIED}
    yield STAYS, counts | {"answer_us": _sum(stays[Counted.CONNECTED], QueueStay.wait_us)}
    came_in, out = talks[Counted.HANDLED], talks[Counted.REACHED]
    yield (
        TALKS,
        {
            **{figure.value: _count(condition) for figure, condition in talks.items()},
            "talk_us": _sum(came_in, CallLeg.talk_us),
            "hold_us": _sum(came_in, CallLeg.hold_us),
            "out_talk_us": _sum(out, CallLeg.talk_us),
            "scores": fn.SUM(fn.COALESCE(CallLeg.score, 0)),
        },
    )
    wrap_up = AgentStateInterval.ended - AgentStateInterval.started
    yield WRAP_UPS, {"wrap_up_us": _sum(came_in, wrap_up), "out_wrap_up_us": _sum(out, wrap_up)}
    yield TRIES, {"unreached": _count(unreached())}
    yield MESSAGES, {"messages": fn.COUNT(VoicemailRow.id)}


def _added(
    source: Source, tenant: str, wanted: ReportFilter, sums: Mapping[str, Any], by: Dimension | Written | None
) -> Iterator[Slice]:
    whose = _told(source, by)
    at = (source.moment / SLICE_US).alias("slice")
    query = _rows(source, tenant, wanted, at, *whose, *(total.alias(name) for name, total in sums.items()))
    if by is Dimension.TAG:
        query = with_tags(query)
    elif by is Written.DISPOSITION:
        query = with_dispositions(query)
    if source is WRAP_UPS:
        state, last = AgentStateInterval, wanted.until + LONGEST_CALL_US
        in_time = (state.tenant == tenant) & (state.started >= wanted.since) & (state.started < last)
        query = query.join(state, on=in_time & its_wrap_up())
    elif source is TRIES:
        query = query.where(unreached())
    for row in cast("Iterator[dict[str, Any]]", iter(query.group_by(SQL("slice"), *whose).dicts())):
        tally = Tally(**{name: int(value or 0) for name, value in row.items() if name in _TALLIED})
        queue, agent, number, tag, disposition = map(row.get, ("queue", "agent", "number", "tag", "disposition"))
        yield Slice(int(row["slice"]) * SLICE_US, queue, agent, number, tally, tag, disposition)


def _told(source: Source, by: Dimension | Written | None) -> list[Any]:
    """Return what slices are told apart by: no more than the lines need, so that there are few."""
    match by:
        case None:
            return [source.queue, source.agent, CallRecord.number]
        case Dimension.TOTAL:
            return []
        case Dimension.QUEUE:
            return [source.queue]
        case Dimension.AGENT | Dimension.GROUP:
            return [source.agent]
        case Dimension.NUMBER:
            return [CallRecord.number]
        case Dimension.TAG:
            return [CallFormTag.tag]
        case Written.DISPOSITION:
            return [CallForm.disposition]


def _rows(source: Source, tenant: str, wanted: ReportFilter, *columns: Any) -> Any:  # noqa: ANN401 - parts of a query
    """Return the query for what a source has in the time, each row with its call's record."""
    query = source.table.select(*columns)
    if source.record:
        query = query.join(CallRecord, on=source.of_record())
    conditions = (source.tenant == tenant, *_in_time(source, wanted), *_arrived(wanted), *_of_calls(wanted))
    return query.where(*conditions).switch(CallRecord)


def _behind(source: Source, condition: Any, tenant: str, wanted: ReportFilter) -> Any:  # noqa: ANN401 - parts of a query
    if not source.record:
        return reduce(and_, _in_time(source, wanted), condition)
    conditions = (source.tenant == tenant, *_in_time(source, wanted), condition)
    if source is MESSAGES:
        return CallRecord.call.in_(VoicemailRow.select(VoicemailRow.call).where(*conditions))
    return with_parts(source.table, *conditions)


def _arrived(wanted: ReportFilter, table: Any = CallRecord) -> Iterator[Expression]:  # noqa: ANN401 - with `arrived`
    """Yield what follows from the time of anything in a call: tables by months leave out the others for it."""
    yield table.arrived >= wanted.arrivals.since
    yield table.arrived < wanted.arrivals.until


def _in_time(source: Source, wanted: ReportFilter) -> Iterator[Expression]:
    yield source.moment >= wanted.since
    yield source.moment < wanted.until
    if source in (STAYS, TALKS, WRAP_UPS):
        yield from _arrived(wanted, source.table)
    for column, values, by in (
        (source.queue, wanted.queues, Dimension.QUEUE),
        (source.agent, wanted.agents, Dimension.AGENT),
    ):
        if values:
            yield column.in_(values)
        if wanted.keyed is by:
            yield column.is_null(False) & (column != "")


def _of_calls(wanted: ReportFilter) -> Iterator[Expression | Function]:
    if wanted.numbers:
        yield CallRecord.number.in_(wanted.numbers)
    if wanted.keyed is Dimension.NUMBER:
        yield CallRecord.number != ""
    yield from written(wanted.dispositions or None, wanted.tags or None, tagged=wanted.tagged)
    yield from written(None, (wanted.tag,) if wanted.tag else None)


def _count(condition: Any) -> Any:  # noqa: ANN401 - parts of a query
    return fn.SUM(Case(None, [(condition, 1)], 0))


def _sum(condition: Any, value: Any) -> Any:  # noqa: ANN401 - parts of a query
    return fn.SUM(Case(None, [(condition, value)], 0))
