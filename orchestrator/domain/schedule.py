"""When something is due each day, week or month, and which stretch of time it is about then: by local clocks.

Days have 23 to 25 hours where clocks are changed. An hour that a change leaves out is the one after it; an hour that
there is twice counts the first time: so every due moment comes exactly once.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SECOND = 1_000_000


class Period(StrEnum):
    """How often: each day, each Monday, each first of a month; about the whole day, week or month before."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def begins(self, day: date) -> date:
        """Return the first day of the period that a day is in."""
        match self:
            case Period.DAY:
                return day
            case Period.WEEK:
                return day - timedelta(days=day.weekday())
            case Period.MONTH:
                return day.replace(day=1)

    def before(self, first: date) -> date:
        """Return the first day of the period before the one that begins on a day."""
        return self.begins(first - timedelta(days=1))

    def after(self, first: date) -> date:
        """Return the first day of the period after the one that begins on a day."""
        match self:
            case Period.DAY:
                return first + timedelta(days=1)
            case Period.WEEK:
                return first + timedelta(days=7)
            case Period.MONTH:
                return (first + timedelta(days=31)).replace(day=1)


def last_due(period: Period, hour: int, zone: ZoneInfo, now: int) -> int:
    """Return the latest moment, not after `now`, at which it was due: at `hour` (0-23) of a period's first day."""
    first = period.begins(_local(now, zone))
    due = _moment(first, hour, zone)
    return due if due <= now else _moment(period.before(first), hour, zone)


def next_due(period: Period, hour: int, zone: ZoneInfo, now: int) -> int:
    """Return the first moment after `now` at which it is due."""
    first = period.begins(_local(now, zone))
    due = _moment(first, hour, zone)
    return due if due > now else _moment(period.after(first), hour, zone)


def stretch(period: Period, zone: ZoneInfo, at: int) -> tuple[int, int]:
    """Return beginning and end of the last whole period before a moment."""
    first = period.begins(_local(at, zone))
    return _moment(period.before(first), 0, zone), _moment(first, 0, zone)


def _local(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at // SECOND, UTC).astimezone(zone).date()


def _moment(day: date, hour: int, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(hour), zone).timestamp()) * SECOND
