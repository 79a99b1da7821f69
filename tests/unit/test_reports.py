"""Reports: the arithmetic of figures, and stretches of time where clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.reports import SECOND, Dimension, Formula, Slice, Step, Tally, after, begin, fold, steps

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = 3600 * SECOND


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    """Microseconds UTC of a wall time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * SECOND


def test_figures_are_what_their_definitions_say() -> None:
    """REP-1: each figure by hand, for both ways to count abandoned calls and none."""
    tally = Tally(
        offered=21, connected=12, abandoned=5, short=2, timed_out=2, within=9, repeated=3, answer_us=120 * SECOND,
        called_back=1, handled=15, talk_us=1500 * SECOND, hold_us=150 * SECOND, wrap_up_us=300 * SECOND,
        reached=3, unreached=1, out_talk_us=90 * SECOND, out_wrap_up_us=30 * SECOND, asked=8, scored=4, scores=18,
        working_us=1800 * SECOND, ready_us=600 * SECOND,
    )  # fmt: skip
    assert tally.other == 1
    assert [tally.service_level(formula) for formula in Formula] == [9 / 21, 9 / 19, 9 / 12]
    assert tally.speed_of_answer == 10 * SECOND
    assert tally.handle_time == 120 * SECOND
    assert (tally.abandonment_rate, tally.occupancy, tally.repeat_rate) == (5 / 21, 0.75, 0.25)
    assert (tally.talk_time, tally.hold_time, tally.wrap_up_time) == (90 * SECOND, 10 * SECOND, 20 * SECOND)
    assert (tally.placed, tally.reach_rate, tally.out_handle_time) == (4, 0.75, 40 * SECOND)
    assert (tally.score, tally.answered_share) == (4.5, 0.5)


def test_nothing_divided_by_nothing_is_no_figure() -> None:
    """REP-1: a stretch without calls has no rates rather than 0 % or 100 %."""
    empty = Tally()
    assert [empty.service_level(formula) for formula in Formula] == [None, None, None]
    assert (empty.speed_of_answer, empty.handle_time, empty.abandonment_rate) == (None, None, None)
    assert (empty.occupancy, empty.repeat_rate) == (None, None)


def test_days_have_23_and_25_hours_when_clocks_change() -> None:
    """REP-1: daylight saving: the day in March has 23 hours, the one in October 25, no stretch overlaps another."""
    for day, next_day, hours in (("2026-03-29", "2026-03-30", 23), ("2026-10-25", "2026-10-26", 25)):
        since, until = at(f"{day}T00:00"), at(f"{next_day}T00:00")
        assert list(steps(since, until, Step.DAY, BERLIN)) == [since]
        beginnings = list(steps(since, until, Step.HOUR, BERLIN))
        assert beginnings == list(range(since, until, HOUR))
        assert len(beginnings) == hours


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    """REP-1: in the tenant's own time zone."""
    moment = at("2026-11-26T10:30", SHANGHAI)
    assert begin(moment, Step.WEEK, SHANGHAI) == at("2026-11-23T00:00", SHANGHAI)
    assert begin(moment, Step.MONTH, SHANGHAI) == at("2026-11-01T00:00", SHANGHAI)
    assert after(at("2026-11-01T00:00", SHANGHAI), Step.MONTH, SHANGHAI) == at("2026-12-01T00:00", SHANGHAI)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001 - made UTC below
    st.sampled_from(Step),
    st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_every_moment_is_in_exactly_one_stretch(moment: datetime, step: Step, zone_name: str) -> None:
    """REP-1: stretches follow each other without gap or overlap in any zone."""
    zone, us = ZoneInfo(zone_name), int(moment.replace(tzinfo=UTC).timestamp()) * SECOND
    first = begin(us, step, zone)
    over = after(first, step, zone)
    assert first <= us < over
    assert step is Step.HOUR or begin(over, step, zone) == over


def test_slices_add_up_whatever_the_lines() -> None:
    """REP-1: the total is the same by queue, agent, number and time; who is in no group is in no group's line."""
    slices = [
        Slice(at("2026-11-26T10:15"), "q1", "a1", "4001", Tally(offered=2, connected=2)),
        Slice(at("2026-11-26T10:30"), "q2", None, "4001", Tally(offered=1, abandoned=1)),
        Slice(at("2026-11-27T10:30"), "q1", "a2", "4002", Tally(offered=4, connected=4)),
    ]
    for dimension in (Dimension.TOTAL, Dimension.QUEUE, Dimension.NUMBER):
        lines = fold(slices, Step.DAY, BERLIN, dimension, {})
        assert sum(lines.values(), Tally()) == Tally(offered=7, connected=6, abandoned=1)
    day = begin(slices[2].at, Step.DAY, BERLIN)
    assert fold(slices, Step.DAY, BERLIN, Dimension.GROUP, {"a2": "day shift"}) == {
        (day, "day shift"): Tally(offered=4, connected=4)
    }
