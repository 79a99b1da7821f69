"""When reports are due, by local clocks that are changed twice a year (REP-1)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.schedule import Period, last_due, next_due, stretch

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
HOUR = 3600 * 1_000_000


def at(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()) * 1_000_000


def said(us: int, zone: ZoneInfo = NEW_YORK) -> str:
    return datetime.fromtimestamp(us / 1e6, zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("period", "now", "last", "following"),
    [
        (Period.DAY, "2026-11-28 07:59", "2026-11-27 08:00", "2026-11-28 08:00"),
        (Period.DAY, "2026-11-28 08:00", "2026-11-28 08:00", "2026-11-29 08:00"),
        (Period.WEEK, "2026-11-28 12:00", "2026-11-23 08:00", "2026-11-30 08:00"),
        (Period.MONTH, "2026-12-31 23:59", "2026-12-01 08:00", "2027-01-01 08:00"),
        (Period.MONTH, "2027-01-01 07:00", "2026-12-01 08:00", "2027-01-01 08:00"),
    ],
)
def test_due_each_day_monday_and_first(period: Period, now: str, last: str, following: str) -> None:
    """REP-1: at the hour of the tenant's clock."""
    moment = at(now, SHANGHAI)
    assert said(last_due(period, 8, SHANGHAI, moment), SHANGHAI) == last
    assert said(next_due(period, 8, SHANGHAI, moment), SHANGHAI) == following


def test_an_hour_that_there_is_twice_counts_once() -> None:
    """REP-1: on 1 November 2026 one o'clock comes twice in New York: the first one is it."""
    first = last_due(Period.DAY, 1, NEW_YORK, at("2026-11-01 01:00"))
    assert first == at("2026-11-01 01:00")
    assert last_due(Period.DAY, 1, NEW_YORK, first + HOUR) == first
    assert next_due(Period.DAY, 1, NEW_YORK, first) == at("2026-11-02 01:00")


def test_an_hour_that_there_is_not_is_the_one_after() -> None:
    """REP-1: on 8 March 2026 two o'clock is left out in New York."""
    due = next_due(Period.DAY, 2, NEW_YORK, at("2026-03-08 00:30"))
    assert said(due) == "2026-03-08 03:00"
    assert said(next_due(Period.DAY, 2, NEW_YORK, due)) == "2026-03-09 02:00"


@pytest.mark.parametrize(
    ("period", "due", "hours"),
    [
        (Period.DAY, "2026-11-02 08:00", 25), (Period.DAY, "2026-03-09 08:00", 23),
        (Period.WEEK, "2026-11-02 08:00", 169), (Period.MONTH, "2026-12-01 00:00", 721),
    ],
)  # fmt: skip
def test_the_stretch_is_whole_whatever_the_clocks_do(period: Period, due: str, hours: int) -> None:
    """REP-1: from midnight to midnight, with the hours that there were."""
    since, until = stretch(period, NEW_YORK, at(due))
    assert (until - since) // HOUR == hours
    assert said(until) == f"{due[:10]} 00:00"


@given(st.sampled_from(Period), st.integers(0, 23), st.integers(0, 4_000_000_000))
def test_due_moments_follow_each_other_and_stretches_touch(period: Period, hour: int, seconds: int) -> None:
    """REP-1: none is left out and none comes twice: what one report ends with the next begins with."""
    now = seconds * 1_000_000
    last = last_due(period, hour, NEW_YORK, now)
    following = next_due(period, hour, NEW_YORK, now)
    assert last <= now < following
    assert last_due(period, hour, NEW_YORK, following) == following
    assert last_due(period, hour, NEW_YORK, following - 1) == last
    assert stretch(period, NEW_YORK, last)[1] == stretch(period, NEW_YORK, following)[0]
