"""What happens to calls that agents place, until the customer answers."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.events.base import CallEvent, Event
from orchestrator.domain.outbound import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlaced(CallEvent):
    """`agent` wants to call `number`, showing the owned `caller_id`: its own phone is rung by channel `leg`.

    `by` is the user who asked for it. `rebuilt` when the talk was found on the switch without being known.
    """

    type: ClassVar[str] = "call_placed"
    switch: str
    agent: str
    leg: str
    number: str
    caller_id: str
    by: str
    rebuilt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRung(CallEvent):
    """The agent is on the line and the customer is rung, or the network has told how far that has come."""

    type: ClassVar[str] = "customer_rung"
    agent: str
    number: str
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRefused(Event):
    """`agent` may not call `number`: `reason` is the refusal's id, with `.` and the rule where there are several,
    `limit` names what was reached (SAFE-4).
    """

    type: ClassVar[str] = "call_refused"
    agent: str
    number: str
    by: str
    reason: str
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingAlert(Event):
    """Calling out looks like misuse (SAFE-4): a `limit` is reached, or a `number` was refused `refused` times that day.

    Told once a day each, with the refusal (`reason`) of `agent`, asked by user `by`, that brought it about.
    """

    type: ClassVar[str] = "calling_alert"
    agent: str
    number: str
    by: str
    reason: str
    limit: str = ""
    refused: int = 0
