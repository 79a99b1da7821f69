"""Keeping a tenant's blacklist: in the database and, in the same moment, in force (BLACK-1)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import gevent
from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.blacklist import (
    Listing,
    add_entries,
    add_entry,
    change_entry,
    entries_in_force,
    find_entry,
    listed,
)
from orchestrator.database.connection import one_writer
from orchestrator.database.models import BlacklistEntry, Tenant
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.config import COUNTRY
from orchestrator.service.numbers import BadNumberError, normalise_entry
from orchestrator.service.ports import BlacklistWriter, Clock

AREA = "blacklist"

#: Lines that are read before others in this process get their turn.
TURN = 100


class ExpiredError(ValueError):
    """An entry that expires in the past would block nobody."""


class Fate(StrEnum):
    """What became of a line that was brought in; `skipped`: it was good, but another one was refused."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants on the list; `expires` is microseconds UTC, None = never."""

    number: str
    direction: Direction
    description: str = ""
    expires: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file: what it asks for, or the reason why that can't be told."""

    number: int
    written: str
    wish: Wish | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """What became of a line of a file; `reason` names why it was refused."""

    line: int
    number: str
    fate: Fate
    reason: str = ""


class Blacklists:
    """Changes a tenant's list under its lock, so that the database and Redis change together and in one order.

    When Redis can't be reached nothing is changed in the database either.
    """

    def __init__(self, database: Database, writer: BlacklistWriter, clock: Clock) -> None:
        """`writer` puts entries into force."""
        self._database, self._writer, self._clock = database, writer, clock

    def add(self, tenant: str, who: str, wish: Wish) -> BlacklistEntry:
        """Add an entry; raises BadNumberError, ExpiredError or EntryListedError."""
        listing = self._last(to_listing(wish, country_of(tenant)))
        with self._locked(tenant):
            row = add_entry(tenant, listing, who, self._clock.now())
            note_change(tenant, AREA, listing.entry, who, row.created, None, listing)
            self._writer.put(tenant, [listing.blocked()])
        return row

    def change(self, tenant: str, who: str, id_: int, wish: Wish) -> BlacklistEntry | None:
        """Change an entry, None when there is none; raises BadNumberError, ExpiredError or EntryListedError."""
        after = to_listing(wish, country_of(tenant))
        with self._locked(tenant):
            row = find_entry(tenant, id_)
            if row is None:
                return None
            before = _said(row)
            if after.expires != before.expires:
                self._last(after)
            change_entry(row, after)
            note_change(tenant, AREA, after.entry, who, self._clock.now(), before, after)
            self._writer.drop(tenant, {before.entry} - {after.entry})
            self._writer.put(tenant, [after.blocked()])
        return row

    def remove(self, tenant: str, who: str, id_: int) -> bool:
        """Remove an entry; tell whether there was one."""
        with self._locked(tenant):
            row = find_entry(tenant, id_)
            if row is None:
                return False
            row.delete_instance()
            note_change(tenant, AREA, row.entry, who, self._clock.now(), _said(row), None)
            self._writer.drop(tenant, [row.entry])
        return True

    def bring_in(self, tenant: str, who: str, lines: Sequence[Line], all_or_nothing: bool) -> list[LineResult]:
        """Add what lines of a file ask for; with `all_or_nothing` not one when any is refused."""
        country = country_of(tenant)
        read = [self._read(line, country, turn) for turn, line in enumerate(lines)]
        with self._locked(tenant):
            known = listed(tenant, {item.entry for _, item in read if isinstance(item, Listing)})
            fates = list(_fates(read, known))
            if all_or_nothing and any(result.fate is Fate.REFUSED for result in fates):
                return [_skipped(result) for result in fates]
            self._add_all(
                tenant,
                who,
                [
                    item
                    for (_, item), result in zip(read, fates, strict=True)
                    if isinstance(item, Listing) and result.fate is Fate.ADDED
                ],
            )
        return fates

    def publish(self, tenant: str) -> int:
        """Put the whole list into force anew; returns how many entries it has."""
        with self._locked(tenant):
            return self._writer.replace(tenant, entries_in_force(tenant, self._clock.now()))

    def _add_all(self, tenant: str, who: str, listings: Sequence[Listing]) -> None:
        if listings:
            now = self._clock.now()
            add_entries(tenant, listings, who, now)
            note_change(tenant, AREA, "import", who, now, None, {"added": len(listings)})
            self._writer.put(tenant, [listing.blocked() for listing in listings])

    def _read(self, line: Line, country: str, turn: int) -> tuple[Line, Listing | str]:
        if turn % TURN == 0:
            gevent.sleep(0)
        if line.wish is None:
            return line, line.reason
        try:
            return line, self._last(to_listing(line.wish, country))
        except BadNumberError as error:
            return line, error.reason
        except ExpiredError:
            return line, "expired"

    def _last(self, listing: Listing) -> Listing:
        """Return the listing if it has not expired yet."""
        if listing.expires is not None and listing.expires <= self._clock.now():
            raise ExpiredError(f"{listing.number} would have expired already")
        return listing

    @contextmanager
    def _locked(self, tenant: str) -> Iterator[None]:
        with one_writer(self._database, f"blacklist of {tenant}"):
            yield


def country_of(tenant: str) -> str:
    """Return where a tenant's numbers without a country's code belong; raises peewee's DoesNotExist."""
    return Tenant.get_by_id(tenant).country or COUNTRY


def to_listing(wish: Wish, country: str) -> Listing:
    """Return what a wish means in a country; raises BadNumberError."""
    return Listing(
        number=wish.number,
        entry=normalise_entry(wish.number, country),
        direction=wish.direction,
        description=wish.description,
        expires=wish.expires,
    )


def _said(row: BlacklistEntry) -> Listing:
    return Listing(
        number=row.number,
        entry=row.entry,
        direction=Direction(row.direction),
        description=row.description,
        expires=row.expires,
    )


def _fates(read: Sequence[tuple[Line, Listing | str]], known: set[str]) -> Iterator[LineResult]:
    seen = set(known)
    for line, item in read:
        if isinstance(item, str):
            fate, reason = Fate.REFUSED, item
        else:
            fate, reason = (Fate.DUPLICATE if item.entry in seen else Fate.ADDED), ""
            seen.add(item.entry)
        yield LineResult(line=line.number, number=line.written, fate=fate, reason=reason)


def _skipped(result: LineResult) -> LineResult:
    fate = Fate.SKIPPED if result.fate is Fate.ADDED else result.fate
    return LineResult(line=result.line, number=result.number, fate=fate, reason=result.reason)
