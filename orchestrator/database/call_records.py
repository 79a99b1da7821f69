"""Reading call records (CDR-1): always one tenant's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, Expression, Function

from orchestrator.database.call_forms import listed
from orchestrator.database.call_places import find_record, parts_of, with_parts
from orchestrator.database.connection import bound_database
from orchestrator.database.models import CallEventRow, CallLeg, CallRecord, OfferRow, QueueStay
from orchestrator.database.paging import Page, read_page
from orchestrator.database.partitions import LONGEST_CALL_US, partitioned
from orchestrator.database.recordings import heard
from orchestrator.database.reports import ReportFilter, calls_counted
from orchestrator.domain.reports import Counted, Dimension

#: A part of a number is rare from so many characters on: shorter ones soon fill a page, newest first.
RARE_PART = 5

#: So many calls count as few.
FEW_CALLS = 1_000

#: Later than any call, us.
MOST_BIG = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which calls are meant; None = all. `since` <= arrival < `until`, microseconds UTC.

    `number` is a part of the caller's or the dialled number, `ways` are those of writing a whole one: with both, the
    part counts where nobody has the whole; `agents`, `queues`, `outcomes`, `scores` are any of those,
    `dispositions` and `tags` any of those that an agent gave the call; `direction` is in or out;
    `recorded` asks whether a recording of the talk can be heard.
    With `left_since` or `left_until` calls are meant that left a queue's line then: of these queues, to these agents.
    With `figure`, those that a report counts under it in that time: of these queues, agents and `numbers` of the
    company, with the tag `tag` (empty: any, None: or none); `threshold_us` and `keyed` are the report's.
    """

    since: int | None = None
    until: int | None = None
    queues: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None
    number: str | None = None
    ways: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    scores: tuple[int, ...] | None = None
    dispositions: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    direction: str | None = None
    recorded: bool | None = None
    left_since: int | None = None
    left_until: int | None = None
    figure: Counted | None = None
    numbers: tuple[str, ...] | None = None
    tag: str | None = None
    threshold_us: int | None = None
    keyed: Dimension = Dimension.TOTAL

    @property
    def by_stays(self) -> bool:
        """Tell whether queues and agents are asked for as those of stays, as reports count them."""
        return self.left_since is not None or self.left_until is not None


@dataclass(frozen=True, slots=True)
class CallDetail:
    """A call with everything that belongs to it, each part in the order of time."""

    record: CallRecord
    legs: list[CallLeg]
    stays: list[QueueStay]
    offers: list[OfferRow]


def list_calls(tenant: str, wanted: CallFilter, cursor: str | None = None, size: int = 50) -> Page[CallRecord]:
    """Read a page of calls, newest arrival first; raises BadCursorError."""
    wanted = _decided(tenant, wanted)
    conditions = [CallRecord.tenant == tenant, *_conditions(tenant, wanted)]
    if len(wanted.number or "") >= RARE_PART and partitioned(bound_database()):
        conditions = _found_first(conditions)
    return read_page(CallRecord, CallRecord.arrived, conditions, cursor, size)


def _found_first(conditions: list[Expression | Function]) -> list[Expression | Function]:
    """Return the same conditions, or those of the calls themselves if these are few.

    Asked for a page in order, PostgreSQL goes through all calls, newest first, expecting that a number soon comes.
    Asked for all that meet the conditions, in no order, it begins with the number.
    """
    found: Any = CallRecord.select(CallRecord.id, CallRecord.arrived).where(*conditions).limit(FEW_CALLS + 1).tuples()
    ids, times = zip(*found, strict=True) if len(found) else ((), (0,))
    if len(ids) > FEW_CALLS:
        return conditions
    return [CallRecord.id.in_(ids), CallRecord.arrived.between(min(times), max(times))]


def count_calls(tenant: str, wanted: CallFilter) -> int:
    """Count calls; of millions that takes seconds."""
    conditions = _conditions(tenant, _decided(tenant, wanted))
    return int(CallRecord.select().where(CallRecord.tenant == tenant, *conditions).count())


def call_detail(tenant: str, call: str) -> CallDetail | None:
    """Read one call, None when the tenant has no record of it."""
    record = find_record(tenant, call)
    if record is None:
        return None
    return CallDetail(
        record,
        list(parts_of(CallLeg, record).order_by(CallLeg.created)),
        list(parts_of(QueueStay, record).order_by(QueueStay.entered)),
        list(parts_of(OfferRow, record).order_by(OfferRow.offered)),
    )


def calls_from(
    tenant: str, callers: tuple[str, ...], size: int, *, but: str = "", agents: tuple[str, ...] | None = None
) -> list[CallRecord]:
    """Read the latest calls from any of these numbers, as switches wrote them, newest first, without the call `but`.

    `agents` are those who took them, None = anybody.
    """
    table = CallRecord
    found = table.select().where(table.tenant == tenant, table.caller.in_(callers), table.call != but)
    if agents is not None:
        found = found.where(table.agent.in_(agents))
    return list(found.order_by(table.arrived.desc()).limit(size))


def call_story(tenant: str, call: str) -> list[CallEventRow]:
    """Read every event that names the call, in order: what happened and what was decided (OPS-1)."""
    table = CallEventRow
    return list(table.select().where(table.tenant == tenant, table.call == call).order_by(table.ms, table.n))


def _conditions(tenant: str, wanted: CallFilter) -> Iterator[Expression | Function]:
    if wanted.since is not None:
        yield CallRecord.arrived >= wanted.since
    if wanted.until is not None:
        yield CallRecord.arrived < wanted.until
    yield from _numbered(tenant, wanted)
    if wanted.direction is not None:
        yield CallRecord.direction == wanted.direction
    if wanted.recorded is not None:
        yield heard() if wanted.recorded else ~heard()
    stay = QueueStay if wanted.by_stays else CallRecord
    asked = [
        column.in_(values)
        for column, values in ((stay.queue, wanted.queues), (stay.agent, wanted.agents))
        if values is not None
    ]
    if wanted.figure is not None:
        yield calls_counted(tenant, _reported(wanted), wanted.figure)
    elif wanted.by_stays:
        yield with_parts(QueueStay, QueueStay.tenant == tenant, *_left(wanted), *asked)
        yield from _arrived(wanted, CallRecord)
    else:
        yield from asked
    for column, some in ((CallRecord.outcome, wanted.outcomes), (CallRecord.score, wanted.scores)):
        if some is not None:
            yield column.in_(some)
    yield from listed(tenant, wanted.dispositions, wanted.tags)


def _decided(tenant: str, wanted: CallFilter) -> CallFilter:
    """Return the filter that asks for a whole number or for a part of one, not for both."""
    if not (wanted.ways and wanted.number):
        return wanted
    return replace(wanted, number=None) if _whole(tenant, wanted.ways) else replace(wanted, ways=None)


def _numbered(tenant: str, wanted: CallFilter) -> Iterator[Expression]:
    if wanted.number:
        yield CallRecord.caller.contains(wanted.number) | CallRecord.number.contains(wanted.number)
    if wanted.ways is not None:
        either = _whole(tenant, wanted.ways)
        yield reduce(or_, either) if either else CallRecord.id.is_null()


def _whole(tenant: str, ways: tuple[str, ...]) -> list[Expression]:
    """Return the conditions on a call to have a whole number, of those that any call meets: an index has each."""
    mine = CallRecord.select(SQL("1")).where(CallRecord.tenant == tenant)
    return [
        column.in_(ways) for column in (CallRecord.caller, CallRecord.number) if mine.where(column.in_(ways)).exists()
    ]


def _reported(wanted: CallFilter) -> ReportFilter:
    return ReportFilter(
        since=wanted.left_since or 0,
        until=MOST_BIG if wanted.left_until is None else wanted.left_until,
        queues=wanted.queues or (),
        agents=wanted.agents or (),
        numbers=wanted.numbers or (),
        threshold_us=wanted.threshold_us,
        tagged=wanted.tag == "",
        tag=wanted.tag or None,
        keyed=wanted.keyed,
    )


def _left(wanted: CallFilter) -> Iterator[Expression]:
    if wanted.left_since is not None:
        yield QueueStay.ended >= wanted.left_since
    if wanted.left_until is not None:
        yield QueueStay.ended < wanted.left_until
    yield from _arrived(wanted, QueueStay)


def _arrived(wanted: CallFilter, table: type[CallRecord] | type[QueueStay]) -> Iterator[Expression]:
    """Yield what follows for the arrival of calls that left a line then: tables by months leave out the others."""
    if wanted.left_since is not None:
        yield table.arrived >= wanted.left_since - LONGEST_CALL_US
    if wanted.left_until is not None:
        yield table.arrived < wanted.left_until
