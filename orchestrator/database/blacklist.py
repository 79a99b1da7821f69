"""The blacklist in the database: always one tenant's (BLACK-1)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from peewee import Expression, fn

from orchestrator.database.models import BlacklistEntry, CallRecord
from orchestrator.database.paging import Page, read_page
from orchestrator.domain.blacklist import BlockedNumber, Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What people say of a number; `entry` is its one spelling, empty while nobody has spelled it.

    `expires` is microseconds UTC, None = never.
    """

    number: str
    entry: str = ""
    direction: Direction
    description: str = ""
    expires: int | None = None

    def blocked(self) -> BlockedNumber:
        """Return the entry as the call path knows it."""
        return BlockedNumber(entry=self.entry, direction=self.direction, expires=self.expires)

    def values(self) -> dict[str, object]:
        """Return the columns."""
        return {name: getattr(self, name) for name in COLUMNS} | {"direction": self.direction.value}


COLUMNS = ("number", "entry", "direction", "description", "expires")


def listing_of(row: BlacklistEntry) -> Listing:
    """Return what an entry says."""
    said = {name: getattr(row, name) for name in COLUMNS}
    return Listing(**said | {"direction": Direction(row.direction)})


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are meant; None = all. `direction` also means entries for both.

    `text` is a part of the number, of the description or of the number's one spelling, where it may read `spelling`.
    """

    text: str | None = None
    spelling: str | None = None
    direction: Direction | None = None


def list_entries(tenant: str, wanted: EntryFilter, cursor: str | None = None, size: int = 50) -> Page[BlacklistEntry]:
    """Read a page of entries, newest first; raises BadCursorError."""
    conditions = [BlacklistEntry.tenant == tenant, *_conditions(wanted)]
    return read_page(BlacklistEntry, BlacklistEntry.created, conditions, cursor, size)


def entries_in_force(tenant: str, now: int) -> Iterator[BlockedNumber]:
    """Read what is to be published: everything that has not expired at `now` (us UTC)."""
    table = BlacklistEntry
    alive = table.expires.is_null() | (table.expires > now)
    rows = table.select(table.entry, table.direction, table.expires).where(table.tenant == tenant, alive)
    for entry, direction, expires in rows.tuples().iterator():
        yield BlockedNumber(entry=entry, direction=Direction(direction), expires=expires)


def count_hits(tenant: str, entries: Collection[str]) -> None:
    """Count the calls that entries have refused, anew from the records: doing it again changes nothing."""
    for entry in entries:
        row = BlacklistEntry.get_or_none(BlacklistEntry.tenant == tenant, BlacklistEntry.entry == entry)
        if row:
            refused = (CallRecord.tenant == tenant, CallRecord.blocked_by == entry, CallRecord.ended >= row.created)
            hits, last = (
                CallRecord.select(fn.COUNT(CallRecord.id), fn.MAX(CallRecord.ended))
                .where(*refused)
                .scalar(as_tuple=True)
            )
            BlacklistEntry.update(hits=hits, last_hit=last).where(BlacklistEntry.id == row.id).execute()


def _conditions(wanted: EntryFilter) -> Iterator[Expression]:
    table = BlacklistEntry
    if wanted.text:
        spelled = table.entry.contains(wanted.text) | table.entry.contains(wanted.spelling or wanted.text)
        yield table.number.contains(wanted.text) | table.description.contains(wanted.text) | spelled
    if wanted.direction:
        yield table.direction.in_([wanted.direction.value, Direction.BOTH.value])
