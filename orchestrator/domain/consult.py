"""An agent asks somebody, perhaps outside, while the caller is on hold: how far that has come, and how it ended."""

from dataclasses import dataclass, replace
from enum import StrEnum

from orchestrator.domain.machine import Machine


class ConsultState(StrEnum):
    """How far a consultation has come, then how it ended."""

    DIALLING = "dialling"
    RINGING = "ringing"
    CONFIRMING = "confirming"
    ANSWERED = "answered"
    RETURNING = "returning"
    TALKING = "talking"
    CONFERENCE = "conference"
    COMPLETED = "completed"
    ENDED = "ended"


class ConsultTrigger(StrEnum):
    """What can happen to a consultation."""

    ALERTED = "alerted"
    PARKED = "parked"
    PICKED_UP = "picked_up"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    JOINED = "joined"
    CONFERRED = "conferred"
    COMPLETED = "completed"
    OVER = "over"


CONSULT_MACHINE: Machine[ConsultState, ConsultTrigger] = Machine(
    "consult",
    {
        (ConsultState.DIALLING, ConsultTrigger.ALERTED): ConsultState.RINGING,
        (ConsultState.DIALLING, ConsultTrigger.PARKED): ConsultState.ANSWERED,
        (ConsultState.RINGING, ConsultTrigger.PARKED): ConsultState.ANSWERED,
        (ConsultState.DIALLING, ConsultTrigger.PICKED_UP): ConsultState.CONFIRMING,
        (ConsultState.RINGING, ConsultTrigger.PICKED_UP): ConsultState.CONFIRMING,
        (ConsultState.CONFIRMING, ConsultTrigger.PICKED_UP): ConsultState.CONFIRMING,
        (ConsultState.CONFIRMING, ConsultTrigger.CONFIRMED): ConsultState.ANSWERED,
        (ConsultState.ANSWERED, ConsultTrigger.JOINED): ConsultState.TALKING,
        (ConsultState.ANSWERED, ConsultTrigger.RETURNED): ConsultState.RETURNING,
        (ConsultState.TALKING, ConsultTrigger.CONFERRED): ConsultState.CONFERENCE,
        (ConsultState.TALKING, ConsultTrigger.COMPLETED): ConsultState.COMPLETED,
        (ConsultState.CONFERENCE, ConsultTrigger.COMPLETED): ConsultState.COMPLETED,
        **{
            (state, ConsultTrigger.OVER): ConsultState.ENDED
            for state in ConsultState
            if state not in (ConsultState.COMPLETED, ConsultState.ENDED)
        },
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """Somebody being asked by the agent of a call: another agent, or a `number` outside. `leg` is the channel to them.

    Times are microseconds UTC: `since` of the last change; `due` is when the phone must have started to ring, then
    when it rings out, then when the switch must have proved that the two are joined, None once they talk. An agent's
    `mobile` that was answered is asked to confirm until `due`; `step` names the question. `returning`: the agent goes
    back to the caller as soon as that is proved. `rests`: the agent's channel has left the one of whoever was asked.
    """

    leg: str
    agent: str
    state: ConsultState
    since: int
    due: int | None
    rings_out: int
    mobile: bool = False
    step: str = ""
    number: str = ""
    rests: bool = False

    def move(self, trigger: ConsultTrigger, now: int) -> "Consult":
        """Apply a trigger at `now`; raises IllegalTransitionError when it means nothing here."""
        state = CONSULT_MACHINE.next(self.state, trigger)
        due = self.rings_out if state is ConsultState.RINGING else None
        return replace(self, state=state, since=now, due=due, rests=False)

    @property
    def holds_agent(self) -> bool:
        """Tell whether the agent's channel is with that of whoever is asked, or on its way there or back."""
        return self.state in (*UNPROVED, ConsultState.TALKING) and not self.rests

    def pick_up(self, step: str, until: int, now: int) -> "Consult":
        """A mobile was answered at `now`: it is asked until `until`."""
        return replace(self.move(ConsultTrigger.PICKED_UP, now), step=step, due=until)

    def give_up(self, now: int) -> "Consult":
        """The agent wants to return to the caller: not before the switch is done with joining the two, by `due`."""
        return replace(self.move(ConsultTrigger.RETURNED, now), due=self.due)

    def take(self, join_us: int, now: int) -> "Consult":
        """Whoever is asked is there, by answering, on a mobile by confirming: to be joined within `join_us`."""
        taken = self.move(ConsultTrigger.CONFIRMED if self.mobile else ConsultTrigger.PARKED, now)
        return replace(taken, due=now + join_us)


#: In these whoever is asked is not there yet.
RINGS = (ConsultState.DIALLING, ConsultState.RINGING, ConsultState.CONFIRMING)

#: In these the switch has been told to join the two, and has not proved it: their channels must be left alone.
UNPROVED = (ConsultState.ANSWERED, ConsultState.RETURNING)


def pending(consult: Consult | None) -> bool:
    """Tell whether a consultation still rings."""
    return consult is not None and consult.state in RINGS
