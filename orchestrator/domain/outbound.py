"""A call that an agent places: how far it has come, and each step that moves it by the call's table (OUT-1)."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from orchestrator.domain.call_states import CallState, CallTrigger, Outcome

if TYPE_CHECKING:
    from orchestrator.domain.call import Call

#: Until here the customer has not answered: only the agent's channel is sure to be there.
UNANSWERED = (CallState.PLACED, CallState.CALLING)


class Progress(StrEnum):
    """How far ringing the customer has come: nothing known yet, it rings, or the network is heard."""

    DIALLING = "dialling"
    RINGING = "ringing"
    EARLY_MEDIA = "early_media"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """What the live call knows of it: `agent` calls `number` (its one spelling), showing the owned `caller_id`.

    The customer is rung for `ring_s` seconds, until the call's `join_due` at the latest.
    """

    agent: str
    number: str
    caller_id: str
    ring_s: int
    progress: Progress = Progress.DIALLING


def unanswered(call: "Call") -> bool:
    """Tell whether this is a call placed by an agent that the customer has not answered."""
    return call.outbound is not None and call.state in UNANSWERED


def call_out(call: "Call", due: int, now: int) -> "Call":
    """The agent is on the line: the customer is rung until `due` (us UTC) at the latest."""
    moved = call.move(CallTrigger.CALLED_OUT, now)
    return replace(moved, offer=call.asked.take(), join_due=due)


def progress(call: "Call", seen: Progress) -> "Call":
    """The network has told how far it is; what came later than the answer, or twice, changes nothing."""
    further = list(Progress).index(seen) > list(Progress).index(call.placed.progress)
    return replace(call, outbound=replace(call.placed, progress=seen)) if further else call


def reach(call: "Call", answered: int, now: int) -> "Call":
    """The customer has answered at `answered` (us UTC): the two hear each other."""
    moved = call.move(CallTrigger.REACHED, now)
    return replace(
        moved,
        agent=call.asked.agent,
        leg=call.asked.leg,
        offer=None,
        answered=answered,
        connected=answered,
        first_connected=answered,
        outcome=Outcome.REACHED,
    )


def restore(call: "Call", leg: str, answered: int, now: int) -> "Call":
    """The switch has this customer talking to the agent who called: the talk was not known here."""
    moved = call.move(CallTrigger.RESTORED, now)
    talk = replace(moved, agent=call.placed.agent, leg=leg, answered=answered, outcome=Outcome.REACHED)
    return replace(talk, connected=answered, first_connected=answered)
