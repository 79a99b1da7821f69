"""Writing tables as CSV, and Excel's XLSX. What is in a cell never becomes a formula."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

#: Beginnings that spreadsheets take for a formula (OWASP, CSV injection); full-width ones are read alike.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

#: What stands before a text that would be a formula, as spreadsheets themselves write it.
MARK = "'"

#: Lines of a sheet of an XLSX, heading included: the format has no more. What is more goes on in another sheet.
LINES_OF_SHEET = 1_048_576

#: Characters of a cell of an XLSX: the format has no more.
LONGEST_CELL = 32_767


#: An amount below zero: whoever adds a column up needs it as a number, and nothing can hide in it.
BELOW_ZERO = re.compile(r"-[0-9]+(\.[0-9]+)?")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula; a sign alone is none, nor is a number below zero."""
    return len(text) > 1 and text.startswith(FORMULA) and not BELOW_ZERO.fullmatch(text)


def csv_text(lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table as CSV, line by line; it begins with the mark by which Excel knows UTF-8."""
    yield "\ufeff"
    for line in lines:
        text = StringIO()
        csv.writer(text).writerow([f"{MARK}{cell}" if is_formula(cell) else cell for cell in line])
        yield text.getvalue()


def xlsx_bytes(title: str, lines: Iterable[Sequence[str]]) -> bytes:
    """Write a table as XLSX: every cell is text, whatever it begins with."""
    file = BytesIO()
    write_xlsx(file, title, lines)
    return file.getvalue()


def write_xlsx(file: BinaryIO | Path, title: str, lines: Iterable[Sequence[str]], most: int = LINES_OF_SHEET) -> None:
    """Write a table as XLSX, heading first; lines go to the disk as they come, so that none is too long for memory.

    A sheet has `most` lines; each further one begins with the heading again.
    """
    book = Workbook(write_only=True)
    heading: Sequence[str] | None = None
    sheet, used = None, most
    for line in lines:
        if sheet is None or used >= most:
            number = len(book.worksheets) + 1
            sheet, used = book.create_sheet(title if number == 1 else f"{title} {number}"), 0
            if heading is not None:
                sheet.append([_text_cell(sheet, cell) for cell in heading])
                used = 1
        heading = heading or line
        sheet.append([_text_cell(sheet, cell) for cell in line])
        used += 1
    book.save(file)


def write_csv(path: Path, lines: Iterable[Sequence[str]]) -> None:
    """Write a table as CSV into a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_text(lines))


def _text_cell(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_allowed(text)[:LONGEST_CELL])
    cell.data_type = "s"
    return cell


def _allowed(text: str) -> str:
    """Leave out control characters, which XML can't hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
