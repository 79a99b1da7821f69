"""Moments and durations as tables show them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def moment(at: int, zone: ZoneInfo) -> str:
    """Return a moment (us UTC) in a time zone: `2022-01-01 13:00:12`."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def length(us: int) -> str:
    """Return a duration (us) as `h:mm:ss`."""
    seconds = max(0, us) // 1_000_000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
