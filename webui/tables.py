"""Tables that people bring in: CSV, and Excel's XLSX."""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import gevent
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from orchestrator.exports.files import MARK, is_formula

#: Lines of a table that is brought in.
MOST_LINES = 10_000

#: An XLSX is a ZIP: what is inside may be this long (bytes), whatever it takes up packed.
LARGEST_INSIDE = 16 * 1024 * 1024

#: A cell is never longer than this, unless more is asked for: longer ones are cut, and refused for what they then are.
LONGEST_CELL = 200

XLSX = b"PK\x03\x04"

#: Lines with their numbers in the file; every cell as people see it.
Table = list[tuple[int, list[str]]]


class BadTableError(ValueError):
    """The file can't be read as a table; `reason` is unreadable, too_large or too_many_lines."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_table(data: bytes, longest: int = LONGEST_CELL) -> Table:
    """Read a table's lines with their numbers, empty ones left out; raises BadTableError."""
    cells = _xlsx_lines(data) if data.startswith(XLSX) else _csv_lines(data)
    lines: Table = []
    for number, line in enumerate(cells, 1):
        texts = [_shown(cell, longest) for cell in line]
        if any(texts):
            lines.append((number, texts))
        if len(lines) > MOST_LINES + 1 or number > 10 * MOST_LINES:
            raise BadTableError("too_many_lines")
    return lines


def cells_of(
    table: Table, columns: Mapping[str, Sequence[str]], needed: Collection[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Return the cells of each line by the names of `columns`, which a heading may call as each says.

    A first line without the `needed` columns is no heading: columns then stand in their order.
    """
    heading = _heading(table[0][1], columns) if table else {}
    headed = heading.keys() >= set(needed)
    places = heading if headed else {name: place for place, name in enumerate(columns)}
    for number, cells in table[1:] if headed else table:
        yield number, {name: cells[place] for name, place in places.items() if place < len(cells)}


def _heading(cells: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    names = {name.lower(): column for column, words in columns.items() for name in words}
    return {names[cell.lower()]: place for place, cell in enumerate(cells) if cell.lower() in names}


def in_thread(work: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - whatever the work returns
    """Read or write a large table while the process serves others."""
    return gevent.get_hub().threadpool.apply(work, arguments)


def _csv_lines(data: bytes) -> Iterator[Sequence[object]]:
    text = _decoded(data)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise BadTableError("unreadable") from error


def _decoded(data: bytes) -> str:
    """Chinese editions of Excel write GB18030 where they don't write UTF-8."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadTableError("unreadable")


def _xlsx_lines(data: bytes) -> Iterator[Sequence[object]]:
    try:
        with ZipFile(BytesIO(data)) as inside:
            if sum(part.file_size for part in inside.infolist()) > LARGEST_INSIDE:
                raise BadTableError("too_large")
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        yield from book.worksheets[0].iter_rows(values_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, OSError) as error:
        if isinstance(error, BadTableError):
            raise
        raise BadTableError("unreadable") from error


def _shown(cell: object, longest: int) -> str:
    """Return a cell as people see it: a number without an exponent, a moment in ISO form, no formula's mark."""
    match cell:
        case None:
            text = ""
        case float() if cell.is_integer():
            text = str(int(cell))
        case datetime():
            text = cell.isoformat(" ", "seconds")
        case _:
            text = str(cell)[:longest].strip()
    return text[1:] if text.startswith(MARK) and is_formula(text[1:]) else text
