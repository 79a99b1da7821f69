"""What seats and numbers cost by the month, and what a month is."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.billing.months import days_of, month_at, month_span, months_between, next_month
from orchestrator.domain.billing.rent import Order, charge_rent, held_on
from orchestrator.domain.billing.sentences import explain
from orchestrator.domain.billing.tariff import RentItem
from tests.unit.billing.tariffs import NOVEMBER, D, version

SEAT = RentItem.CALL_SEAT

orders = st.lists(
    st.builds(
        Order,
        item=st.sampled_from(RentItem),
        quantity=st.integers(-3, 10),
        since=st.dates(date(2026, 10, 1), date(2026, 12, 31)),
    ),
    max_size=6,
)


def test_rent_is_by_the_day() -> None:
    """BILL-1: ten seats from the start and five more from the 16th: 30 days of ten, 15 of five."""
    bought = [
        Order(item=SEAT, quantity=10, since=date(2026, 9, 3)),
        Order(item=SEAT, quantity=5, since=date(2026, 11, 16)),
        Order(item=RentItem.NUMBER, quantity=1, since=date(2026, 11, 1)),
    ]
    charge = charge_rent("2026-11", SEAT, bought, lambda _: version())[0]
    assert [line.amount for line in charge.lines] == [D("450.0000"), D("675.0000"), D("67.5000")]
    assert explain(charge, "en").startswith("Call seats, rent: 10 × CNY 90 × 15/30 days (2026-11-01 to 2026-11-15)")


def test_a_new_tariff_in_the_month_has_its_own_charge() -> None:
    """BILL-1: each charge names one version of the tariff."""
    old, new = version(), version(number=2, rents={SEAT: D("120")})
    bought = [Order(item=SEAT, quantity=1, since=date(2026, 1, 1))]
    charges = charge_rent("2026-11", SEAT, bought, lambda day: old if day.day <= 10 else new)
    assert [(charge.version, charge.net) for charge in charges] == [(1, D("30.0000")), (2, D("80.0000"))]


@given(bought=orders, month=st.sampled_from(["2026-10", "2026-11", "2026-12"]), item=st.sampled_from(RentItem))
def test_rent_is_the_sum_of_its_days(bought: list[Order], month: str, item: RentItem) -> None:
    """BILL-1: the rent is that of each day added up, off by rounding once a line at most."""
    charges = charge_rent(month, item, bought, lambda _: version())
    days = days_of(month)
    price = Fraction(version().rents.get(item, D(0)))
    exact = sum((price * held_on(bought, item, day) / len(days) for day in days), Fraction(0))
    lines = sum(len(charge.lines) for charge in charges)
    assert abs(sum((Fraction(charge.net) for charge in charges), Fraction(0)) - exact) <= Fraction(lines, 20_000)


def test_months_follow_the_tenants_clock() -> None:
    """BILL-1, WALL-4: a month begins at the tenant's midnight, daylight saving or not, and the year goes on."""
    assert month_span("2026-11", "Asia/Shanghai")[0] == NOVEMBER
    assert [month_at(NOVEMBER - 1, zone) for zone in ("Asia/Shanghai", "Asia/Tokyo")] == ["2026-10", "2026-11"]
    begins, ends = month_span("2026-03", "Europe/Berlin")
    assert ends - begins == (31 * 24 - 1) * 3_600_000_000
    assert next_month("2026-12") == "2027-01"
    assert list(months_between("2026-11", "2027-02")) == ["2026-11", "2026-12", "2027-01"]
