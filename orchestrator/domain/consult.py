"""An agent asks somebody while the caller is on hold: how far that has come, and how it ended."""

from dataclasses import dataclass, replace
from enum import StrEnum

from orchestrator.domain.machine import Machine


class ConsultState(StrEnum):
    """How far a consultation has come, then how it ended."""

    DIALLING = "dialling"
    RINGING = "ringing"
    TALKING = "talking"
    CONFERENCE = "conference"
    COMPLETED = "completed"
    ENDED = "ended"


class ConsultTrigger(StrEnum):
    """What can happen to a consultation."""

    ALERTED = "alerted"
    PARKED = "parked"
    CONFERRED = "conferred"
    COMPLETED = "completed"
    OVER = "over"


CONSULT_MACHINE: Machine[ConsultState, ConsultTrigger] = Machine(
    "consult",
    {
        (ConsultState.DIALLING, ConsultTrigger.ALERTED): ConsultState.RINGING,
        (ConsultState.DIALLING, ConsultTrigger.PARKED): ConsultState.TALKING,
        (ConsultState.RINGING, ConsultTrigger.PARKED): ConsultState.TALKING,
        (ConsultState.TALKING, ConsultTrigger.CONFERRED): ConsultState.CONFERENCE,
        (ConsultState.TALKING, ConsultTrigger.COMPLETED): ConsultState.COMPLETED,
        (ConsultState.CONFERENCE, ConsultTrigger.COMPLETED): ConsultState.COMPLETED,
        **{
            (state, ConsultTrigger.OVER): ConsultState.ENDED
            for state in (ConsultState.DIALLING, ConsultState.RINGING, ConsultState.TALKING, ConsultState.CONFERENCE)
        },
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """Somebody being asked by the agent of a call: another agent. `leg` is the channel to them.

    Times are microseconds UTC: `since` of the last change; `due` is when the phone must have started to ring, then
    when it rings out, None once the two talk.
    """

    leg: str
    agent: str
    state: ConsultState
    since: int
    due: int | None
    rings_out: int

    def move(self, trigger: ConsultTrigger, now: int) -> "Consult":
        """Apply a trigger at `now`; raises IllegalTransitionError when it means nothing here."""
        state = CONSULT_MACHINE.next(self.state, trigger)
        due = self.rings_out if state is ConsultState.RINGING else None
        return replace(self, state=state, since=now, due=due)


def pending(consult: Consult | None) -> bool:
    """Tell whether a consultation still rings."""
    return consult is not None and consult.state in (ConsultState.DIALLING, ConsultState.RINGING)
