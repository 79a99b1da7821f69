"""The offer of a call to an agent: how far it has come, and how it ended."""

from dataclasses import dataclass, replace
from enum import StrEnum

from orchestrator.domain.machine import Machine


class OfferState(StrEnum):
    """How far the agent's leg of an offer has come, then how the offer ended."""

    DIALLING = "dialling"
    RINGING = "ringing"
    CONFIRMING = "confirming"
    WON = "won"
    ACCEPTED = "accepted"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_CONFIRMED = "not_confirmed"
    CANCELLED = "cancelled"


class OfferTrigger(StrEnum):
    """What can happen to an offer."""

    ALERTED = "alerted"
    PARKED = "parked"
    PICKED_UP = "picked_up"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    JOINED = "joined"
    RANG_OUT = "rang_out"
    DECLINED = "declined"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


OFFER_MACHINE: Machine[OfferState, OfferTrigger] = Machine(
    "offer",
    {
        (OfferState.DIALLING, OfferTrigger.ALERTED): OfferState.RINGING,
        **{
            (state, trigger): target
            for state in (OfferState.DIALLING, OfferState.RINGING)
            for trigger, target in (
                (OfferTrigger.PARKED, OfferState.WON),
                (OfferTrigger.PICKED_UP, OfferState.CONFIRMING),
                (OfferTrigger.RANG_OUT, OfferState.NO_ANSWER),
                (OfferTrigger.DECLINED, OfferState.REFUSED),
                (OfferTrigger.FAILED, OfferState.UNREACHABLE),
                (OfferTrigger.WITHDRAWN, OfferState.CANCELLED),
            )
        },
        (OfferState.CONFIRMING, OfferTrigger.PICKED_UP): OfferState.CONFIRMING,
        (OfferState.CONFIRMING, OfferTrigger.CONFIRMED): OfferState.WON,
        (OfferState.CONFIRMING, OfferTrigger.UNCONFIRMED): OfferState.NOT_CONFIRMED,
        (OfferState.CONFIRMING, OfferTrigger.WITHDRAWN): OfferState.CANCELLED,
        (OfferState.WON, OfferTrigger.JOINED): OfferState.ACCEPTED,
        (OfferState.WON, OfferTrigger.FAILED): OfferState.UNREACHABLE,
        (OfferState.WON, OfferTrigger.WITHDRAWN): OfferState.CANCELLED,
    },
)

#: Offers that count as unanswered for STATE-7.
MISSED = (OfferState.NO_ANSWER, OfferState.REFUSED, OfferState.NOT_CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One agent being asked to take one call. `leg` is the agent's channel and names the offer.

    Times are microseconds UTC. `due` is when the agent's phone must have started to ring, then when it rings out.
    A `mobile` that was answered is asked to confirm until `due`: a mailbox answers too; `step` names the question.
    """

    leg: str
    agent: str
    queue: str
    state: OfferState
    offered: int
    due: int
    rings_out: int
    mobile: bool = False
    step: str = ""

    def move(self, trigger: OfferTrigger) -> "Offer":
        """Apply a trigger; raises IllegalTransitionError when it means nothing here."""
        return replace(self, state=OFFER_MACHINE.next(self.state, trigger))

    def take(self) -> "Offer":
        """The agent takes the call: by answering, on a mobile by confirming, whatever answered."""
        return self.move(OfferTrigger.CONFIRMED if self.mobile else OfferTrigger.PARKED)
