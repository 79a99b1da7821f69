"""Rates of a tariff as a table: what its columns and words are called in both languages, what is wrong with a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.flaws import rate_flaws
from orchestrator.domain.billing.tariff import CallDirection, Rate
from webui.tables import Table, cells_of

#: What each column may be called, as English and Chinese write it first; the order is that of files without a heading.
COLUMNS: dict[str, tuple[str, ...]] = {
    "direction": ("Direction", "方向", "type", "类型"),
    "prefix": ("Prefix", "号码前缀", "前缀", "numbers with", "destination prefix"),
    "name": ("Name", "名称", "destination"),
    "price": ("Price a minute", "每分钟价格", "price", "价格", "rate"),
    "first_s": ("First seconds", "首次计费秒数", "first", "首"),
    "next_s": ("Next seconds", "续计费秒数", "next", "续"),
    "connection_fee": ("Connection fee", "接通费", "fee"),
    "minimum": ("Minimum", "最低消费"),
    "free_minutes": ("Free minutes", "适用免费分钟", "free"),
}

DIRECTIONS: dict[CallDirection, tuple[str, ...]] = {
    CallDirection.IN: ("Inbound", "呼入", "in"),
    CallDirection.OUT: ("Outbound", "呼出", "out"),
}

YES, NO = ("Yes", "是", "1", "true", "y"), ("No", "否", "0", "false", "n", "")

#: Characters of a rate's name.
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a sheet: its rate, or why there is none (`reason`, a key of texts)."""

    number: int
    written: str
    rate: Rate | None = None
    reason: str = ""


def to_lines(table: Table, places: int) -> list[Line]:
    """Read the rates of a table's lines for a tariff with `places` decimals; twice the same prefix is refused."""
    lines: list[Line] = []
    seen: set[tuple[CallDirection, str]] = set()
    for number, cells in cells_of(table, COLUMNS, {"prefix", "price"}):
        line = _line(number, cells, places)
        if line.rate and (line.rate.direction, line.rate.prefix) in seen:
            line = Line(number=number, written=line.written, reason="prefix_twice")
        if line.rate:
            seen.add((line.rate.direction, line.rate.prefix))
        lines.append(line)
    return lines


def to_table(rates: Iterable[Rate], language: str) -> Iterator[list[str]]:
    """Return rates as the lines of a table in a language (en, zh), heading first."""
    place = ("en", "zh").index(language)
    yield [names[place] for names in COLUMNS.values()]
    for rate in rates:
        yield [
            DIRECTIONS[rate.direction][place], rate.prefix, rate.name, plain(rate.price), str(rate.first_s),
            str(rate.next_s), plain(rate.connection_fee), plain(rate.minimum),
            (YES if rate.free_minutes else NO)[place],
        ]  # fmt: skip


def _line(number: int, cells: dict[str, str], places: int) -> Line:
    written = " ".join(cells.get(name, "") for name in ("direction", "prefix")).strip()
    try:
        rate = _rate(cells)
    except BadCellError as error:
        return Line(number=number, written=written, reason=error.reason)
    flaw = next((reason for _, reason in rate_flaws(rate, places)), "")
    return Line(number=number, written=written, rate=None if flaw else rate, reason=flaw)


class BadCellError(ValueError):
    """A cell can't be read; `reason` is a key of texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _rate(cells: dict[str, str]) -> Rate:
    name = cells.get("name", "")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadCellError("bad_name")
    return Rate(
        direction=_direction(cells.get("direction", "")),
        prefix=cells.get("prefix", "").replace(" ", ""),
        name=name,
        price=_amount(cells.get("price", ""), "bad_price"),
        first_s=_seconds(cells.get("first_s", "")),
        next_s=_seconds(cells.get("next_s", "")),
        connection_fee=_amount(cells.get("connection_fee", "") or "0", "bad_fee"),
        minimum=_amount(cells.get("minimum", "") or "0", "bad_fee"),
        free_minutes=_yes(cells.get("free_minutes", "")),
    )


def _direction(word: str) -> CallDirection:
    words = {one.lower(): direction for direction, names in DIRECTIONS.items() for one in names}
    if word.lower() not in words:
        raise BadCellError("unknown_direction")
    return words[word.lower()]


def _amount(text: str, reason: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BadCellError(reason) from error


def _seconds(text: str) -> int:
    if not text:
        return 60
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise BadCellError("bad_increment")
    return int(text)


def _yes(word: str) -> bool:
    if word.lower() in [one.lower() for one in YES]:
        return True
    if word.lower() in [one.lower() for one in NO]:
        return False
    raise BadCellError("bad_yes")
