"""Is a tenant open now, and if not, is it a holiday."""

from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from orchestrator.domain.config import Destination, NumberConfig, OpeningHours, TenantConfig


class Opening(StrEnum):
    """The state of opening hours at a moment."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"


def opening(hours: OpeningHours, timezone: str, at: int) -> Opening:
    """Tell whether `hours` are open at `at` (microseconds UTC) in an IANA time zone.

    A date among the holidays has that day's hours instead of the week's; outside them it is a holiday, not just
    closed. Changes of daylight saving follow the zone: minutes are those that a clock on the wall shows.
    """
    local = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(timezone))
    minute, date = local.hour * 60 + local.minute, local.date().isoformat()
    special = hours.holidays.get(date)
    spans = hours.week[local.weekday()] if special is None else special
    if any(start <= minute < end for start, end in spans):
        return Opening.OPEN
    return Opening.CLOSED if special is None else Opening.HOLIDAY


def first_destination(config: TenantConfig, number: NumberConfig, at: int) -> Destination:
    """Return where a call to `number` goes at `at`; hours that don't exist any more are always open."""
    hours = config.hours.get(number.hours)
    state = opening(hours, config.timezone, at) if hours else Opening.OPEN
    return {Opening.OPEN: number.route, Opening.CLOSED: number.closed, Opening.HOLIDAY: number.holiday}[state]
