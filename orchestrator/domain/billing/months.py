"""Months of bills: `2026-11`, from midnight to midnight in the tenant's time zone."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

MONTH = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")


class BadMonthError(ValueError):
    """Not a month: it is written as a year and a month, such as `2026-11`."""

    def __init__(self, written: str) -> None:
        super().__init__(f"{written[:20]!r} is not a month: write a year and a month, such as 2026-11")


def month_at(at: int, zone: str) -> str:
    """Return the month of a moment (us UTC) in an IANA time zone."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m")


def next_month(month: str) -> str:
    """Return the month after; raises BadMonthError."""
    first = _first(month)
    return f"{first.year + first.month // 12:04}-{first.month % 12 + 1:02}"


def month_span(month: str, zone: str) -> tuple[int, int]:
    """Return where a month begins and the next one does, us UTC; raises BadMonthError."""
    return day_begins(_first(month), zone), day_begins(_first(next_month(month)), zone)


def days_of(month: str) -> list[date]:
    """Return the days of a month; raises BadMonthError."""
    first = _first(month)
    return [first.replace(day=day) for day in range(1, monthrange(first.year, first.month)[1] + 1)]


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield `first` and the months after it before `last`; raises BadMonthError."""
    while first < last:
        yield first
        first = next_month(first)


def day_begins(day: date, zone: str) -> int:
    """Return the midnight a day begins with, us UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000


def _first(month: str) -> date:
    if not MONTH.fullmatch(month):
        raise BadMonthError(month)
    return date(int(month[:4]), int(month[5:]), 1)
