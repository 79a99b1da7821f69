"""The blacklist as a table: what its columns and words are called, in both languages."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orchestrator.database.blacklist import Listing
from orchestrator.database.models import BlacklistEntry
from orchestrator.domain.blacklist import Direction
from webui.imports import Line
from webui.tables import Table, cells_of

#: What each column may be called, as English and Chinese write it first; the order is that of files without a heading.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("Number", "号码", "phone", "phone number", "电话", "电话号码"),
    "direction": ("Direction", "类型", "type", "方向", "屏蔽类型"),
    "description": ("Description", "描述", "note", "备注"),
    "expires": ("Expires", "到期时间", "expiry", "有效期"),
}

DIRECTIONS: dict[Direction, tuple[str, ...]] = {
    Direction.IN: ("Inbound", "呼入", "in"),
    Direction.OUT: ("Outbound", "呼出", "out"),
    Direction.BOTH: ("Both", "呼入和呼出", "双向", ""),
}

#: A day, or a moment, as people and spreadsheets write it.
_MOMENT = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)

#: Later moments are more than JavaScript's numbers hold in microseconds.
YEARS = range(2000, 2255)

#: Characters of a description.
LONGEST_DESCRIPTION = 50


def to_lines(table: Table, zone: ZoneInfo) -> list[Line[Listing]]:
    """Return what the lines of a table ask for; moments are the tenant's."""
    return [_line(number, cells, zone) for number, cells in cells_of(table, COLUMNS, {"number"})]


def to_table(rows: Iterable[BlacklistEntry], language: str, zone: ZoneInfo) -> Iterator[list[str]]:
    """Return entries as the lines of a table in a language (en, zh), heading first."""
    place = ("en", "zh").index(language)
    yield [names[place] for names in COLUMNS.values()]
    for row in rows:
        expires = "" if row.expires is None else _local(row.expires, zone)
        yield [row.number, DIRECTIONS[Direction(row.direction)][place], row.description, expires]


def _line(number: int, cells: dict[str, str], zone: ZoneInfo) -> Line[Listing]:
    written, description = cells.get("number", ""), cells.get("description", "")
    words = {word.lower(): direction for direction, words in DIRECTIONS.items() for word in words}
    direction = words.get(cells.get("direction", "").lower())
    if direction is None:
        return Line(number=number, written=written, reason="unknown_direction")
    if not is_description(description):
        return Line(number=number, written=written, reason="bad_description")
    try:
        expires = _moment(cells.get("expires", ""), zone)
    except ValueError:
        return Line(number=number, written=written, reason="bad_moment")
    wish = Listing(number=written, direction=direction, description=description, expires=expires)
    return Line(number=number, written=written, wish=wish)


def is_description(text: str) -> bool:
    """Tell whether a text can describe an entry."""
    return len(text) <= LONGEST_DESCRIPTION and re.fullmatch(r"[^\x00-\x1f\x7f]*", text) is not None


def _moment(text: str, zone: ZoneInfo) -> int | None:
    """Return microseconds UTC of `2026-12-31` or `2026/12/31 18:00`, None for nothing; raises ValueError."""
    if not text:
        return None
    parts = _MOMENT.fullmatch(text)
    if not parts or int(parts[1]) not in YEARS:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups())
    return int(datetime(year, month, day, hour, minute, second, tzinfo=zone).timestamp()) * 1_000_000


def _local(at: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
