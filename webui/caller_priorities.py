"""Keeping a tenant's list of callers who go before others: in the database and, in the same moment, in force."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.caller_priorities import (
    Listed,
    add_callers,
    callers_in_force,
    change_caller,
    find_caller,
    known_callers,
)
from orchestrator.database.connection import one_writer
from orchestrator.database.models import CallerPriority
from orchestrator.service.numbers import BadNumberError, normalise_entry
from orchestrator.service.ports import CallerPriorityWriter, Clock
from webui.blacklist import Fate, LineResult, country_of

AREA = "caller_priorities"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerWish:
    """What somebody wants on the list; `priority` 0-99."""

    number: str
    priority: int
    description: str = ""

    def listed(self, country: str) -> Listed:
        """Return what it means in a country; raises BadNumberError."""
        entry = normalise_entry(self.number, country)
        return Listed(number=self.number, entry=entry, priority=self.priority, description=self.description)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLine:
    """A line of a file: what it asks for, or the reason why that can't be told."""

    number: int
    written: str
    wish: CallerWish | None = None
    reason: str = ""


class CallerPriorities:
    """Changes a tenant's list under its lock, so that the database and Redis change together and in one order.

    When Redis can't be reached nothing is changed in the database either.
    """

    def __init__(self, database: Database, writer: CallerPriorityWriter, clock: Clock) -> None:
        """`writer` puts entries into force."""
        self._database, self._writer, self._clock = database, writer, clock

    def add(self, tenant: str, who: str, wish: CallerWish) -> CallerPriority:
        """Add an entry; raises BadNumberError or CallerListedError."""
        listed = wish.listed(country_of(tenant))
        with self._locked(tenant):
            now = self._clock.now()
            add_callers(tenant, [listed], who, now)
            note_change(tenant, AREA, listed.entry, who, now, None, listed)
            self._writer.put(tenant, {listed.entry: listed.priority})
            row: CallerPriority = CallerPriority.get(
                CallerPriority.tenant == tenant, CallerPriority.entry == listed.entry
            )
            return row

    def change(self, tenant: str, who: str, id_: int, wish: CallerWish) -> CallerPriority | None:
        """Change an entry, None when there is none; raises BadNumberError or CallerListedError."""
        after = wish.listed(country_of(tenant))
        with self._locked(tenant):
            row = find_caller(tenant, id_)
            if row:
                before = _said(row)
                change_caller(row, after)
                note_change(tenant, AREA, after.entry, who, self._clock.now(), before, after)
                self._writer.drop(tenant, {before.entry} - {after.entry})
                self._writer.put(tenant, {after.entry: after.priority})
            return row

    def remove(self, tenant: str, who: str, id_: int) -> bool:
        """Remove an entry; tell whether there was one."""
        with self._locked(tenant):
            row = find_caller(tenant, id_)
            if row:
                row.delete_instance()
                note_change(tenant, AREA, row.entry, who, self._clock.now(), _said(row), None)
                self._writer.drop(tenant, [row.entry])
            return row is not None

    def bring_in(self, tenant: str, who: str, lines: Sequence[CallerLine]) -> list[LineResult]:
        """Add what lines of a file ask for, those that are good; tells what became of each."""
        country = country_of(tenant)
        read = [(line, _read(line, country)) for line in lines]
        with self._locked(tenant):
            known = known_callers(tenant, {item.entry for _, item in read if isinstance(item, Listed)})
            results = list(_fates(read, known))
            added = [item for (_, item), one in zip(read, results, strict=True) if one.fate is Fate.ADDED]
            self._add_all(tenant, who, [item for item in added if isinstance(item, Listed)])
        return results

    def publish(self, tenant: str) -> int:
        """Put the whole list into force anew; returns how many entries it has."""
        with self._locked(tenant):
            return self._writer.replace(tenant, callers_in_force(tenant))

    def _add_all(self, tenant: str, who: str, listed: Sequence[Listed]) -> None:
        if listed:
            now = self._clock.now()
            add_callers(tenant, listed, who, now)
            note_change(tenant, AREA, "import", who, now, None, {"added": len(listed)})
            self._writer.put(tenant, {one.entry: one.priority for one in listed})

    @contextmanager
    def _locked(self, tenant: str) -> Iterator[None]:
        with one_writer(self._database, f"caller priorities of {tenant}"):
            yield


def _said(row: CallerPriority) -> Listed:
    return Listed(number=row.number, entry=row.entry, priority=row.priority, description=row.description)


def _read(line: CallerLine, country: str) -> Listed | str:
    try:
        return line.wish.listed(country) if line.wish else line.reason
    except BadNumberError as error:
        return error.reason


def _fates(read: Sequence[tuple[CallerLine, Listed | str]], known: set[str]) -> Iterator[LineResult]:
    seen = set(known)
    for line, item in read:
        if isinstance(item, str):
            fate, reason = Fate.REFUSED, item
        else:
            fate, reason = (Fate.DUPLICATE if item.entry in seen else Fate.ADDED), ""
            seen.add(item.entry)
        yield LineResult(line=line.number, number=line.written, fate=fate, reason=reason)
