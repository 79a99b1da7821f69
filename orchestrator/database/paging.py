"""Pages of long lists: each goes on where the one before ended, however much was added meanwhile."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from peewee import Expression, Field, Function, ModelSelect, Tuple

from orchestrator.database.models import NumberedTable

Row = TypeVar("Row", bound=NumberedTable)

#: Rows of a page at most.
LONGEST_PAGE = 500


class BadCursorError(ValueError):
    """The cursor is none that a page gave."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, newest first, and the cursor of the next page (None: this is the last)."""

    rows: list[Row]
    next: str | None


def read_page(
    table: type[Row], order: "Field[int]", conditions: Sequence[Expression | Function], cursor: str | None, size: int
) -> Page[Row]:
    """Read up to `size` (1-500) rows that meet all conditions, by `order` and id, newest first.

    Raises BadCursorError.
    """
    size = max(1, min(size, LONGEST_PAGE))
    found: ModelSelect[Row] = table.select().where(*conditions).order_by(order.desc(), table.id.desc()).limit(size + 1)
    if cursor is not None:
        place = _place(cursor)
        # The first condition says less than the second, but lets a table by months leave out the later ones.
        found = found.where(order <= place[0], Tuple(order, table.id) < place)
    rows = list(found)
    more = len(rows) > size
    return Page(rows[:size], _cursor(rows[size - 1], order) if more else None)


def _cursor(row: NumberedTable, order: "Field[int]") -> str:
    return f"{getattr(row, order.name)}-{row.id}"


def _place(cursor: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,18})-([0-9]{1,18})", cursor)
    if found is None:
        raise BadCursorError(f"{cursor!r} is not a cursor: give back the one that came with the page before")
    return int(found[1]), int(found[2])


def pages_of(read: Callable[[str | None], Page[Row]]) -> Iterator[list[Row]]:
    """Read page after page, from the first to the last; `read` reads the one that a cursor names (None: the first)."""
    page = read(None)
    yield page.rows
    while page.next is not None:
        page = read(page.next)
        yield page.rows
