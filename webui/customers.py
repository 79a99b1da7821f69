"""Keeping a tenant's customers: added, changed, merged, brought in from files; every change stands in the audit."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.connection import one_writer
from orchestrator.database.customers import (
    Card,
    NumberTakenError,
    add_customer,
    card_of,
    change_customer,
    find_customer,
    known_numbers,
    remove_customer,
)
from orchestrator.database.models import Customer
from orchestrator.service.numbers import ANONYMOUS, BadNumberError, normalise_entry
from orchestrator.service.ports import Clock
from webui.imports import Line, LineResult, judge, keys_of, read_lines
from webui.number_lists import country_of

AREA = "customers"

#: Numbers and tags of a customer, characters of the notes.
MOST_NUMBERS, MOST_TAGS, LONGEST_NOTES = 20, 20, 4000


class TooManyNumbersError(ValueError):
    """Merged, the customer would have more numbers than one may have."""


class Customers:
    """Changes a tenant's customers, one change at a time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """`clock` gives microseconds UTC."""
        self._database, self._clock = database, clock

    def add(self, tenant: str, who: str, wish: Card) -> Customer:
        """Add a customer; raises BadNumberError or NumberTakenError."""
        card = spelled(wish, country_of(tenant))
        with self._locked(tenant):
            row = add_customer(tenant, card, who, self._clock.now())
            note_change(tenant, AREA, str(row.id), who, row.created, None, card)
        return row

    def change(self, tenant: str, who: str, id_: int, wish: Card) -> Customer | None:
        """Change a customer, None when there is none; raises BadNumberError or NumberTakenError."""
        card = spelled(wish, country_of(tenant))
        with self._locked(tenant):
            row = find_customer(tenant, id_)
            if row:
                before, now = card_of(row), self._clock.now()
                change_customer(tenant, row, card, now)
                note_change(tenant, AREA, str(row.id), who, now, before, card)
        return row

    def remove(self, tenant: str, who: str, id_: int) -> bool:
        """Remove a customer; tell whether there was one."""
        with self._locked(tenant):
            row = find_customer(tenant, id_)
            if row:
                before = card_of(row)
                remove_customer(row)
                note_change(tenant, AREA, str(id_), who, self._clock.now(), before, None)
        return row is not None

    def merge(self, tenant: str, who: str, id_: int, other: int) -> Customer | None:
        """Make two customers one: the first keeps what it says and takes over the rest; None unless there are two.

        Raises TooManyNumbersError.
        """
        with self._locked(tenant):
            row, gone = find_customer(tenant, id_), find_customer(tenant, other)
            if row is None or gone is None or id_ == other:
                return None
            before, card, now = card_of(row), merged(card_of(row), card_of(gone)), self._clock.now()
            if len(card.numbers) > MOST_NUMBERS:
                raise TooManyNumbersError(f"{len(card.numbers)} numbers")
            note_change(tenant, AREA, str(other), who, now, card_of(gone), None)
            remove_customer(gone)
            change_customer(tenant, row, card, now)
            note_change(tenant, AREA, str(id_), who, now, before, card)
        return row

    def bring_in(self, tenant: str, who: str, lines: Sequence[Line[Card]]) -> list[LineResult]:
        """Add the customers of a file; those with a number that somebody has already are left as they are."""
        country = country_of(tenant)
        read = read_lines(lines, lambda card: spelled(card, country))
        with self._locked(tenant):
            judged = judge(read, _numbers, known_numbers(tenant, keys_of(read, _numbers)))
            now = self._clock.now()
            for card in judged.added:
                add_customer(tenant, card, who, now)
            if judged.added:
                note_change(tenant, AREA, "import", who, now, None, {"added": len(judged.added)})
        return judged.results

    @contextmanager
    def _locked(self, tenant: str) -> Iterator[None]:
        with one_writer(self._database, f"customers of {tenant}"):
            yield


def spelled(card: Card, country: str) -> Card:
    """Return a card with its numbers in their one spelling, each once; raises BadNumberError."""
    return replace(card, numbers=tuple(dict.fromkeys(_number(written, country) for written in card.numbers)))


def merged(card: Card, other: Card) -> Card:
    """Return what two cards know together; the first one's name, company and e-mail count if it has them."""
    notes = "\n".join(dict.fromkeys(text for text in (card.notes, other.notes) if text))
    return Card(
        name=card.name,
        company=card.company or other.company,
        email=card.email or other.email,
        numbers=tuple(dict.fromkeys((*card.numbers, *other.numbers))),
        tags=tuple(dict.fromkeys((*card.tags, *other.tags)))[:MOST_TAGS],
        notes=notes[:LONGEST_NOTES],
    )


def _numbers(card: Card) -> tuple[str, ...]:
    return card.numbers


def _number(written: str, country: str) -> str:
    number = normalise_entry(written, country)
    if number == ANONYMOUS or number.endswith("*") or not re.search(r"\d", number):
        raise BadNumberError(written, "not_a_number")
    return number


__all__ = ["AREA", "Customers", "NumberTakenError", "TooManyNumbersError", "merged", "spelled"]
