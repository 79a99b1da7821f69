"""The list of callers who go before others, in the database: always one tenant's."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from peewee import IntegrityError, chunked

from orchestrator.database.connection import bound_database
from orchestrator.database.models import CallerPriority
from orchestrator.database.paging import Page, read_page

#: Rows read or written with one statement.
BATCH = 500


class CallerListedError(ValueError):
    """The number is on the list already; `entry` is its one spelling."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"{entry} is on the list already: change that entry")
        self.entry = entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What people say of a caller: the number as written, its one spelling `entry`, and the priority (0-99)."""

    number: str
    entry: str
    priority: int
    description: str = ""


def list_callers(tenant: str, text: str | None, cursor: str | None, size: int) -> Page[CallerPriority]:
    """Read a page, newest first; `text` is a part of number or description. Raises BadCursorError."""
    table = CallerPriority
    conditions = [table.tenant == tenant]
    if text:
        conditions.append(table.number.contains(text) | table.entry.contains(text) | table.description.contains(text))
    return read_page(table, table.created, conditions, cursor, size)


def callers_in_force(tenant: str) -> Iterator[tuple[str, int]]:
    """Read what is to be published."""
    table = CallerPriority
    yield from table.select(table.entry, table.priority).where(table.tenant == tenant).tuples().iterator()


def find_caller(tenant: str, id_: int) -> CallerPriority | None:
    """Read one entry, None when the tenant has none of this id."""
    found: CallerPriority | None = CallerPriority.get_or_none(CallerPriority.tenant == tenant, CallerPriority.id == id_)
    return found


def known_callers(tenant: str, entries: Collection[str]) -> set[str]:
    """Return those of `entries` that are on the list."""
    table = CallerPriority
    return {
        row.entry
        for batch in chunked(entries, BATCH)
        for row in table.select(table.entry).where(table.tenant == tenant, table.entry.in_(batch))
    }


def add_callers(tenant: str, listed: Sequence[Listed], who: str, at: int) -> None:
    """Add entries made by a user (an id) at `at` (us UTC); raises CallerListedError for a single one."""
    try:
        with bound_database().atomic():
            for batch in chunked(listed, BATCH):
                CallerPriority.insert_many([_row(tenant, one, who, at) for one in batch]).execute()
    except IntegrityError as error:
        raise CallerListedError(listed[0].entry) from error


def change_caller(row: CallerPriority, listed: Listed) -> None:
    """Change what an entry says; raises CallerListedError when another one has the number."""
    row.number, row.entry, row.priority, row.description = (
        listed.number, listed.entry, listed.priority, listed.description,
    )  # fmt: skip
    try:
        with bound_database().atomic():
            row.save(only=row.dirty_fields)
    except IntegrityError as error:
        raise CallerListedError(listed.entry) from error


def _row(tenant: str, listed: Listed, who: str, at: int) -> dict[str, object]:
    return {
        "tenant": tenant,
        "number": listed.number,
        "entry": listed.entry,
        "priority": listed.priority,
        "description": listed.description,
        "created": at,
        "created_by": who,
    }
