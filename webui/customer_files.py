"""Customers as a table: what its columns are called, in both languages."""

import re

from orchestrator.database.customers import Card
from orchestrator.exports.customers import COLUMNS
from webui.customers import LONGEST_NOTES, MOST_NUMBERS, MOST_TAGS, CustomerLine
from webui.tables import Table

#: Characters of a name, a company, an e-mail address, a tag.
LIMITS = {"name": 60, "company": 100, "email": 200}
LONGEST_TAG = 30

EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"

_PRINTABLE = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*")


def to_lines(table: Table) -> list[CustomerLine]:
    """Return the customers that the lines of a table describe."""
    heading = _heading(table[0][1]) if table else {}
    places = heading or {name: place for place, name in enumerate(COLUMNS)}
    rows = table[1:] if heading else table
    return [
        _line(number, {name: cells[place] for name, place in places.items() if place < len(cells)})
        for number, cells in rows
    ]


def _heading(cells: list[str]) -> dict[str, int]:
    names = {name.lower(): column for column, names in COLUMNS.items() for name in names}
    found = {names[cell.lower()]: place for place, cell in enumerate(cells) if cell.lower() in names}
    return found if "name" in found else {}


def _line(number: int, cells: dict[str, str]) -> CustomerLine:
    name = cells.get("name", "")
    reason = _flaw(cells)
    if reason:
        return CustomerLine(number=number, written=name, reason=reason)
    card = Card(
        name=name,
        company=cells.get("company", ""),
        email=cells.get("email", ""),
        numbers=_several(cells.get("numbers", "")),
        tags=_several(cells.get("tags", "")),
        notes=cells.get("notes", ""),
    )
    return CustomerLine(number=number, written=name, card=card)


def _flaw(cells: dict[str, str]) -> str:
    """Return why a line can't be taken, empty when it can."""
    if not cells.get("name"):
        return "no_name"
    if not all(_PRINTABLE.fullmatch(cell) for cell in cells.values()):
        return "unprintable"
    if any(len(cells.get(name, "")) > most for name, most in (*LIMITS.items(), ("notes", LONGEST_NOTES))):
        return "too_long"
    if cells.get("email") and not re.fullmatch(EMAIL, cells["email"]):
        return "bad_email"
    tags = _several(cells.get("tags", ""))
    if len(_several(cells.get("numbers", ""))) > MOST_NUMBERS or len(tags) > MOST_TAGS:
        return "too_many"
    return "too_long" if any(len(tag) > LONGEST_TAG for tag in tags) else ""


def _several(text: str) -> tuple[str, ...]:
    """Values that stand in one cell, once each."""
    parts = (part.strip() for part in re.split(r"[;；,，、\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))
