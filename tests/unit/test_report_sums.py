"""Stretches of time that reports are added up ahead for (REP-1): pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from orchestrator.database.report_sums import Asked, asked_of
from orchestrator.database.reports import ReportFilter
from orchestrator.domain.report_sums import Span, few, hours, in_quarters, merged, minus, quarters_of, unmarked
from orchestrator.domain.reports import SECOND, Dimension, Step, after, begin

MINUTE = 60 * SECOND


def _day(zone: str, date: str) -> Span:
    at = int(datetime.fromisoformat(f"{date}T12:00").replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND
    since = begin(at, Step.DAY, ZoneInfo(zone))
    return Span(since, after(since, Step.DAY, ZoneInfo(zone)))


@pytest.mark.parametrize(
    ("zone", "date", "count"),
    [
        ("Asia/Shanghai", "2026-11-28", 24),
        ("Asia/Kolkata", "2026-11-28", 24),
        ("Asia/Kathmandu", "2026-11-28", 24),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Australia/Lord_Howe", "2026-04-05", 25),
        ("Australia/Lord_Howe", "2026-10-04", 24),
    ],
)
def test_the_hours_of_a_day_are_those_of_the_wall_clock(zone: str, date: str, count: int) -> None:
    """REP-1: without a gap; each lies in one line by the hour, also where clocks change by half an hour."""
    day, clock = _day(zone, date), ZoneInfo(zone)
    found = hours(day, clock)
    assert len(found) == count
    assert merged(found) == [day]
    for hour in found:
        quarters = range(hour.since, hour.until, 15 * MINUTE)
        assert len({begin(at, Step.HOUR, clock) for at in quarters}) == 1


def test_times_are_cut_and_joined() -> None:
    """REP-1: what is taken out leaves the rest; few pieces have all the time and the smallest gaps besides."""
    whole = [Span(0, 10), Span(20, 30), Span(31, 40)]
    assert minus(whole, [Span(5, 25), Span(35, 99)]) == [Span(0, 5), Span(25, 30), Span(31, 35)]
    assert minus(whole, [Span(0, 99)]) == []
    assert few(whole, 3) == whole
    assert few(whole, 2) == [Span(0, 10), Span(20, 40)]
    assert few([], 1) == []
    assert list(unmarked(whole, [Span(10, 20), Span(39, 50)])) == [Span(0, 10), Span(20, 30)]
    assert in_quarters(Span(MINUTE, 16 * MINUTE)) == Span(0, 30 * MINUTE)
    assert quarters_of([0, 14 * MINUTE, 15 * MINUTE, 60 * MINUTE]) == [
        Span(0, 30 * MINUTE),
        Span(60 * MINUTE, 75 * MINUTE),
    ]


#: Each agent's group; a2 is in none.
GROUPS = {"a1": "g1", "a2": ""}


@pytest.mark.parametrize(
    ("chosen", "by", "answer"),
    [
        ({}, Dimension.TOTAL, Asked("total")),
        ({"queues": ("q1",)}, Dimension.TOTAL, Asked("queue", ("q1",))),
        ({"agents": ("a1", "a2")}, Dimension.GROUP, Asked("agent", ("a1", "a2"), groups=(("a1", "g1"),))),
        ({"numbers": ("40",)}, Dimension.NUMBER, Asked("number", ("40",))),
        ({}, Dimension.TAG, Asked("tag")),
        ({"queues": ("q1",)}, Dimension.AGENT, Asked(None, queues=("q1",))),
        ({"queues": ("q1",), "agents": ("a1",)}, Dimension.TOTAL, Asked(None, ("a1",), ("q1",))),
        ({"numbers": ("40",)}, Dimension.AGENT, None),
        ({"numbers": ("40",), "queues": ("q1",)}, Dimension.TOTAL, None),
        ({"agents": ("a1",)}, Dimension.TAG, None),
        ({"tags": ("vip",)}, Dimension.TOTAL, Asked("tag", ("vip",))),
        ({"dispositions": ("sold",)}, Dimension.TOTAL, Asked("disposition", ("sold",))),
        ({"tags": ("vip", "new")}, Dimension.TOTAL, None),
        ({"tags": ("vip",)}, Dimension.TAG, None),
        ({"tags": ("vip",), "dispositions": ("sold",)}, Dimension.TOTAL, None),
        ({"tags": ("vip",), "agents": ("a1",)}, Dimension.TOTAL, None),
        ({"dispositions": ("sold",)}, Dimension.QUEUE, None),
    ],
)
def test_sums_answer_what_is_asked_of_one_dimension_or_of_queues_and_agents(
    chosen: dict[str, tuple[str, ...]], by: Dimension, answer: Asked | None
) -> None:
    """REP-1: also of one tag or one disposition by itself; whatever else is asked is added up from the records."""
    assert asked_of(ReportFilter(since=0, until=1, **chosen), by, GROUPS) == answer  # type: ignore[arg-type]
