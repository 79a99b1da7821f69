"""Prepaid calls: how much is set aside before a leg may go on talking, so that the balance is never overdrawn."""

from dataclasses import dataclass
from decimal import Decimal

from orchestrator.domain.billing.charge import Usage, charge_call
from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion

#: Money is set aside for at least this much talk at a time, where the balance has it.
STEP_S = 60

#: The next step is set aside this long before the last one is used up, and the warning tone sounds then.
WARN_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingTerms:
    """What the call path knows of a tenant's bill: whether calls must be paid before, and the tariff's versions."""

    prepaid: bool
    versions: tuple[TariffVersion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Talk of `covered_s` seconds in all would cost `cost`, tax included."""

    covered_s: int
    cost: Decimal


def offers(version: TariffVersion, rate: Rate, direction: CallDirection, number: str, covered_s: int) -> list[Offer]:
    """Return what can be set aside for a leg that `covered_s` seconds are paid for already, the longest first.

    The shortest is one increment more; free minutes are not counted on, since other calls may use them up.
    """
    least = rate.first_s if covered_s == 0 else covered_s + rate.next_s
    more = max(0, -(-(covered_s + STEP_S - least) // rate.next_s))
    ends = [least + step * rate.next_s for step in range(more, -1, -1)]
    return [Offer(covered_s=end, cost=_cost(version, direction, number, end)) for end in ends]


def next_check(begun: int, covered_s: int) -> int:
    """Return when the next step must be set aside, us UTC, for a leg answered at `begun` (us UTC)."""
    return begun + max(0, covered_s - WARN_S) * 1_000_000


def ends_at(begun: int, covered_s: int) -> int:
    """Return when a leg that nothing more is set aside for is ended, us UTC."""
    return begun + covered_s * 1_000_000


def _cost(version: TariffVersion, direction: CallDirection, number: str, seconds: int) -> Decimal:
    return charge_call(version, Usage(direction=direction, number=number, ms=seconds * 1000), 0).total
