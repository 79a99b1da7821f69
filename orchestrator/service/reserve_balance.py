"""May a leg that costs something be called, and how long may it talk (BILL-1)."""

from dataclasses import dataclass

from orchestrator.domain.billing.prepaid import offers
from orchestrator.domain.billing.tariff import CallDirection, in_force
from orchestrator.domain.metering import Meter
from orchestrator.service.errors import BalanceUsedUpError, NoRateError
from orchestrator.service.ports import Balances


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A leg may talk for `covered_s` seconds in all, None = without a limit; `last`: the balance has no whole step."""

    covered_s: int | None
    last: bool = False


def reserve(balances: Balances, tenant: str, meter: Meter, now: int) -> Grant:
    """Set money aside for the next step of a leg, of which `meter` tells how long it is paid for already.

    The tariff version in force when it was answered stays in force for it. What is set aside is given back when the
    call is charged. Only prepaid tenants are limited. Raises BalanceUsedUpError when not one increment more can be
    paid for, NoRateError for a number that can't be called because it has no price.
    """
    terms = balances.prepaid(tenant)
    if terms is None:
        return Grant(covered_s=None)
    version = in_force(terms.versions, now if meter.begun is None else meter.begun)
    rate = version.rate(meter.direction, meter.number) if version else None
    if version is None or rate is None:
        if meter.direction is CallDirection.OUT:
            raise NoRateError(number=meter.number)
        return Grant(covered_s=None)
    possible = offers(version, rate, meter.direction, meter.number, meter.covered_s)
    if not possible[0].cost:
        return Grant(covered_s=None)
    found = balances.reserve(tenant, meter.leg, [offer.cost for offer in possible])
    if found is None:
        raise BalanceUsedUpError
    return Grant(covered_s=possible[found].covered_s, last=found > 0)
