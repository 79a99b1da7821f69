"""Opening hours and holidays in the tenant's own time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from orchestrator.domain.config import Destination, NumberConfig, OpeningHours, TenantConfig, Way, to_queue
from orchestrator.domain.hours import Opening, first_destination, opening

NINE_TO_SIX = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
HOURS = OpeningHours(
    id="h",
    name="Office",
    week=(NINE_TO_SIX,) * 5 + ((), ()),
    holidays={"2026-10-01": (), "2026-10-10": ((10 * 60, 11 * 60),)},
)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-11-23 08:59", Opening.CLOSED),
        ("2026-11-23 09:00", Opening.OPEN),
        ("2026-11-23 11:59", Opening.OPEN),
        ("2026-11-23 12:00", Opening.CLOSED),
        ("2026-11-23 17:59", Opening.OPEN),
        ("2026-11-23 18:00", Opening.CLOSED),
        ("2026-11-28 10:00", Opening.CLOSED),
        ("2026-10-01 10:00", Opening.HOLIDAY),
        ("2026-10-10 10:30", Opening.OPEN),
        ("2026-10-10 09:30", Opening.HOLIDAY),
    ],
)
def test_hours_are_those_of_the_day(moment: str, state: Opening) -> None:
    """IVR-1, CALL-1: from is in, to is out; a holiday's own hours replace the week's."""
    assert opening(HOURS, "Asia/Shanghai", at(moment)) is state


def test_hours_follow_the_clock_on_the_wall() -> None:
    """IVR-1: nine o'clock is nine o'clock before and after the change of daylight saving."""
    assert opening(HOURS, "Europe/Berlin", at("2026-10-23 09:00", "Europe/Berlin")) is Opening.OPEN
    assert opening(HOURS, "Europe/Berlin", at("2026-10-26 09:00", "Europe/Berlin")) is Opening.OPEN
    assert opening(HOURS, "Europe/Berlin", at("2026-10-26 08:59", "Europe/Berlin")) is Opening.CLOSED


def test_each_state_has_its_own_way() -> None:
    """CALL-1: open, closed and holiday calls go where the number says; without hours it is always open."""
    closed = Destination(way=Way.HANG_UP, prompt="closed")
    holiday = Destination(way=Way.HANG_UP, prompt="holiday")
    number = NumberConfig(number="1", route=to_queue("q"), hours="h", closed=closed, holiday=holiday)
    config = TenantConfig(id="t", name="T", version=1, hours={"h": HOURS}, numbers={"1": number})
    assert first_destination(config, number, at("2026-11-23 10:00")) == to_queue("q")
    assert first_destination(config, number, at("2026-11-23 20:00")) == closed
    assert first_destination(config, number, at("2026-10-01 10:00")) == holiday
    always = NumberConfig(number="1", route=to_queue("q"))
    assert first_destination(config, always, at("2026-10-01 03:00")) == to_queue("q")
