"""What tenants keep, and for how long: the kinds, their least and usual days, what is too old. Always one tenant's.

Bills are no kind: charges, the ledger and statements are kept for ever, and so keep their arithmetic.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from peewee import Expression, chunked, fn

from orchestrator.database.call_places import Place, delete_records
from orchestrator.database.connection import bound_database
from orchestrator.database.models import (
    AgentStateInterval,
    AuditRow,
    CallEventRow,
    CallForm,
    CallRecord,
    Customer,
    CustomerNumber,
    Mail,
    Recording,
    RetentionSetting,
    Tenant,
    WebhookDelivery,
)
from orchestrator.database.recordings import Status
from orchestrator.database.report_marks import mark_calls, mark_spans, mark_talks
from orchestrator.domain.config import COUNTRY
from orchestrator.domain.report_sums import Span
from orchestrator.service.numbers import spellings

#: Rows deleted with one transaction: writers wait for no more.
BATCH = 200

MS_US = 1000


class Kept(StrEnum):
    """The kinds of what is kept."""

    CALLS = "calls"
    STORIES = "stories"
    STATES = "states"
    CUSTOMERS = "customers"
    MESSAGES = "messages"
    EXPORTS = "exports"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Days: the least and the most that can be set, and what holds when nothing is (None = for ever)."""

    least: int
    most: int
    usual: int | None


#: Calls are charged, corrected and reported for some time: three months at least. The audit is kept a year.
BOUNDS: Mapping[Kept, Bounds] = {
    Kept.CALLS: Bounds(90, 3660, None),
    Kept.STORIES: Bounds(30, 3660, None),
    Kept.STATES: Bounds(90, 3660, None),
    Kept.CUSTOMERS: Bounds(180, 3660, None),
    Kept.MESSAGES: Bounds(2, 365, 30),
    Kept.EXPORTS: Bounds(1, 30, 7),
    Kept.AUDIT: Bounds(365, 3660, None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days by kind, None = for ever, or what is usual where that can't be."""

    days: dict[Kept, int | None] = field(default_factory=dict)

    def of(self, kind: Kept) -> int | None:
        """Return the days that hold."""
        chosen = self.days.get(kind)
        return BOUNDS[kind].usual if chosen is None else chosen


class RetentionArea:
    """The area `retention`: one thing a tenant, named by the tenant's id."""

    name = "retention"

    def all(self, tenant: str) -> list[Retention]:
        """Read it."""
        found = self.find(tenant, tenant)
        return [found] if found else []

    def find(self, tenant: str, key: str) -> Retention | None:
        """Read it, None for another key than the tenant's own or a tenant that there isn't."""
        if key != tenant or Tenant.get_or_none(Tenant.id == tenant) is None:
            return None
        return retention_of(tenant)

    def put(self, tenant: str, retention: Retention) -> None:
        """Write it."""
        values = {"tenant": tenant, "days": {kind.value: days for kind, days in retention.days.items()}, "kept": ""}
        wanted = RetentionSetting.insert(values)
        wanted.on_conflict(conflict_target=[RetentionSetting.tenant], preserve=[RetentionSetting.days]).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Keep everything as is usual."""
        if key == tenant:
            self.put(tenant, Retention())


def retention_of(tenant: str) -> Retention:
    """Return what holds for a tenant."""
    row = RetentionSetting.get_or_none(RetentionSetting.tenant == tenant)
    known = row.days if row else {}
    return Retention(days={kind: known.get(kind.value) for kind in Kept})


def kept_on(tenant: str) -> str:
    """Return the tenant's day on which what is too old was deleted last, empty for never."""
    row = RetentionSetting.get_or_none(RetentionSetting.tenant == tenant)
    return row.kept if row else ""


def note_kept(tenant: str, day: str) -> None:
    """Note that what is too old was deleted on a day of the tenant's."""
    values = {"tenant": tenant, "days": {}, "kept": day}
    wanted = RetentionSetting.insert(values)
    wanted.on_conflict(conflict_target=[RetentionSetting.tenant], preserve=[RetentionSetting.kept]).execute()


def count_older(tenant: str, kind: Kept, before: int) -> int:
    """Count what of a kind is older than a moment (us UTC) and would be deleted."""
    if kind is Kept.CUSTOMERS:
        return sum(len(some) for some in _quiet_customers(tenant, before))
    table, condition = _OLDER[kind](tenant, before)
    return int(table.select().where(condition).count())


def delete_older(tenant: str, kind: Kept, before: int) -> int:
    """Delete what of a kind is older than a moment (us UTC), with what belongs to it; returns how many.

    A batch is a transaction: who is killed between two has deleted some, and the next time the others go.
    """
    if kind is Kept.CUSTOMERS:
        return sum(_delete_customers(some) for some in _quiet_customers(tenant, before))
    deleted = 0
    while found := _delete_batch(tenant, kind, before):
        deleted += found
    return deleted


def _delete_batch(tenant: str, kind: Kept, before: int) -> int:
    table, condition = _OLDER[kind](tenant, before)
    with bound_database().atomic():
        found = list(table.select().where(condition).order_by(_AGE[kind]).limit(BATCH))
        if kind is Kept.CALLS:
            _delete_calls(tenant, found)
        elif kind is Kept.STATES:
            _mark_states(tenant, found)
            _delete(table, found)
        elif kind is Kept.STORIES:
            # The latest time names the months that are looked into, where the table is divided by month.
            _delete(table, found, CallEventRow.ms <= max((row.ms for row in found), default=0))
        else:
            _delete(table, found)
    return len(found)


def _delete(table: Any, found: list[Any], *more: Expression) -> None:  # noqa: ANN401 - any table
    if found:
        table.delete().where(table.id.in_([row.id for row in found]), *more).execute()


def _delete_calls(tenant: str, found: list[CallRecord]) -> None:
    """Delete records with their parts, what was written about them, and their stories: else they would be made anew."""
    calls = [row.call for row in found]
    if calls:
        mark_calls(tenant, calls)
        CallForm.delete().where(CallForm.tenant == tenant, CallForm.call.in_(calls)).execute()
        CallEventRow.delete().where(CallEventRow.tenant == tenant, CallEventRow.call.in_(calls)).execute()
        delete_records([Place(row.id, row.arrived) for row in found])


def _mark_states(tenant: str, found: list[AgentStateInterval]) -> None:
    """Sums of reports have the agents' time at work, and wrap-up by the conversations before."""
    mark_spans(tenant, [Span(row.started, row.ended or row.started) for row in found])
    mark_talks(tenant, sorted({row.call for row in found if row.call}))


Older = tuple[Any, Any]


def _calls(tenant: str, before: int) -> Older:
    """Calls whose sound is still kept, or held, stay."""
    sound = Recording.select(Recording.id).where(
        Recording.tenant == tenant, Recording.call == CallRecord.call, Recording.status != Status.DELETED.value
    )
    return CallRecord, (CallRecord.tenant == tenant) & (CallRecord.arrived < before) & ~fn.EXISTS(sound)


def _stories(tenant: str, before: int) -> Older:
    """Events by their stream ids, which begin with the time, of 13 digits until 2286: that is what has an index."""
    table, ms = CallEventRow, before // MS_US
    return table, (table.tenant == tenant) & (table.ms < ms) & (table.stream_id < str(ms))


def _states(tenant: str, before: int) -> Older:
    table = AgentStateInterval
    return table, (table.tenant == tenant) & table.ended.is_null(False) & (table.ended < before)


def _quiet_customers(tenant: str, before: int) -> Iterator[list[int]]:
    """Yield, some at a time, customers who were not changed since and neither called nor were called."""
    country, last = Tenant.get_by_id(tenant).country or COUNTRY, 0
    table = Customer
    while True:
        old = (table.tenant == tenant) & (table.changed < before) & (table.id > last)
        rows = list(table.select(table.id).where(old).order_by(table.id).limit(BATCH))
        if not rows:
            return
        last = rows[-1].id
        yield sorted({row.id for row in rows} - _heard_of(tenant, [row.id for row in rows], before, country))


def _heard_of(tenant: str, customers: list[int], since: int, country: str) -> set[int]:
    """Name those of the customers with a number of a call since a moment, however switches wrote it."""
    numbers = CustomerNumber.select().where(CustomerNumber.customer.in_(customers))
    owners = {way: row.customer_id for row in numbers for way in spellings(row.number, country)}
    heard: set[int] = set()
    for ways in chunked(owners, 1000):
        calls = CallRecord.select(CallRecord.caller).where(
            CallRecord.tenant == tenant, CallRecord.caller.in_(ways), CallRecord.arrived >= since
        )
        heard |= {owners[row.caller] for row in calls.distinct()}
    return heard


def _delete_customers(some: list[int]) -> int:
    with bound_database().atomic():
        return int(Customer.delete().where(Customer.id.in_(some)).execute()) if some else 0


def _messages(tenant: str, before: int) -> Older:
    """Webhooks' messages that are done; e-mail is deleted besides."""
    table = WebhookDelivery
    return table, (table.tenant == tenant) & (table.status != "pending") & (table.created < before)


def _audit(tenant: str, before: int) -> Older:
    return AuditRow, (AuditRow.tenant == tenant) & (AuditRow.at < before)


_OLDER: Mapping[Kept, Callable[[str, int], Older]] = {
    Kept.CALLS: _calls,
    Kept.STORIES: _stories,
    Kept.STATES: _states,
    Kept.MESSAGES: _messages,
    Kept.AUDIT: _audit,
}
_AGE = {
    Kept.CALLS: CallRecord.arrived,
    Kept.STORIES: CallEventRow.stream_id,
    Kept.STATES: AgentStateInterval.started,
    Kept.MESSAGES: WebhookDelivery.created,
    Kept.AUDIT: AuditRow.at,
}

#: Exports end by a time of their own (`orchestrator.database.exports`): what is set counts for new ones.
DELETED = (*_OLDER, Kept.CUSTOMERS)


def delete_mail(tenant: str, before: int, most: int = BATCH) -> int:
    """Delete the oldest e-mail made before a moment (us UTC), sent or not; returns how many."""
    old = Mail.select(Mail.id).where(Mail.tenant == tenant, Mail.created < before).order_by(Mail.created).limit(most)
    ids = [row.id for row in old]
    if ids:
        Mail.delete().where(Mail.id.in_(ids)).execute()
    return len(ids)
