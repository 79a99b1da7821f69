"""Put a caller through to a telephone outside: choose the number that is shown, and have it rung (CALL-1)."""

import re
from dataclasses import dataclass, replace
from uuid import uuid4

from orchestrator.domain import asking, forwarding
from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.commands import PlayRinging, RingNumber
from orchestrator.domain.config import HANG_UP, Destination, TenantConfig
from orchestrator.domain.events import ForwardStarted
from orchestrator.domain.forward import Forward
from orchestrator.domain.story import RouteReason
from orchestrator.service.check_blacklist import blocking_entry
from orchestrator.service.errors import (
    BalanceUsedUpError,
    NoMobileError,
    NoRateError,
    NoTrunkError,
    NumberBlockedError,
    RefusedError,
    UnknownTargetError,
)
from orchestrator.service.meter_call import unpaid
from orchestrator.service.numbers import normalise
from orchestrator.service.work import Unit

#: The role of a telephone outside that a caller is put through to (`cc_role`).
OUTSIDE = "outside"

#: How long it rings (s) where nothing else is said.
RING_S = 30

_DIALLABLE = re.compile(r"\+?[0-9]{2,20}")


@dataclass(frozen=True, slots=True)
class Outside:
    """A telephone outside that can be rung: the order, and its number in the one spelling."""

    order: RingNumber
    number: str


def outside(unit: Unit, call: Call, to: Destination, role: str = OUTSIDE) -> Outside | RouteReason:
    """Return how the destination's telephone is rung for a call, or why it can't be."""
    number = normalise(to.target, unit.config.country)
    shown = shown_number(unit.config, to.caller_id, call.number)
    trunk = unit.config.trunk_of(shown)
    if trunk is None:
        return RouteReason.NO_TRUNK
    if not _DIALLABLE.fullmatch(number):
        return RouteReason.OUTSIDE_INVALID
    if blocking_entry(unit, Direction.OUT, number):
        return RouteReason.OUTSIDE_BLOCKED
    leg = str(uuid4())
    refusal = unpaid(unit, call.id, leg, CallDirection.OUT, number)
    if refusal:
        return refusal
    order = RingNumber(
        leg=leg, tenant=unit.tenant, call=call.id, role=role, number=trunk.dialled(number),
        trunk=trunk.name, caller_id=shown, ring_s=to.ring_s or RING_S, called=number,
    )  # fmt: skip
    return Outside(order, number)


def ring_outside(unit: Unit, call: Call, to: Destination) -> RouteReason | None:
    """Have the destination's telephone rung; returns why it can't be, None if it is."""
    found = outside(unit, call, to)
    if isinstance(found, RouteReason):
        return found
    order, due = found.order, unit.now + found.order.ring_s * 1_000_000
    forward = Forward(
        leg=order.leg, number=found.number, due=due, otherwise=to.otherwise or HANG_UP,
        caller_id=order.caller_id, ring_s=order.ring_s,
    )  # fmt: skip
    started = ForwardStarted(
        at=unit.now, call=call.id, leg=order.leg, number=found.number, caller_id=order.caller_id, trunk=order.trunk,
        rings_out=due,
    )  # fmt: skip
    unit.save_call(forwarding.begin(asking.leave_menu(call), forward, unit.now), started)
    unit.tell(call.switch, PlayRinging(leg=call.line), order)
    return None


def ring_again(unit: Unit, call: Call, forward: Forward) -> bool:
    """Ring a telephone whose leg the switch doesn't have: the order was lost with whoever gave it, or is over.

    It is the same leg, for which money is set aside already. False where it can't be rung again.
    """
    trunk = unit.config.trunk_of(forward.caller_id)
    if forward.won or not forward.ring_s or trunk is None:
        return False
    unit.save_call(replace(call, forward=replace(forward, due=unit.now + forward.ring_s * 1_000_000)))
    order = RingNumber(
        leg=forward.leg, tenant=unit.tenant, call=call.id, role=OUTSIDE, number=trunk.dialled(forward.number),
        trunk=trunk.name, caller_id=forward.caller_id, ring_s=forward.ring_s, called=forward.number,
    )  # fmt: skip
    unit.tell(call.switch, PlayRinging(leg=call.line), order)
    return True


def shown_number(config: TenantConfig, wanted: str, dialled: str) -> str:
    """Return the owned number to show: the one wanted, else the one dialled, else the first that has a trunk (NUM-1).

    Empty when none can be shown; what is wanted but can't be shown is never replaced by another.
    """
    choices = (wanted,) if wanted else (dialled, *sorted(config.numbers))
    return next((number for number in choices if config.trunk_of(number)), "")


def refusal_of(reason: RouteReason | None, number: str) -> RefusedError:
    """Return the refusal that tells people why a telephone outside can't be rung."""
    match reason:
        case RouteReason.NO_TRUNK:
            return NoTrunkError()
        case RouteReason.OUTSIDE_BLOCKED:
            return NumberBlockedError(number=number)
        case RouteReason.BALANCE_USED_UP:
            return BalanceUsedUpError()
        case RouteReason.NO_RATE:
            return NoRateError(number=number)
        case RouteReason.NO_MOBILE:
            return NoMobileError()
        case _:
            return UnknownTargetError(target=number)
