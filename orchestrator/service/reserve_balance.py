"""May a leg that costs something be called, and how long may it talk (BILL-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from orchestrator.domain.billing.prepaid import BillingTerms, offers
from orchestrator.domain.billing.tariff import CallDirection, in_force
from orchestrator.domain.config import COUNTRY
from orchestrator.service.errors import BalanceUsedUpError, NoRateError
from orchestrator.service.numbers import normalise
from orchestrator.service.ports import Clock, Configurations


class Balances(Protocol):
    """Balances, and what is set aside of them."""

    def terms(self, tenant: str) -> BillingTerms | None:
        """Read how a tenant pays, None for one that isn't billed."""

    def reserve(self, tenant: str, leg: str, costs: Sequence[Decimal]) -> int | None:
        """Set the first of `costs` that the balance has aside; returns its index, None for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A leg may talk for `covered_s` seconds in all, None = without a limit; `last`: the balance has no whole step."""

    covered_s: int | None
    last: bool = False


class ReserveBalance:
    """Sets money aside before a leg is called, and step by step while it talks.

    What is set aside is given back when the call is charged. `domain.billing.prepaid` tells when the next step is due
    and when a leg without one ends.
    """

    def __init__(self, balances: Balances, configurations: Configurations, clock: Clock) -> None:
        """`clock` is Redis'."""
        self._balances, self._configurations, self._clock = balances, configurations, clock

    def reserve(
        self, tenant: str, leg: str, direction: CallDirection, number: str, covered_s: int = 0, begun: int | None = None
    ) -> Grant:
        """Set money aside for a call to `number` that `covered_s` seconds are paid for already (0: not begun).

        `begun` (us UTC, None = now) is when the leg was answered: its tariff version stays in force. Only prepaid
        tenants are limited. Raises BalanceUsedUpError when not one increment more can be paid for, NoRateError for a
        number that can't be called because it has no price.
        """
        terms = self._balances.terms(tenant)
        if terms is None or not terms.prepaid:
            return Grant(covered_s=None)
        config = self._configurations.tenant(tenant)
        called = normalise(number, config.country if config else COUNTRY)
        version = in_force(terms.versions, self._clock.now() if begun is None else begun)
        rate = version.rate(direction, called) if version else None
        if version is None or rate is None:
            if direction is CallDirection.OUT:
                raise NoRateError(number=number)
            return Grant(covered_s=None)
        possible = offers(version, rate, direction, called, covered_s)
        found = self._balances.reserve(tenant, leg, [offer.cost for offer in possible])
        if found is None:
            raise BalanceUsedUpError
        return Grant(covered_s=possible[found].covered_s, last=found > 0)
