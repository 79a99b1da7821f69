"""What calls cost, against a plain reference and by examples."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.billing.charge import LineKind, Usage, charge_call, correction
from orchestrator.domain.billing.flaws import flaws_of
from orchestrator.domain.billing.prepaid import STEP_S, offers
from orchestrator.domain.billing.sentences import explain
from orchestrator.domain.billing.tariff import CallDirection, Rate, Rounding, TariffVersion, in_force
from tests.unit.billing.tariffs import ABROAD, CHINA, IN, MOBILE, OUT, D, version, versions

usages = st.builds(
    Usage,
    direction=st.sampled_from(CallDirection),
    number=st.from_regex(r"\+?[0-9]{2,6}", fullmatch=True),
    ms=st.integers(0, 4_000_000),
)


def _reference(tariff: TariffVersion, usage: Usage, free_left_s: int) -> tuple[Fraction, Fraction, int]:
    """Net, tax and free seconds by counting increments one by one and in fractions."""
    best: Rate | None = None
    for rate in tariff.rates:
        fits = rate.direction == usage.direction and usage.number[: len(rate.prefix)] == rate.prefix
        if fits and (best is None or len(rate.prefix) > len(best.prefix)):
            best = rate
    if best is None or usage.ms == 0:
        return Fraction(0), Fraction(0), 0
    billed = best.first_s
    while billed * 1000 < usage.ms:
        billed += best.next_s
    free = min(billed, free_left_s) if best.free_minutes else 0
    net = _rounded(Fraction(best.price) * (billed - free) / 60, tariff)
    net += _rounded(Fraction(best.connection_fee), tariff)
    if billed > free:
        net = max(net, _rounded(Fraction(best.minimum), tariff))
    return net, _rounded(net * Fraction(tariff.tax_percent) / 100, tariff), free


def _rounded(amount: Fraction, tariff: TariffVersion) -> Fraction:
    """The tariff's rule of rounding, said in whole numbers."""
    scaled, whole = amount * 10**tariff.places, floor(amount * 10**tariff.places)
    rest = scaled - whole
    up = {
        Rounding.HALF_UP: rest >= Fraction(1, 2),
        Rounding.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        Rounding.UP: rest > 0,
    }
    return Fraction(whole + up[tariff.rounding], 10**tariff.places)


@given(tariff=versions, usage=usages, free=st.integers(0, 5000))
def test_a_call_costs_what_counting_by_hand_gives(tariff: TariffVersion, usage: Usage, free: int) -> None:
    """BILL-1: longest prefix, increments, free seconds, fee, minimum and tax agree with a plain reference."""
    charge = charge_call(tariff, usage, free)
    assert (Fraction(charge.net), Fraction(charge.tax), charge.free_s) == _reference(tariff, usage, free)
    assert charge.total == charge.net + charge.tax == sum(line.amount for line in charge.lines)
    assert (charge.tariff, charge.version) == (tariff.tariff, tariff.number)


@given(tariff=versions, usage=usages, more=st.integers(0, 100_000))
def test_a_longer_call_never_costs_less(tariff: TariffVersion, usage: Usage, more: int) -> None:
    """BILL-1: what is set aside for a longer talk covers every shorter one."""
    longer = Usage(direction=usage.direction, number=usage.number, ms=usage.ms + more)
    assert charge_call(tariff, longer, 0).total >= charge_call(tariff, usage, 0).total


@given(tariff=versions, usage=usages, free=st.integers(0, 5000))
def test_every_charge_reads_in_both_languages(tariff: TariffVersion, usage: Usage, free: int) -> None:
    """BILL-1: each line's amount stands in the sentence, in Chinese and in English."""
    charge = charge_call(tariff, usage, free)
    for language in ("zh", "en"):
        sentence = explain(charge, language)
        assert all(format(line.amount, "f") in sentence for line in charge.lines)


@given(first=versions, second=versions, usage=usages, free=st.integers(0, 5000))
def test_a_correction_leads_to_what_is_right(
    first: TariffVersion, second: TariffVersion, usage: Usage, free: int
) -> None:
    """BILL-1: the charge and its correction add up to the right charge, net, tax and free seconds alike."""
    wrong, right = charge_call(first, usage, free), charge_call(second, usage, free)
    made = correction(second, wrong.net, wrong.tax, wrong.free_s, right)
    assert (wrong.net + made.net, wrong.tax + made.tax) == (right.net, right.tax)
    assert wrong.free_s + made.free_s == right.free_s


@pytest.mark.parametrize(
    ("number", "ms", "free", "net"),
    [
        ("+861082345678", 60_000, 0, "0.1500"),  # China mobile: the longest prefix, ten increments of 6 s
        ("+862182345678", 60_001, 0, "0.2900"),  # China: two minutes begun, and the fee
        ("+862182345678", 60_001, 90, "0.1100"),  # 30 of 120 seconds are paid for
        ("+862182345678", 60_001, 120, "0.0500"),  # only the fee
        ("+4930123456", 31_000, 3600, "2.0000"),  # 36 s would be 1.50: the minimum
        ("+4930123456", 0, 0, "0.0000"),  # never answered
    ],
)
def test_examples(number: str, ms: int, free: int, net: str) -> None:
    """BILL-1: what people would reckon by hand."""
    assert charge_call(version(), Usage(direction=OUT, number=number, ms=ms), free).net == D(net)


def test_the_arithmetic_is_told() -> None:
    """BILL-1: the sentence says how the amount came about."""
    charge = charge_call(version(), Usage(direction=OUT, number="+862182345678", ms=61_500), 60)
    assert explain(charge, "en") == (
        "China: 61.5 s, charged as 120 s (first 60 s, then each 60 s begun), 60 s free, "
        "60 s × CNY 0.12 a minute = CNY 0.1200; connection fee CNY 0.0500; tax 6% of CNY 0.1700 = CNY 0.0102."
    )
    assert explain(charge, "zh").startswith("China：通话 61.5 秒，按首 60 秒、其后每 60 秒计为 120 秒，免费 60 秒")


def test_a_number_without_a_rate_is_told() -> None:
    """BILL-1: a call that no rate covers costs nothing, and says so."""
    charge = charge_call(version(), Usage(direction=IN, number="+861082345678", ms=61_500), 60)
    assert charge.total == 0
    assert charge.lines[0].kind is LineKind.NO_RATE


def test_the_latest_version_is_in_force() -> None:
    """BILL-1: a version is in force from its moment on; a correction replaces one of the same moment."""
    known = [version(number=n, valid_from=at) for n, at in ((1, 10), (2, 20), (3, 10))]
    found = [in_force(known, at) for at in (9, 10, 19, 20)]
    assert [v.number if v else None for v in found] == [None, 3, 3, 2]


@given(tariff=versions, usage=usages, covered=st.integers(1, 4000))
def test_what_is_set_aside_pays_for_the_talk(tariff: TariffVersion, usage: Usage, covered: int) -> None:
    """BILL-1: each step covers at least one increment, costs what that talk costs, and is dearer when longer."""
    rate = tariff.rate(usage.direction, usage.number)
    if rate is None:
        return
    for begun in (0, rate.billed_s(covered * 1000)):
        found = offers(tariff, rate, usage.direction, usage.number, begun)
        assert found[-1].covered_s == (begun + rate.next_s if begun else rate.first_s)
        assert found[0].covered_s >= begun + STEP_S
        assert [offer.cost for offer in found] == sorted((offer.cost for offer in found), reverse=True)


def test_a_bad_version_is_refused_place_by_place() -> None:
    """BILL-1: what is wrong with a tariff is said by place; a good one has no flaws."""
    assert list(flaws_of(version())) == []
    bad = version(
        Rate(direction=OUT, prefix="86 x", name="", price=D("NaN"), first_s=0, connection_fee=D("0.00001")),
        CHINA,
        CHINA,
        MOBILE,
        ABROAD,
        currency="yuan",
        tax_percent=D("-1"),
        rents={},
    )
    assert set(flaws_of(bad)) == {
        ("currency", "bad_currency"), ("tax_percent", "bad_percent"), ("rates.0.prefix", "bad_prefix"),
        ("rates.0.price", "bad_price"), ("rates.0.first_s", "bad_increment"), ("rates.0.connection_fee", "bad_fee"),
        ("rates.2.prefix", "prefix_twice"),
    }  # fmt: skip


def test_amounts_are_exact_decimals() -> None:
    """BILL-1: no amount is ever a binary fraction."""
    charge = charge_call(version(), Usage(direction=OUT, number="+862182345678", ms=1), 0)
    assert all(type(line.amount) is Decimal for line in charge.lines)
