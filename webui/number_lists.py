"""Keeping a tenant's lists of numbers: in the database and, in the same moment, in force."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.connection import one_writer
from orchestrator.database.models import BlacklistEntry, CallerPriority, Tenant
from orchestrator.database.number_lists import add_entries, add_entry, change_entry, find_row, known
from orchestrator.domain.config import COUNTRY
from orchestrator.service.numbers import normalise_entry
from orchestrator.service.ports import Clock
from webui.imports import Line, LineResult, judge, keys_of, read_lines

Row = TypeVar("Row", BlacklistEntry, CallerPriority)
Entry = TypeVar("Entry", bound=Any)


class Writer(Protocol):
    """Where the call path reads a list."""

    def put(self, tenant: str, entries: Any) -> None:  # noqa: ANN401 - each list has its own kind
        """Put entries into force, in place of what was said of the same numbers."""

    def drop(self, tenant: str, entries: Iterable[str]) -> None:
        """Put entries out of force."""

    def replace(self, tenant: str, entries: Iterable[Any]) -> int:
        """Put these entries into force, and no others; returns how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind(Generic[Row, Entry]):
    """What is one list's own.

    `area` names it in the audit; `entry_of` returns what a row says; `forced` makes entries what the writer puts into
    force, `in_force` reads all that is to be (at a time, us UTC); `check` raises BadEntryError for an entry that can't
    be taken in place of the one before (None: of none) at a time.
    """

    area: str
    table: type[Row]
    entry_of: Callable[[Row], Entry]
    forced: Callable[[Sequence[Entry]], object]
    in_force: Callable[[str, int], Iterator[Any]]
    check: Callable[[Entry, Entry | None, int], None] = lambda *_: None


class NumberList(Generic[Row, Entry]):
    """Changes a tenant's list under its lock, so that the database and Redis change together and in one order.

    When Redis can't be reached nothing is changed in the database either. What people want on the list are entries
    that nobody has spelled yet.
    """

    def __init__(self, database: Database, writer: Writer, clock: Clock, kind: ListKind[Row, Entry]) -> None:
        """`writer` puts entries into force."""
        self._database, self._writer, self._clock = database, writer, clock
        self._kind: ListKind[Row, Entry] = kind

    def add(self, tenant: str, who: str, wish: Entry) -> Row:
        """Add an entry; raises BadNumberError, BadEntryError or ListedError."""
        entry = self._checked(spelled(wish, country_of(tenant)))
        with self._locked(tenant):
            row = add_entry(self._kind.table, tenant, entry, who, self._clock.now())
            note_change(tenant, self._kind.area, entry.entry, who, row.created, None, entry)
            self._put(tenant, [entry])
        return row

    def change(self, tenant: str, who: str, id_: int, wish: Entry) -> Row | None:
        """Change an entry, None when there is none; raises BadNumberError, BadEntryError or ListedError."""
        after = spelled(wish, country_of(tenant))
        with self._locked(tenant):
            row = find_row(self._kind.table, tenant, id_)
            if row is None:
                return None
            before = self._kind.entry_of(row)
            change_entry(row, self._checked(after, before))
            note_change(tenant, self._kind.area, after.entry, who, self._clock.now(), before, after)
            self._writer.drop(tenant, {before.entry} - {after.entry})
            self._put(tenant, [after])
        return row

    def remove(self, tenant: str, who: str, id_: int) -> bool:
        """Remove an entry; tell whether there was one."""
        with self._locked(tenant):
            row = find_row(self._kind.table, tenant, id_)
            if row is None:
                return False
            row.delete_instance()
            note_change(tenant, self._kind.area, row.entry, who, self._clock.now(), self._kind.entry_of(row), None)
            self._writer.drop(tenant, [row.entry])
        return True

    def bring_in(
        self, tenant: str, who: str, lines: Sequence[Line[Entry]], all_or_nothing: bool = False
    ) -> list[LineResult]:
        """Add what lines of a file ask for; with `all_or_nothing` not one when any is refused."""
        country = country_of(tenant)
        read = read_lines(lines, lambda wish: self._checked(spelled(wish, country)))
        with self._locked(tenant):
            listed = known(self._kind.table.entry, tenant, keys_of(read, _keys))
            judged = judge(read, _keys, listed, whole=all_or_nothing)
            if judged.added:
                now = self._clock.now()
                add_entries(self._kind.table, tenant, judged.added, who, now)
                note_change(tenant, self._kind.area, "import", who, now, None, {"added": len(judged.added)})
                self._put(tenant, judged.added)
        return judged.results

    def publish(self, tenant: str) -> int:
        """Put the whole list into force anew; returns how many entries it has."""
        with self._locked(tenant):
            return self._writer.replace(tenant, self._kind.in_force(tenant, self._clock.now()))

    def _put(self, tenant: str, entries: Sequence[Entry]) -> None:
        self._writer.put(tenant, self._kind.forced(entries))

    def _checked(self, entry: Entry, before: Entry | None = None) -> Entry:
        self._kind.check(entry, before, self._clock.now())
        return entry

    @contextmanager
    def _locked(self, tenant: str) -> Iterator[None]:
        with one_writer(self._database, f"{self._kind.area.replace('_', ' ')} of {tenant}"):
            yield


def country_of(tenant: str) -> str:
    """Return where a tenant's numbers without a country's code belong; raises peewee's DoesNotExist."""
    return Tenant.get_by_id(tenant).country or COUNTRY


def spelled(wish: Entry, country: str) -> Entry:
    """Return what a wish means in a country; raises BadNumberError."""
    entry: Entry = replace(wish, entry=normalise_entry(wish.number, country))
    return entry


def _keys(entry: Any) -> tuple[str]:  # noqa: ANN401 - of any list
    return (entry.entry,)
