"""Lists of numbers in the database, always one tenant's: what the blacklist and the callers who go first share."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from peewee import IntegrityError, TextField, chunked

from orchestrator.database.connection import bound_database
from orchestrator.database.models import BlacklistEntry, CallerPriority, NumberedTable

#: Rows read or written with one statement.
BATCH = 500

AnyRow = TypeVar("AnyRow", bound=NumberedTable)
Row = TypeVar("Row", BlacklistEntry, CallerPriority)


class ListedError(ValueError):
    """The number is on the list already; `entry` is its one spelling."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"{entry} is on the list already: change that entry")
        self.entry = entry


class Listed(Protocol):
    """What people say of a number; `entry` is its one spelling, empty while nobody has spelled it."""

    @property
    def number(self) -> str:
        """The number as it was written."""

    @property
    def entry(self) -> str:
        """How it is compared."""

    def values(self) -> Mapping[str, object]:
        """Return the columns."""


def all_rows(table: type[AnyRow], tenant: str) -> Iterator[AnyRow]:
    """Read all of a tenant's rows, oldest first, in short queries: writers are held up by none of them."""
    of_tenant, last = _of(table, tenant), 0
    while rows := list(table.select().where(of_tenant, table.id > last).order_by(table.id).limit(BATCH)):
        yield from rows
        last = rows[-1].id


def find_row(table: type[AnyRow], tenant: str, id_: int) -> AnyRow | None:
    """Read one row, None when the tenant has none of this id."""
    found: AnyRow | None = table.get_or_none(_of(table, tenant), table.id == id_)
    return found


def known(column: TextField, tenant: str, values: Collection[str]) -> set[str]:
    """Return those of `values` that stand in a column of a tenant's rows."""
    table = column.model
    return {
        value
        for batch in chunked(values, BATCH)
        for (value,) in table.select(column).where(table.tenant == tenant, column.in_(batch)).tuples()
    }


def add_entry(table: type[Row], tenant: str, listed: Listed, who: str, at: int) -> Row:
    """Add an entry made by a user (an id) at `at` (us UTC); raises ListedError."""
    try:
        with bound_database().atomic():
            return table.create(**_row(tenant, listed, who, at))
    except IntegrityError as error:
        raise ListedError(listed.entry) from error


def add_entries(table: type[Row], tenant: str, listed: Sequence[Listed], who: str, at: int) -> None:
    """Add many entries, none of them listed yet, with their order as that of their making."""
    for batch in chunked(listed, BATCH):
        table.insert_many([_row(tenant, one, who, at) for one in batch]).execute()


def change_entry(row: BlacklistEntry | CallerPriority, listed: Listed) -> None:
    """Change what an entry says; raises ListedError when another one has the number."""
    for name, value in listed.values().items():
        setattr(row, name, value)
    try:
        with bound_database().atomic():
            row.save(only=row.dirty_fields)
    except IntegrityError as error:
        raise ListedError(listed.entry) from error


def _of(table: Any, tenant: str) -> Any:  # noqa: ANN401 - peewee's columns are found at run time
    return table.tenant == tenant


def _row(tenant: str, listed: Listed, who: str, at: int) -> dict[str, object]:
    return {"tenant": tenant, **listed.values(), "created": at, "created_by": who}
