"""Adding reports up ahead (REP-1): each tenant's hours and days, the newest first, and anew where marks say so.

Nothing is locked while a day is added up. What was seen of marks and sums before must still be there when the new sums
are written: else somebody has changed or added up something meanwhile, and the next run does it again. So a job may be
killed anywhere, run twice, or beside another.
"""

import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import add
from typing import Any
from zoneinfo import ZoneInfo

from peewee import Value, chunked, fn

from orchestrator.database.bulk import insert_rows
from orchestrator.database.connection import bound_database, one_writer
from orchestrator.database.models import AgentStateInterval, CallRecord, ReportMark, ReportPeriod, ReportSum, Tenant
from orchestrator.database.report_marks import mark_spans
from orchestrator.database.report_sums import COLUMNS, NAMES, PAIRS, TAGGED
from orchestrator.database.reports import ReportFilter, Written, slices
from orchestrator.domain.report_sums import Span, hours, merged, minus, unmarked
from orchestrator.domain.reports import SECOND, Dimension, Slice, Step, after, begin, sums_of
from orchestrator.exports.report_lines import from_records

#: An hour is added up when it has been over for so long: most calls that count in it have ended by then.
SETTLED_US = 600 * SECOND

#: How often it is done, us.
PERIOD_US = 60 * SECOND

#: Rows written by one statement; databases limit its values to 32,766 (SQLite).
AT_ONCE = 500

#: By hour, dimension and key, in the order of a tally; a day's own are by queue and agent.
Sums = dict[tuple[Span, str, str], list[int]]


def keep_sums(now: int, budget_s: float) -> int:
    """Add up for all tenants, in turns, for so many seconds; returns how many have all sums there can be at `now`.

    The one who is first is another each time.
    """
    tenants = [row.id for row in Tenant.select(Tenant.id).order_by(Tenant.id)]
    first = now // PERIOD_US % max(1, len(tenants))
    over, whole = time.monotonic() + budget_s, 0
    for place, tenant in enumerate([*tenants[first:], *tenants[:first]]):
        share = (over - time.monotonic()) / (len(tenants) - place)
        whole += sum_up(tenant, now, max(0.0, share))
    return whole


def sum_up(tenant: str, now: int, budget_s: float) -> bool:
    """Add up what of a tenant's time until `now` (us UTC) has no sums that hold; tell whether all of it has now.

    Begins no other day after so many seconds.
    """
    row = Tenant.get_or_none(Tenant.id == tenant)
    if row is None:
        return True
    zone, ready, over = ZoneInfo(row.timezone), now - SETTLED_US, time.monotonic() + budget_s
    first = _first_day(tenant, zone, ready)
    _mark_fresh(tenant, zone, Span(first, ready))
    for day in _days(tenant, zone, Span(first, ready)):
        sum_day(tenant, day, zone, ready)
        if time.monotonic() > over:
            return False
    _forget(tenant, zone, ready)
    return True


def _mark_fresh(tenant: str, zone: ZoneInfo, span: Span) -> None:
    """Mark what nobody has added up yet, if it is more than the present day: who is killed leaves it marked.

    A tenant whose time zone was changed, or whose records are older than the sums, begins anew.
    """
    table = ReportPeriod
    mine = (table.tenant == tenant) & (table.zone == zone.key) & (table.step == Step.HOUR.value)
    last = table.select(fn.MAX(table.until)).where(mine).scalar() or span.since
    if last < begin(span.until, Step.DAY, zone):
        mark_spans(tenant, [Span(last, span.until)])


def _marks(tenant: str, span: Span) -> dict[int, Span]:
    """Return the marks that touch a time, by their ids."""
    table = ReportMark
    mine = (table.tenant == tenant) & (table.since < span.until) & (table.until > span.since)
    rows: Any = table.select(table.id, table.since, table.until).where(mine).tuples()
    return {id_: Span(*times) for id_, *times in rows}


def _first_day(tenant: str, zone: ZoneInfo, ready: int) -> int:
    """Return the beginning of the first day that a tenant has anything of."""
    calls = CallRecord.select(fn.MIN(CallRecord.arrived)).where(CallRecord.tenant == tenant).scalar()
    table = AgentStateInterval
    states = table.select(fn.MIN(table.started)).where(table.tenant == tenant).scalar()
    return begin(min(at for at in (calls, states, ready) if at is not None), Step.DAY, zone)


def _days(tenant: str, zone: ZoneInfo, span: Span) -> Iterator[Span]:
    """Yield the present day of a time, and before it those that are marked, the newest first."""
    done = after(begin(span.until, Step.DAY, zone), Step.DAY, zone)
    marked = minus(_marks(tenant, span).values(), [Span(0, span.since), Span(span.until, 2**63)])
    for piece in reversed([*marked, Span(span.until, span.until + 1)]):
        at = begin(min(piece.until, done) - 1, Step.DAY, zone)
        while begin(piece.since, Step.DAY, zone) <= at < done:
            yield Span(at, after(at, Step.DAY, zone))
            done, at = at, begin(at - 1, Step.DAY, zone)


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as it was when its adding up began."""

    span: Span
    zone: ZoneInfo
    marks: dict[int, Span]
    periods: dict[int, tuple[str, str, Span]]

    @property
    def known(self) -> set[Span]:
        """The hours with sums that hold."""
        some = {span for step, zone, span in self.periods.values() if (step, zone) == (Step.HOUR, self.zone.key)}
        return set(unmarked(some, self.marks.values()))


def _look(tenant: str, span: Span, zone: ZoneInfo) -> _Day:
    table = ReportPeriod
    mine = (table.tenant == tenant) & (table.since < span.until) & (table.until > span.since)
    columns = (table.id, table.step, table.zone, table.since, table.until)
    rows: Any = table.select(*columns).where(mine).tuples()
    periods = {id_: (step, name, Span(*times)) for id_, step, name, *times in rows}
    return _Day(span, zone, _marks(tenant, span), periods)


def sum_day(tenant: str, span: Span, zone: ZoneInfo, ready: int) -> None:
    """Add up the hours of a day that are over and have no sums that hold, and the day of them if it is over."""
    day = _look(tenant, span, zone)
    over = [hour for hour in hours(span, zone) if hour.until <= ready]
    missing = [hour for hour in over if hour not in day.known]
    if not (missing or day.marks):
        return
    sums = _added_up(tenant, span, missing, ready)
    with one_writer(bound_database(), f"sums of {tenant}"):
        now = _look(tenant, span, zone)
        if now.periods != day.periods or day.marks.keys() - now.marks.keys():
            return
        fresh = [mark for id_, mark in now.marks.items() if id_ not in day.marks]
        _write(tenant, day, list(unmarked(missing, fresh)), sums)
        if span.until <= ready:
            _write_day(tenant, span, zone, sums)
        _cut(tenant, day.marks, Span(span.since, over[-1].until if over else span.since))


def _added_up(tenant: str, day: Span, missing: Sequence[Span], now: int) -> Sums:
    """Add up hours from the records, by every dimension, and by queue and agent the day, if it is over."""
    sums: Sums = {}
    starts = [hour.since for hour in missing]
    over = day.until <= now
    for piece in merged(missing):
        wanted = ReportFilter(since=piece.since, until=piece.until)
        for found in from_records(tenant, wanted, None, now):
            _add(sums, missing[bisect_right(starts, found.at) - 1], found, _keys(found))
            _add(sums, day, found, _pair(found) if over else [])
        by_tag = list(slices(tenant, wanted, Dimension.TAG))
        for found in by_tag:
            _add(sums, missing[bisect_right(starts, found.at) - 1], found, [(_TAG, found.tag)])
        for found in slices(tenant, replace(wanted, tagged=True), Dimension.TOTAL) if by_tag else ():
            _add(sums, missing[bisect_right(starts, found.at) - 1], found, [(TAGGED, "")])
        for found in slices(tenant, wanted, Written.DISPOSITION):
            place = (Written.DISPOSITION.value, found.disposition)
            _add(sums, missing[bisect_right(starts, found.at) - 1], found, [place])
    for since, until in minus([day], missing) if over else ():
        for found in slices(tenant, ReportFilter(since=since, until=until)):
            _add(sums, day, found, _pair(found))
    return sums


_TOTAL, _QUEUE, _AGENT, _NUMBER, _TAG = (
    one.value for one in (Dimension.TOTAL, Dimension.QUEUE, Dimension.AGENT, Dimension.NUMBER, Dimension.TAG)
)


def _keys(found: Slice) -> list[tuple[str, str | None]]:
    """Return the sums that a slice is in, as `Dimension.key` has it; None: none of this dimension."""
    return [(_TOTAL, ""), (_QUEUE, found.queue or None), (_AGENT, found.agent), (_NUMBER, found.number or None)]


def _pair(found: Slice) -> list[tuple[str, str | None]]:
    return [(found.queue, found.agent)] if found.queue else []


def _add(sums: Sums, hour: Span, found: Slice, keys: list[tuple[str, str | None]]) -> None:
    values = sums_of(found.tally)
    for dimension, key in keys:
        if key is not None:
            place = (hour, dimension, key)
            sums[place] = list(map(add, sums[place], values)) if place in sums else list(values)


def _write(tenant: str, day: _Day, some: Sequence[Span], sums: Sums) -> None:
    """Put the sums of some hours where older ones, those of another time zone, and the day's were."""
    kept = set(day.known) - set(some)
    gone = [id_ for id_, (step, _, span) in day.periods.items() if step == Step.DAY or span not in kept]
    for ids in chunked(gone, AT_ONCE):
        ReportPeriod.delete().where(ReportPeriod.id.in_(ids)).execute()
    made = {hour: _period(tenant, Step.HOUR, hour, day.zone) for hour in some}
    _write_sums(made, sums)


def _write_sums(made: Mapping[Span, int], sums: Sums) -> None:
    """Write the sums of those periods that have been made."""
    rows = [
        (made[span], dimension, key, *values)
        for (span, dimension, key), values in sorted(sums.items())
        if span in made and any(values)
    ]
    insert_rows(ReportSum, ["period_id", "dimension", "key", *NAMES], rows)


def _write_day(tenant: str, span: Span, zone: ZoneInfo, sums: Sums) -> None:
    """Add a day up from its hours, if all of them hold, and write its sums by queue and agent."""
    day = _look(tenant, span, zone)
    if set(hours(span, zone)) - {one for step, _, one in day.periods.values() if step == Step.HOUR}:
        return
    _write_sums({span: _period(tenant, PAIRS, span, zone)}, sums)
    whole = _period(tenant, Step.DAY, span, zone)
    ids = [id_ for id_, (step, _, _) in day.periods.items() if step == Step.HOUR]
    totals = [fn.SUM(column).cast("bigint") for column in COLUMNS]
    found = ReportSum.select(Value(whole).cast("bigint"), ReportSum.dimension, ReportSum.key, *totals)
    found = found.where(ReportSum.period.in_(ids)).group_by(ReportSum.dimension, ReportSum.key)
    ReportSum.insert_from(found, [ReportSum.period, ReportSum.dimension, ReportSum.key, *COLUMNS]).execute()


def _period(tenant: str, step: str, span: Span, zone: ZoneInfo) -> int:
    values = {"tenant": tenant, "step": str(step), "zone": zone.key, "since": span.since, "until": span.until}
    return int(ReportPeriod.insert(values).execute())


def _cut(tenant: str, marks: dict[int, Span], done: Span) -> None:
    """Take a time that has been added up out of the marks that were seen before; what is left of them stays."""
    left = minus(marks.values(), [done])
    for ids in chunked(marks, AT_ONCE):
        ReportMark.delete().where(ReportMark.id.in_(ids)).execute()
    rows = [{"tenant": tenant, "since": span.since, "until": span.until} for span in left]
    for batch in chunked(rows, AT_ONCE):
        ReportMark.insert_many(batch).execute()


def _forget(tenant: str, zone: ZoneInfo, ready: int) -> None:
    """Drop marks of the time before the first day. A call that comes late makes its own, which is not seen here."""
    marks = _marks(tenant, Span(0, ready))
    first = _first_day(tenant, zone, ready)
    old = [id_ for id_, span in marks.items() if span.until <= first]
    for ids in chunked(old, AT_ONCE):
        ReportMark.delete().where(ReportMark.id.in_(ids)).execute()
