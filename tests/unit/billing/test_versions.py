"""Which version of which tariff holds when, what a new one is warned of, free seconds of a part of a month, money."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.billing.charge import LineKind
from orchestrator.domain.billing.flaws import warnings_of
from orchestrator.domain.billing.money import shown
from orchestrator.domain.billing.rent import Order, charge_rent
from orchestrator.domain.billing.tariff import Assignment, Rate, RentItem, TariffVersion, in_force, spliced
from tests.unit.billing.tariffs import ABROAD, CHINA, HOTLINE, MOBILE, OUT, D, version

moments = st.integers(0, 30)


def _tariff(name: str) -> st.SearchStrategy[tuple[TariffVersion, ...]]:
    """All versions of a tariff that there has always been."""
    return st.lists(moments, max_size=4).map(
        lambda begins: tuple(version(tariff=name, number=n, valid_from=at) for n, at in enumerate([0, *begins], 1))
    )


@given(
    tariffs=st.tuples(_tariff("a"), _tariff("b"), _tariff("c")),
    begins=st.sets(st.integers(1, 30), min_size=2, max_size=2),
)
def test_each_tariff_holds_for_its_time(tariffs: tuple[tuple[TariffVersion, ...], ...], begins: set[int]) -> None:
    """BILL-1: at every moment the version in force is that of the tariff that the company had then."""
    since = [0, *sorted(begins)]
    whole = spliced([Assignment(since=at, versions=versions) for at, versions in zip(since, tariffs, strict=True)])
    for at in range(32):
        had = tariffs[max(place for place, start in enumerate(since) if start <= at)]
        expected, found = in_force(had, at), in_force(whole, at)
        assert (found and found.id) == (expected and expected.id)


def test_a_tariff_that_has_not_begun_lets_the_last_one_hold() -> None:
    """BILL-1: whoever is assigned a tariff of the future pays by the present one until then."""
    old, new = version(tariff="a"), version(tariff="b", valid_from=20)
    whole = spliced([Assignment(since=0, versions=(old,)), Assignment(since=10, versions=(new,))])
    assert [found.tariff for at in (9, 19, 20) if (found := in_force(whole, at))] == ["a", "a", "b"]


def test_a_tariff_that_comes_back_in_a_month_is_rented_once() -> None:
    """BILL-1: a charge for each version, with a line for each run of days; nothing is left out."""
    old, new = version(tariff="a"), version(tariff="b", rents={RentItem.CALL_SEAT: D(120)})
    seat = [Order(item=RentItem.CALL_SEAT, quantity=1, since=date(2026, 1, 1))]
    charges = charge_rent("2026-11", RentItem.CALL_SEAT, seat, lambda day: new if 10 < day.day <= 20 else old)
    assert [
        (one.tariff, [line.terms["days"] for line in one.lines if line.kind is LineKind.RENT]) for one in charges
    ] == [
        ("a", ["10", "10"]),
        ("b", ["10"]),
    ]
    assert sum(one.net for one in charges) == D(30) + D(30) + D(40)


@given(free_s=st.integers(0, 10**6), days=st.sampled_from([28, 29, 30, 31]), billed=st.integers(0, 31))
def test_free_seconds_of_a_part_of_a_month(free_s: int, days: int, billed: int) -> None:
    """BILL-1: pro rata they are the share of the days in whole seconds, never more; else all of them."""
    part = min(billed, days)
    share = version(free_s=free_s, free_pro_rata=True).free_in(part, days)
    assert 0 <= Fraction(free_s * part, days) - share < 1
    assert version(free_s=free_s).free_in(part, days) == free_s


def test_what_is_worth_a_look_is_said() -> None:
    """BILL-1: gaps, rates that change nothing, versions in the past, those that replace another."""
    good = version(CHINA, ABROAD, HOTLINE, replace(HOTLINE, prefix=""), valid_from=50)
    assert list(warnings_of(good, [], 50)) == [("rates.2.prefix", "same_as_shorter")]
    gaps = version(CHINA, MOBILE, valid_from=50)
    assert set(warnings_of(gaps, [version(valid_from=50)], 60)) == {
        ("rates", "gap_in"), ("rates", "gap_out"), ("valid_from", "in_the_past"), ("valid_from", "replaces"),
    }  # fmt: skip
    early = list(warnings_of(version(ABROAD, replace(HOTLINE, prefix=""), valid_from=50), [version(valid_from=70)], 1))
    assert early == [("valid_from", "before_another")]


def test_a_rate_like_the_one_above_is_found_at_any_depth() -> None:
    """BILL-1: the longest shorter prefix counts, not any."""
    far = Rate(direction=OUT, prefix="+8613", name="x", price=ABROAD.price, first_s=30, next_s=6, minimum=D(2))
    tariff = version(ABROAD, CHINA, far, valid_from=9)
    assert ("rates.2.prefix", "same_as_shorter") not in set(warnings_of(tariff, [], 0))


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("20.000000", "CNY", "20.00"), ("0.254400", "CNY", "0.2544"), ("-3.1", "EUR", "-3.10"), ("7", "JPY", "7"),
        ("7.50", "JPY", "7.5"), ("1.5", "KWD", "1.500"), ("0", "USD", "0.00"),
    ],
)  # fmt: skip
def test_money_is_shown_exactly(amount: str, currency: str, text: str) -> None:
    """BILL-1: with the currency's own decimals at least, and never fewer than there are."""
    assert shown(Decimal(amount), currency) == text


def test_amounts_below_each_other_have_the_same_decimals() -> None:
    """BILL-1: as many as are asked for, and none is lost."""
    assert [shown(D(amount), "CNY", 4) for amount in ("1.5", "0.123456")] == ["1.5000", "0.123456"]
