"""The blacklist in the database: always one tenant's (BLACK-1)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from peewee import Expression, IntegrityError, chunked, fn

from orchestrator.database.connection import bound_database
from orchestrator.database.models import BlacklistEntry, CallRecord
from orchestrator.database.paging import Page, read_page
from orchestrator.domain.blacklist import BlockedNumber, Direction

#: Rows read or written with one statement.
BATCH = 500


class EntryListedError(ValueError):
    """The number is on the list already; `entry` is its one spelling."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"{entry} is on the blacklist already: change that entry")
        self.entry = entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What people say of a number, and its one spelling `entry`; `expires` is microseconds UTC, None = never."""

    number: str
    entry: str
    direction: Direction
    description: str = ""
    expires: int | None = None

    def blocked(self) -> BlockedNumber:
        """Return the entry as the call path knows it."""
        return BlockedNumber(entry=self.entry, direction=self.direction, expires=self.expires)


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


def all_entries(tenant: str) -> Iterator[BlacklistEntry]:
    """Read all entries, oldest first, in short queries: writers are held up by none of them."""
    table, last = BlacklistEntry, 0
    while rows := list(table.select().where(table.tenant == tenant, table.id > last).order_by(table.id).limit(BATCH)):
        yield from rows
        last = rows[-1].id


def entries_in_force(tenant: str, now: int) -> Iterator[BlockedNumber]:
    """Read what is to be published: everything that has not expired at `now` (us UTC)."""
    table = BlacklistEntry
    alive = table.expires.is_null() | (table.expires > now)
    rows = table.select(table.entry, table.direction, table.expires).where(table.tenant == tenant, alive)
    for entry, direction, expires in rows.tuples().iterator():
        yield BlockedNumber(entry=entry, direction=Direction(direction), expires=expires)


def find_entry(tenant: str, id_: int) -> BlacklistEntry | None:
    """Read one entry, None when the tenant has none of this id."""
    found: BlacklistEntry | None = BlacklistEntry.get_or_none(BlacklistEntry.tenant == tenant, BlacklistEntry.id == id_)
    return found


def listed(tenant: str, entries: Collection[str]) -> set[str]:
    """Return those of `entries` that are on the list."""
    table = BlacklistEntry
    return {
        row.entry
        for batch in chunked(entries, BATCH)
        for row in table.select(table.entry).where(table.tenant == tenant, table.entry.in_(batch))
    }


def add_entry(tenant: str, listing: Listing, who: str, at: int) -> BlacklistEntry:
    """Add an entry made by a user (an id) at `at` (us UTC); raises EntryListedError."""
    try:
        with bound_database().atomic():
            return BlacklistEntry.create(**_row(tenant, listing, who, at))
    except IntegrityError as error:
        raise EntryListedError(listing.entry) from error


def add_entries(tenant: str, listings: Sequence[Listing], who: str, at: int) -> None:
    """Add many entries, none of them listed yet, with their order as that of their making."""
    for batch in chunked(listings, BATCH):
        BlacklistEntry.insert_many([_row(tenant, listing, who, at) for listing in batch]).execute()


def change_entry(row: BlacklistEntry, listing: Listing) -> None:
    """Change what an entry says; raises EntryListedError when another one has the number."""
    for name, value in _values(listing).items():
        setattr(row, name, value)
    try:
        with bound_database().atomic():
            row.save(only=row.dirty_fields)
    except IntegrityError as error:
        raise EntryListedError(listing.entry) from error


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


def _row(tenant: str, listing: Listing, who: str, at: int) -> dict[str, object]:
    return {"tenant": tenant, **_values(listing), "created": at, "created_by": who}


def _values(listing: Listing) -> dict[str, object]:
    return {
        "number": listing.number,
        "entry": listing.entry,
        "direction": listing.direction.value,
        "description": listing.description,
        "expires": listing.expires,
    }
