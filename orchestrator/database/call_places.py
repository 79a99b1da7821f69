"""Finding call records by their calls, and parts by their records: in one month, where tables are divided by month."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import ModelSelect, Tuple
from peewee import Table as Query

from orchestrator.database.connection import bound_database
from orchestrator.database.models import CallLeg, CallRecord, OfferRow, QueueStay
from orchestrator.database.partitions import partitioned
from orchestrator.database.sets import any_of

Part = TypeVar("Part", CallLeg, QueueStay, OfferRow)

#: PostgreSQL: which calls have records, whatever the month; the database itself keeps it (migration 039).
KEYS, RECORDS = Query("call_key"), Query("call_record")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call's record is: its id, and the time it is filed under (us UTC)."""

    id: int
    arrived: int


def places(tenant: str, calls: Collection[str]) -> dict[str, Place]:
    """Return where the records of those calls are that have one."""
    table, id_ = (KEYS, KEYS.c.record) if partitioned(bound_database()) else (RECORDS, RECORDS.c.id)
    found = table.select(table.c.call, id_, table.c.arrived)
    found = found.where(table.c.tenant == tenant, any_of(table.c.call, calls))
    rows = found.tuples().execute(bound_database()) if calls else ()
    return {call: Place(record, arrived) for call, record, arrived in rows}


def find_record(tenant: str, call: str) -> CallRecord | None:
    """Return the record of a call, None where there is none."""
    place = places(tenant, [call]).get(call)
    return CallRecord.get_or_none(CallRecord.id == place.id, CallRecord.arrived == place.arrived) if place else None


def parts_of(table: type[Part], record: CallRecord) -> "ModelSelect[Part]":
    """Return the query for the legs, stays or offers of a record."""
    return table.select().where(table.record == record, table.arrived == record.arrived)


def with_parts(table: Any, *conditions: Any) -> Any:  # noqa: ANN401 - parts of a query
    """Return the condition on a record to have such a leg, stay or offer.

    SQLite (3.40 at least) finds nothing for two columns at once where an index has both.
    """
    if not partitioned(bound_database()):
        return CallRecord.id.in_(table.select(table.record).where(*conditions))
    return Tuple(CallRecord.id, CallRecord.arrived).in_(table.select(table.record, table.arrived).where(*conditions))


def delete_records(some: Collection[Place]) -> None:
    """Delete records with all their parts, a few hundred at a time at most."""
    if some:
        times = {place.arrived for place in some}
        CallRecord.delete().where(
            any_of(CallRecord.id, [place.id for place in some]),
            CallRecord.arrived.between(min(times), max(times)),
        ).execute()
