"""Marks on the time that sums of reports no longer hold for. Whoever writes what reports count, marks it with that.

Marks are only ever added, never shared or moved: so nobody who writes waits for another, and whoever adds up knows by
their ids which he has seen. Call all of this in the transaction that changes the rows, before and after deleting.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from orchestrator.database.call_places import Place, places
from orchestrator.database.counting import REPEATED_WITHIN_US, STAYS
from orchestrator.database.models import CallLeg, CallRecord, QueueStay, ReportMark, Tenant, VoicemailRow
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.report_sums import Span, in_quarters, merged, quarters_of


def mark(tenant: str, moments: Iterable[int]) -> None:
    """Mark the quarters of an hour of these moments, us UTC."""
    mark_spans(tenant, quarters_of(moments))


def mark_spans(tenant: str, spans: Iterable[Span]) -> None:
    """Mark stretches of time, by whole quarters of an hour."""
    rows = [{"tenant": tenant, "since": span.since, "until": span.until} for span in merged(map(in_quarters, spans))]
    if rows:
        ReportMark.insert_many(rows).execute()


def mark_all(span: Span) -> None:
    """Mark a stretch of every tenant's time."""
    for row in list(Tenant.select(Tenant.id)):
        mark_spans(row.id, [span])


def mark_calls(tenant: str, calls: Collection[str]) -> None:
    """Mark the times at which anything of these calls counts, as their records are now; a few hundred at most."""
    found = places(tenant, calls)
    mark(tenant, (*moments_of(tenant, found), *messages_of(tenant, calls)))


def mark_talks(tenant: str, calls: Collection[str]) -> None:
    """Mark the times at which conversations of these calls count, with the wrap-up after them."""
    found = list(places(tenant, calls).values())
    if found:
        mark(tenant, _joined(found))


def moments_of(tenant: str, found: dict[str, Place]) -> Iterator[int]:
    """Yield the times at which something of records counts, and that of later calls of the same callers."""
    some = list(found.values())
    if not some:
        return
    stays: Any = QueueStay.select(QueueStay.ended).where(QueueStay.record.in_(_ids(some)), _filed(QueueStay, some))
    yield from (ended for (ended,) in stays.tuples())
    yield from _joined(some)
    records = CallRecord.select(CallRecord.arrived, CallRecord.direction, CallRecord.caller)
    rows: Any = list(records.where(CallRecord.id.in_(_ids(some)), _filed(CallRecord, some)).tuples())
    yield from (arrived for arrived, direction, _ in rows if direction == "out")
    yield from _repeated(tenant, {caller for _, direction, caller in rows if caller and direction != "out"}, some)


def messages_of(tenant: str, calls: Collection[str]) -> Iterator[int]:
    """Yield when callers left messages."""
    mine = (VoicemailRow.tenant == tenant) & VoicemailRow.call.in_(list(calls))
    yield from (row.at for row in VoicemailRow.select(VoicemailRow.at).where(mine))


def _repeated(tenant: str, callers: Collection[str], some: list[Place]) -> Iterator[int]:
    """Yield when later calls of these callers were connected: what they repeat may have come, or gone."""
    if not callers:
        return
    first, last = _times(some)
    later: Any = (
        QueueStay.select(QueueStay.ended)
        .join(CallRecord, on=STAYS.of_record())
        .where(
            CallRecord.tenant == tenant,
            CallRecord.caller.in_(list(callers)),
            CallRecord.arrived > first,
            CallRecord.arrived <= last + REPEATED_WITHIN_US,
            QueueStay.arrived > first,
            QueueStay.arrived <= last + REPEATED_WITHIN_US,
            QueueStay.outcome == Outcome.CONNECTED.value,
        )
    )
    yield from (ended for (ended,) in later.tuples())


def _joined(some: list[Place]) -> Iterator[int]:
    found: Any = CallLeg.select(CallLeg.joined).where(
        CallLeg.record.in_(_ids(some)), _filed(CallLeg, some), CallLeg.joined.is_null(False)
    )
    yield from (joined for (joined,) in found.tuples())


def _ids(some: list[Place]) -> list[int]:
    return [place.id for place in some]


def _times(some: list[Place]) -> tuple[int, int]:
    times = [place.arrived for place in some]
    return min(times), max(times)


def _filed(table: type[CallRecord] | type[CallLeg] | type[QueueStay], some: list[Place]) -> object:
    """Return the condition that names the months, where tables are divided by month."""
    return table.arrived.between(*_times(some))
