"""May a leg that costs something be called, and how long may it talk (BILL-1)."""

from dataclasses import dataclass
from decimal import Decimal

from orchestrator.domain.billing.prepaid import offers
from orchestrator.domain.billing.tariff import CallDirection, in_force
from orchestrator.domain.metering import Meter
from orchestrator.service.errors import BalanceUsedUpError, NoRateError
from orchestrator.service.ports import Balances
from orchestrator.service.work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A leg may talk for `covered_s` seconds in all, None = without a limit; `last`: the balance has no whole step."""

    covered_s: int | None
    last: bool = False


def reserve(unit: Unit, balances: Balances, meter: Meter) -> Grant:
    """Set money aside for the next step of a leg, of which `meter` tells how long it is paid for already.

    The unit's commit sets it aside, if it is there still; else all is decided anew.
    The tariff version in force when it was answered stays in force for it. What is set aside is given back when the
    call is charged. Only prepaid tenants are limited. Raises BalanceUsedUpError when not one increment more can be
    paid for, NoRateError for a number that can't be called because it has no price.
    """
    terms = balances.prepaid(unit.tenant)
    if terms is None:
        return Grant(covered_s=None)
    version = in_force(terms.versions, unit.now if meter.begun is None else meter.begun)
    rate = version.rate(meter.direction, meter.number) if version else None
    if version is None or rate is None:
        if meter.direction is CallDirection.OUT:
            raise NoRateError(number=meter.number)
        return Grant(covered_s=None)
    possible = offers(version, rate, meter.direction, meter.number, meter.covered_s)
    if not possible[0].cost:
        return Grant(covered_s=None)
    found = next((offer for offer in possible if _set_aside(unit, balances, meter.leg, offer.cost)), None)
    if found is None:
        raise BalanceUsedUpError
    return Grant(covered_s=found.covered_s, last=found is not possible[0])


def _set_aside(unit: Unit, balances: Balances, leg: str, cost: Decimal) -> bool:
    """Have so much set aside for a leg in all, in place of less before; False where the balance hasn't as much."""
    funds = balances.funds(unit.tenant, {leg, *unit.money})
    if funds is None:
        return False
    others = sum(max(amount - funds.held.get(of, 0), Decimal(0)) for of, amount in unit.money.items() if of != leg)
    held = funds.held.get(leg, Decimal(0))
    if held < cost and funds.free - others < cost - held:
        return False
    unit.money[leg] = max(cost, held)
    return True
