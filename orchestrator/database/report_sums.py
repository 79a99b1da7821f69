"""Reading what reports were added up ahead (REP-1): which stretches of a time have sums that hold, and those sums.

The sums of an hour or a day are of one dimension each, so they answer what is asked of one: all, some queues, agents,
numbers, by tag, one tag, one disposition. A day has sums of each queue and agent together besides. Whatever else is
asked is added up from the records.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from peewee import CTE, SQL, ValuesList, fn

from orchestrator.database.models import ReportMark, ReportPeriod, ReportSum
from orchestrator.database.reports import ReportFilter, Written
from orchestrator.domain.report_sums import Span, few, merged, minus, unmarked
from orchestrator.domain.reports import Dimension, Slice, Step, Tally, after, begin

#: Of all calls that have any tag; the other dimensions of sums are those of reports, without groups, and `Written`.
TAGGED = "tagged"

#: The step of periods that are a day, with sums of each queue (their dimension) and agent (their key) together.
PAIRS = "pairs"

NAMES = tuple(field.name for field in fields(Tally))
COLUMNS = tuple(getattr(ReportSum, name) for name in NAMES)

#: What has no sums is added up from the records in so many pieces at most.
MOST_PIECES = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Sums of which dimension answer a report, and of which keys (empty = all).

    Without a dimension: those of queues and agents together, of these queues (empty = all). With `groups` (agents,
    each with its group) the sums of a group's agents are added up, as those of any one of them.
    """

    dimension: str | None
    keys: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    groups: tuple[tuple[str, str], ...] | None = None

    @property
    def day(self) -> str:
        """The step of the days that have them."""
        return Step.DAY.value if self.dimension else PAIRS

    def has(self, step: Step) -> bool:
        """Tell whether there are such sums for lines by `step`: queues and agents together have none by the hour."""
        return self.dimension is not None or step is not Step.HOUR


@dataclass(frozen=True, slots=True)
class Cover:
    """A time in days and hours whose sums hold, and the rest."""

    days: list[Span]
    hours: list[Span]
    rest: list[Span]


def asked_of(wanted: ReportFilter, by: Dimension, groups: Mapping[str, str]) -> Asked | None:
    """Return which sums answer a report, None: none do; `groups` tells each agent's."""
    if wanted.dispositions or wanted.tags or wanted.tag:
        return _of_form(wanted, by)
    chosen: dict[Dimension, tuple[str, ...]] = {
        Dimension.QUEUE: wanted.queues,
        Dimension.AGENT: wanted.agents,
        Dimension.NUMBER: wanted.numbers,
    }
    some = {dimension: keys for dimension, keys in chosen.items() if keys}
    whose: Dimension = Dimension.AGENT if by is Dimension.GROUP else by
    members = tuple((agent, group) for agent, group in groups.items() if group) if by is Dimension.GROUP else None
    if whose is Dimension.TOTAL and len(some) == 1:
        [whose] = some
    if {*some, whose} <= {Dimension.QUEUE, Dimension.AGENT, Dimension.TOTAL} and set(some) - {whose}:
        return Asked(None, wanted.agents, wanted.queues, members)
    if set(some) - {whose}:
        return None
    return Asked(whose.value, some.get(whose, ()), groups=members)


def _of_form(wanted: ReportFilter, by: Dimension) -> Asked | None:
    """Return the sums of one tag or one disposition by itself: a call may have two, so those of two don't add up."""
    if by is not Dimension.TOTAL or wanted.queues or wanted.agents or wanted.numbers or wanted.tag:
        return None
    match wanted.dispositions, wanted.tags:
        case (one,), ():
            return Asked(Written.DISPOSITION.value, (one,))
        case (), (one,):
            return Asked(Dimension.TAG.value, (one,))
        case _:
            return None


def cover(tenant: str, span: Span, step: Step, zone: ZoneInfo, asked: Asked) -> Cover:
    """Return what of a time has sums that hold, in the largest pieces that lines by `step` can be made of."""
    marks = marks_in(tenant, span)
    days = [] if step is Step.HOUR else _known(tenant, asked.day, zone, [span], marks)
    hours = _known(tenant, Step.HOUR, zone, minus([span], days), marks) if asked.has(Step.HOUR) else []
    pieces = few(minus([span], [*days, *hours]), MOST_PIECES)
    days, hours = ([one for one in some if not any(map(one.overlaps, pieces))] for some in (days, hours))
    return Cover(days, hours, rest=minus([span], [*days, *hours]))


def marks_in(tenant: str, span: Span) -> list[Span]:
    """Return the times that are marked."""
    table = ReportMark
    mine = (table.tenant == tenant) & (table.since < span.until) & (table.until > span.since)
    rows: Any = table.select(table.since, table.until).where(mine).distinct().tuples()
    return [Span(*row) for row in rows]


def _known(tenant: str, step: str, zone: ZoneInfo, spans: list[Span], marks: list[Span]) -> list[Span]:
    table = ReportPeriod
    if not spans:
        return []
    mine = (table.tenant == tenant) & (table.step == str(step)) & (table.zone == zone.key)
    rows: Any = table.select(table.since, table.until).where(mine, _any_of(spans)).tuples()
    return list(unmarked((Span(*row) for row in rows), marks))


def _any_of(spans: Iterable[Span]) -> Any:  # noqa: ANN401 - parts of a query
    table = ReportPeriod
    return reduce(or_, ((table.since >= since) & (table.until <= until) for since, until in spans))


def summed(tenant: str, asked: Asked, found: Cover, step: Step, zone: ZoneInfo) -> Iterator[Slice]:
    """Yield the sums of a cover. Lines of weeks and months are added up by the database, as far as days go."""
    if step in (Step.WEEK, Step.MONTH):
        for line in _by_line(found.days, step, zone):
            yield from _rows(tenant, asked, asked.day, [line], whole=True)
    else:
        yield from _rows(tenant, asked, asked.day, merged(found.days))
    yield from _rows(tenant, asked, Step.HOUR, merged(found.hours))


def _by_line(days: list[Span], step: Step, zone: ZoneInfo) -> Iterator[Span]:
    """Yield the days in one piece, but cut where a line ends."""
    for since, until in merged(days):
        at = since
        while at < until:
            end = min(after(begin(at, step, zone), step, zone), until)
            yield Span(at, end)
            at = end


def more_than(most: int, tenant: str, asked: Asked, found: Cover, step: Step) -> bool:
    """Tell, without reading the sums, that a cover makes more lines than so many by what it is asked for.

    False means no more than that nobody knows yet: weeks, months, and what isn't added up may make more.
    """
    spans = merged({Step.HOUR: found.hours, Step.DAY: found.days}.get(step, []))
    if not spans or not asked.dimension:
        return False
    return len(_of(ReportSum.select(SQL("1")), tenant, asked, step, spans).limit(most + 1).tuples()) > most


def _rows(tenant: str, asked: Asked, step: str, spans: list[Span], *, whole: bool = False) -> Iterator[Slice]:
    if not spans or asked.groups == ():
        return
    columns: Any = [ReportPeriod.since, ReportSum.dimension, ReportSum.key, *COLUMNS]
    if whole or asked.groups:
        columns = [*map(fn.MIN, columns[:3]), *map(fn.SUM, COLUMNS)]
    query = _of(ReportSum.select(*columns), tenant, asked, step, spans)
    of_line = [] if whole else [ReportPeriod.since]
    if asked.groups:
        group = CTE("member", ValuesList(asked.groups), columns=("agent", "name"))
        # Not the bare key: SQLite would begin with the agents, and index all sums there are for them.
        query = query.join(group, on=group.c.agent == ReportSum.key.concat("")).with_cte(group)
        query = query.group_by(*of_line, group.c.name)
    elif whole:
        query = query.group_by(ReportSum.dimension, ReportSum.key)
    for since, dimension, key, *sums in query.tuples().iterator():
        tally = Tally(*map(int, sums))
        yield _slice(dimension, since, key, tally) if asked.dimension else Slice(since, dimension, key, None, tally)


def _of(query: Any, tenant: str, asked: Asked, step: str, spans: list[Span]) -> Any:  # noqa: ANN401 - parts of a query
    """Return a query of sums for those that are asked for."""
    mine = (ReportPeriod.tenant == tenant) & (ReportPeriod.step == str(step)) & _any_of(spans)
    query = query.join(ReportPeriod).where(mine).switch(ReportSum)
    dimensions = (asked.dimension,) if asked.dimension else asked.queues
    for column, some in ((ReportSum.dimension, dimensions), (ReportSum.key, asked.keys)):
        if some:
            query = query.where(column.in_(some))
    return query


def _slice(dimension: str, at: int, key: str, tally: Tally) -> Slice:
    queue, agent, number, tag = (
        key if dimension == one.value else None
        for one in (Dimension.QUEUE, Dimension.AGENT, Dimension.NUMBER, Dimension.TAG)
    )
    return Slice(at, queue, agent, number, tally, tag)
