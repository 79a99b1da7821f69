"""Customers as a table: what its columns are called, in both languages."""

import re

from orchestrator.database.customers import Card
from orchestrator.exports.customers import COLUMNS
from webui.customers import LONGEST_NOTES, MOST_NUMBERS, MOST_TAGS
from webui.imports import Line
from webui.tables import Table, cells_of

#: Characters of a name, a company, an e-mail address, a tag.
LIMITS = {"name": 60, "company": 100, "email": 200}
LONGEST_TAG = 30

EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"

_PRINTABLE = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*")


def to_lines(table: Table) -> list[Line[Card]]:
    """Return the customers that the lines of a table describe."""
    return [_line(number, cells) for number, cells in cells_of(table, COLUMNS, {"name"})]


def _line(number: int, cells: dict[str, str]) -> Line[Card]:
    name = cells.get("name", "")
    reason = _flaw(cells)
    if reason:
        return Line(number=number, written=name, reason=reason)
    card = Card(
        name=name,
        company=cells.get("company", ""),
        email=cells.get("email", ""),
        numbers=_several(cells.get("numbers", "")),
        tags=_several(cells.get("tags", "")),
        notes=cells.get("notes", ""),
    )
    return Line(number=number, written=name, wish=card)


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
