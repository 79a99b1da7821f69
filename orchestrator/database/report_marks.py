"""Marks on the time that sums of reports no longer hold for. Whoever writes what reports count, marks it with that.

Marks are only ever added, never shared or moved: so nobody who writes waits for another, and whoever adds up knows by
their ids which he has seen. Call all of this in the transaction that changes the rows, before and after deleting.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from peewee import chunked

from orchestrator.database.bulk import add_rows
from orchestrator.database.call_places import Place, places
from orchestrator.database.counting import REPEATED_WITHIN_US
from orchestrator.database.models import CallLeg, CallRecord, QueueStay, Recording, ReportMark, Tenant, VoicemailRow
from orchestrator.database.recordings import Kind
from orchestrator.database.sets import any_of
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.report_sums import Span, in_quarters, merged, quarters_of

#: Later calls of the same caller that are asked about at once: some numbers call all day.
AT_ONCE = 500


def mark(tenant: str, moments: Iterable[int]) -> None:
    """Mark the quarters of an hour of these moments, us UTC."""
    mark_spans(tenant, quarters_of(moments))


def mark_spans(tenant: str, spans: Iterable[Span]) -> None:
    """Mark stretches of time, by whole quarters of an hour."""
    rows = [{"tenant": tenant, "since": span.since, "until": span.until} for span in merged(map(in_quarters, spans))]
    add_rows(ReportMark, rows)


def mark_all(span: Span) -> None:
    """Mark a stretch of every tenant's time."""
    for row in list(Tenant.select(Tenant.id)):
        mark_spans(row.id, [span])


def mark_calls(tenant: str, calls: Collection[str]) -> None:
    """Mark the times at which anything of these calls counts, as their records are now; a few hundred at most."""
    mark(tenant, moments_of(tenant, places(tenant, calls)))


def mark_talks(tenant: str, calls: Collection[str]) -> None:
    """Mark the times at which conversations of these calls count, with the wrap-up after them."""
    found = list(places(tenant, calls).values())
    if found:
        mark(tenant, _joined(found))


def moments_of(tenant: str, found: Mapping[str, Place]) -> Iterator[int]:
    """Yield the times at which something of records counts, and that of later calls of the same callers."""
    some = list(found.values())
    if not some:
        return
    yield from _stayed(some)
    yield from _joined(some)
    yield from messages_of(tenant, found)
    records = CallRecord.select(CallRecord.arrived, CallRecord.direction, CallRecord.caller)
    rows: Any = list(records.where(any_of(CallRecord.id, _ids(some)), _filed(CallRecord, some)).tuples())
    yield from (arrived for arrived, direction, _ in rows if direction == "out")
    yield from repeated(tenant, [(caller, arrived) for arrived, direction, caller in rows if direction != "out"])


def messages_of(tenant: str, calls: Collection[str]) -> Iterator[int]:
    """Yield when callers left messages: they are found by their sound."""
    if not calls:
        return
    sound = Recording.select(Recording.recording).where(
        Recording.tenant == tenant, any_of(Recording.call, calls), Recording.kind == Kind.VOICEMAIL
    )
    left: Any = VoicemailRow.select(VoicemailRow.at).where(
        VoicemailRow.tenant == tenant, VoicemailRow.recording.in_(sound)
    )
    yield from (at for (at,) in left.tuples())


def repeated(tenant: str, calls: Iterable[tuple[str, int]]) -> Iterator[int]:
    """Yield when later calls of the same callers were connected: what they repeat may have come, or gone.

    `calls` are those that came in, by caller and arrival; they themselves need not be recorded.
    """
    known = [(caller, arrived) for caller, arrived in calls if caller]
    if not known:
        return
    callers, first, last = {one for one, _ in known}, min(at for _, at in known), max(at for _, at in known)
    later: Any = CallRecord.select(CallRecord.id, CallRecord.arrived).where(
        CallRecord.tenant == tenant,
        any_of(CallRecord.caller, callers),
        CallRecord.arrived > first,
        CallRecord.arrived <= last + REPEATED_WITHIN_US,
    )
    for some in chunked((Place(*row) for row in later.tuples()), AT_ONCE):
        yield from _stayed(list(some), QueueStay.outcome == Outcome.CONNECTED.value)


def _stayed(some: list[Place], *conditions: object) -> Iterator[int]:
    found: Any = QueueStay.select(QueueStay.ended).where(
        any_of(QueueStay.record, _ids(some)), _filed(QueueStay, some), *conditions
    )
    yield from (ended for (ended,) in found.tuples())


def _joined(some: list[Place]) -> Iterator[int]:
    found: Any = CallLeg.select(CallLeg.joined).where(
        any_of(CallLeg.record, _ids(some)), _filed(CallLeg, some), CallLeg.joined.is_null(False)
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
