"""Prepaid balances: however many calls begin at once, no more is set aside than there is."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from orchestrator.domain.billing.prepaid import BillingTerms, ends_at, next_check
from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion
from orchestrator.domain.metering import Meter
from orchestrator.service.errors import BalanceUsedUpError, NoRateError
from orchestrator.service.reserve_balance import Grant, reserve
from orchestrator.service.work import Unit
from orchestrator.store import keys
from orchestrator.store.balances import RedisBalances
from tests.support.call_centre import CallCentre

D = Decimal
OUT = CallDirection.OUT

#: 0.10 for each six seconds begun.
TERMS = BillingTerms(
    prepaid=True,
    versions=(
        TariffVersion(
            tariff="prepaid", number=1, valid_from=0, rents={},
            rates=(Rate(direction=OUT, prefix="+86", name="China", price=D(1), first_s=6, next_s=6),),
        ),
    ),
)  # fmt: skip


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return CallCentre(redis_url)


@pytest.fixture
def balances(centre: CallCentre) -> RedisBalances:
    return RedisBalances(centre.redis)


def _decide(centre: CallCentre, *meters: Meter) -> list[Grant]:
    """Set money aside for these legs in one decision."""
    grants: list[Grant] = []

    def decide(unit: Unit) -> None:
        assert unit.balances is not None
        grants[:] = [reserve(unit, unit.balances, meter) for meter in meters]

    centre.use.work.run("t", decide)
    return grants


def _out(leg: str, covered_s: int = 0) -> Meter:
    return Meter(leg=leg, direction=OUT, number="+8613800138000", covered_s=covered_s)


def _ask(centre: CallCentre, leg: str, covered_s: int = 0) -> Grant | None:
    try:
        return _decide(centre, _out(leg, covered_s))[0]
    except BalanceUsedUpError:
        return None


def test_many_calls_at_once_never_overdraw(balances: RedisBalances, centre: CallCentre) -> None:
    """BILL-1: 40 legs ask at one moment, again and again, for a balance of 12.34: 123 increments, not one more."""
    balances.settle("t", 1, D("12.34"), TERMS)
    together = Barrier(40)

    def talk(leg: str) -> int:
        together.wait(20)
        covered = 0
        while (grant := _ask(centre, leg, covered)) is not None:
            covered = grant.covered_s or 0
        return covered

    with ThreadPoolExecutor(40) as pool:
        covered = sum(pool.map(talk, [f"leg{n}" for n in range(40)]))
    assert covered == 123 * 6


def test_a_leg_goes_on_until_the_balance_is_used_up(balances: RedisBalances, centre: CallCentre) -> None:
    """BILL-1: a minute at a time, then what is left, then no more; the end and its warning are 30 s apart."""
    balances.settle("t", 1, D("1.55"), TERMS)
    assert _ask(centre, "a") == Grant(covered_s=60)
    assert _ask(centre, "a") == Grant(covered_s=60), "asking again sets nothing more aside"
    assert _ask(centre, "a", 60) == Grant(covered_s=90, last=True)
    assert _ask(centre, "a", 90) is None
    assert (next_check(0, 90), ends_at(0, 90)) == (60_000_000, 90_000_000)
    assert _ask(centre, "b") is None


def test_a_charge_gives_back_what_was_set_aside(balances: RedisBalances, centre: CallCentre) -> None:
    """BILL-1: after the charge the new balance counts, in whatever order charges are told, and told twice."""
    balances.settle("t", 1, D(2), TERMS)
    assert _ask(centre, "a") == _ask(centre, "b") == Grant(covered_s=60)
    assert _ask(centre, "c") is None
    balances.settle("t", 3, D("1.7"), TERMS, ["b"])
    for _ in range(2):
        balances.settle("t", 2, D("1.9"), TERMS, ["a"])
    assert centre.redis.hmget(keys.balance("t"), "n", "available", "reserved") == ["3", "1700000", "0"]
    assert centre.redis.exists(keys.reservations("t")) == 0
    assert _ask(centre, "c") == Grant(covered_s=60)


def test_who_pays_later_and_who_has_no_price(balances: RedisBalances, centre: CallCentre) -> None:
    """BILL-1, SAFE-4: without prepayment nothing is limited; with it a number without a price can't be called."""
    assert _ask(centre, "a") == Grant(covered_s=None), "not billed"
    balances.settle("t", 0, D(0), BillingTerms(prepaid=False, versions=TERMS.versions))
    assert _ask(centre, "a") == Grant(covered_s=None)
    balances.settle("t", 0, D(5), TERMS)
    with pytest.raises(NoRateError):
        _decide(centre, Meter(leg="a", direction=OUT, number="+4930123456"))
    inbound = Meter(leg="a", direction=CallDirection.IN, number="4001")
    assert _decide(centre, inbound) == [Grant(covered_s=None)], "inbound is free here"


def test_two_legs_of_one_decision(balances: RedisBalances, centre: CallCentre) -> None:
    """BILL-1: what is set aside for one leg is not there for the other; where one can't be paid for neither is."""
    balances.settle("t", 1, D("1.5"), TERMS)
    assert _decide(centre, _out("a"), _out("b")) == [Grant(covered_s=60), Grant(covered_s=30, last=True)]
    assert balances.held("t") == {"a": D(1), "b": D("0.5")}
    balances.release("t", ["a", "b"])
    balances.settle("t", 2, D("0.1"), TERMS)
    with pytest.raises(BalanceUsedUpError):
        _decide(centre, _out("a"), _out("b"))
    assert balances.held("t") == {}


def test_money_is_set_aside_by_the_commit(balances: RedisBalances, centre: CallCentre) -> None:
    """BILL-1, SAFE-1: a process that dies before its commit has set nothing aside; gone by then is decided anew."""
    balances.settle("t", 1, D("0.3"), TERMS)
    asked: list[int | None] = []

    def decide(unit: Unit) -> None:
        assert unit.balances is not None
        asked.append(reserve(unit, unit.balances, _out("a")).covered_s)
        assert balances.held("t") == ({} if len(asked) == 1 else {"b": D("0.2")})
        if len(asked) == 1:
            centre.redis.hset(keys.reservations("t"), "b", 200_000)
            centre.redis.hincrby(keys.balance("t"), "reserved", 200_000)

    centre.use.work.run("t", decide)
    assert asked == [18, 6]
    assert balances.held("t") == {"a": D("0.1"), "b": D("0.2")}
