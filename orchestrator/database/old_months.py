"""Whole months that no tenant keeps any more, on PostgreSQL: dropped at once, whatever they hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from peewee import Expression, fn

from orchestrator.database.connection import bound_database
from orchestrator.database.counting import REPEATED_WITHIN_US
from orchestrator.database.models import CallEventRow, CallForm, CallRecord, Recording, Tenant
from orchestrator.database.partitions import LONGEST_CALL_US, Month, drop_month, months
from orchestrator.database.recordings import Status
from orchestrator.database.report_marks import mark_all
from orchestrator.database.retention import MS_US, Kept, retention_of
from orchestrator.domain.report_sums import Span

DAY_US = 86_400_000_000


def old_months(now: int) -> Iterator[tuple[Kept, Month]]:
    """Yield the months of calls, then those of stories, that every tenant's days are over for at `now` (us UTC).

    Sound is kept by days of its own, or by hand: a month with any left is none, its other calls go one by one.
    """
    for kind, table in ((Kept.CALLS, "call_record"), (Kept.STORIES, "call_event")):
        oldest = _kept_from(kind, now)
        for month in months(bound_database(), table):
            if oldest is None or month.until > oldest:
                break
            if not (kind is Kept.CALLS and _sounds(month)):
                yield kind, month


def drop_whole(kind: Kept, month: Month) -> Mapping[str, int]:
    """Drop a month of calls with everything about them, or of stories; returns how many rows each tenant had.

    Call it in a transaction.
    """
    table, condition = (CallRecord, _in(month)) if kind is Kept.CALLS else (CallEventRow, _told_in(month))
    rows: Any = table.select(table.tenant, fn.COUNT(table.id)).where(condition).group_by(table.tenant).tuples()
    had = {str(tenant): int(count) for tenant, count in rows}
    if kind is Kept.CALLS:
        mine = (CallRecord.tenant == CallForm.tenant) & (CallRecord.call == CallForm.call)
        CallForm.delete().where(fn.EXISTS(CallRecord.select(CallRecord.id).where(mine, _in(month)))).execute()
        # What calls of the month count for, and what callers of its last day repeated by calling again.
        mark_all(Span(month.since, month.until + REPEATED_WITHIN_US + LONGEST_CALL_US))
    drop_month(bound_database(), month, stories_only=kind is Kept.STORIES)
    return had


def _kept_from(kind: Kept, now: int) -> int | None:
    """Return from when on somebody keeps what is of a kind (us UTC), None: somebody keeps all."""
    days = [retention_of(row.id).of(kind) for row in Tenant.select(Tenant.id)]
    kept = [one for one in days if one is not None]
    return now - max(kept) * DAY_US if kept and len(kept) == len(days) else None


def _in(month: Month) -> Expression:
    return (CallRecord.arrived >= month.since) & (CallRecord.arrived < month.until)


def _told_in(month: Month) -> Expression:
    return (CallEventRow.ms >= month.since // MS_US) & (CallEventRow.ms < month.until // MS_US)


def _sounds(month: Month) -> bool:
    mine = (CallRecord.tenant == Recording.tenant) & (CallRecord.call == Recording.call)
    left = Recording.select(Recording.id).join(CallRecord, on=mine).where(_in(month))
    return bool(left.where(Recording.status != Status.DELETED.value).exists())
