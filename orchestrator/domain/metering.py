"""Legs that must be paid before: each has a meter that says how long its talk is paid for (BILL-1)."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestrator.domain.billing.prepaid import ends_at, next_check
from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import LimitTalk
from orchestrator.domain.consult import ConsultState
from orchestrator.domain.offer import OfferState

if TYPE_CHECKING:
    from orchestrator.domain.call import Call

#: The switch is told again to end a leg that was not proved to be gone within this time, us.
END_AGAIN_US = 5_000_000

#: The switch ends a leg by itself so long (s) after its time: only where no orchestrator is left to do it.
DEAD_MAN_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """`covered_s` seconds of a leg's talk are set aside; `number` is the one called, in its one spelling.

    `begun` (us UTC) is when it was answered, None = not yet; `last`: nothing more can be set aside, and those who talk
    have been warned; `ended` (us UTC) is when the switch was last told to end it.
    """

    leg: str
    direction: CallDirection
    number: str
    covered_s: int = 0
    begun: int | None = None
    last: bool = False
    ended: int | None = None

    @property
    def due(self) -> int | None:
        """When the next step must be set aside, or the leg ended, us UTC; None before it is answered."""
        if self.begun is None:
            return None
        if self.ended is not None:
            return self.ended + END_AGAIN_US
        return (ends_at if self.last else next_check)(self.begun, self.covered_s)


def limit_of(meter: Meter, now: int) -> LimitTalk:
    """Return what ends a leg if no orchestrator is left to do it."""
    left_us = max(0, ends_at(meter.begun or now, meter.covered_s) - now)
    return LimitTalk(leg=meter.leg, after_s=left_us // 1_000_000 + DEAD_MAN_S)


def follow(call: "Call", meters: tuple[Meter, ...], now: int) -> tuple[Meter, ...]:
    """Return the meters of a call as it is at `now`: those of its legs, begun where the leg was answered."""
    legs = _legs(call)
    return tuple(_begin(call, meter, now) if legs[meter.leg] else meter for meter in meters if meter.leg in legs)


def _begin(call: "Call", meter: Meter, now: int) -> Meter:
    if meter.begun is not None:
        return meter
    return replace(meter, begun=(call.answered if meter.leg == call.id else None) or now)


def _legs(call: "Call") -> dict[str, bool]:
    """Return the legs of a call that may cost something, and whether each is answered."""
    if call.state is CallState.ENDED:
        return {}
    legs = {leg: True for leg in (call.leg, call.leaving) if leg}
    if call.consult:
        legs[call.consult.leg] = call.consult.state not in (ConsultState.DIALLING, ConsultState.RINGING)
    if call.offer:
        legs[call.offer.leg] = call.offer.state not in (OfferState.DIALLING, OfferState.RINGING)
    if call.forward:
        legs[call.forward.leg] = call.forward.won
    if call.callback is None:
        legs[call.id] = call.answered is not None
    elif call.callback.leg:
        legs[call.callback.leg] = call.state is not CallState.CALLING_BACK
    return legs
