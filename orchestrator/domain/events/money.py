"""What calls cost: which telephones outside were called, and what happened for want of money (BILL-1)."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.events.base import CallEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCalled(CallEvent):
    """A telephone outside is rung by the channel `leg`: `number` (one spelling) is what the leg is charged by."""

    type: ClassVar[str] = "outside_called"
    leg: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUnpaid(CallEvent):
    """The balance doesn't pay for calling `number`, or there is no price for it: `reason` is the refusal's id."""

    type: ClassVar[str] = "call_unpaid"
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceEnds(CallEvent):
    """Nothing more can be set aside for a leg, and those who talk hear a tone: it ends at `until` (us UTC)."""

    type: ClassVar[str] = "balance_ends"
    leg: str
    number: str
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceUsedUp(CallEvent):
    """What was set aside for a leg is used up: the system ends it."""

    type: ClassVar[str] = "balance_used_up"
    leg: str
    number: str
