"""Callers who go before others as a table: what its columns are called, in both languages."""

import re

from orchestrator.database.caller_priorities import PriorityCaller
from webui.blacklist_files import is_description
from webui.imports import Line
from webui.tables import Table, cells_of

#: What each column may be called; the order is that of files without a heading.
COLUMNS = {
    "number": ("number", "号码", "phone", "电话"),
    "priority": ("priority", "优先级"),
    "description": ("description", "描述", "备注"),
}


def to_lines(table: Table) -> list[Line[PriorityCaller]]:
    """Return what the lines of a table ask for."""
    return [_line(number, cells) for number, cells in cells_of(table, COLUMNS, {"number"})]


def _line(number: int, cells: dict[str, str]) -> Line[PriorityCaller]:
    written, priority, description = (cells.get(name, "") for name in COLUMNS)
    if not re.fullmatch("[0-9]{1,2}", priority):
        return Line(number=number, written=written, reason="bad_priority")
    if not is_description(description):
        return Line(number=number, written=written, reason="bad_description")
    wish = PriorityCaller(number=written, priority=int(priority), description=description)
    return Line(number=number, written=written, wish=wish)
