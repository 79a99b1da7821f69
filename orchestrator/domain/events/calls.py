"""What happens to a call as a whole: it comes, is sent somewhere, and ends."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call_states import Outcome, Party
from orchestrator.domain.events.base import CallEvent
from orchestrator.domain.licence import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(CallEvent):
    """A call to one of the tenant's numbers. `rebuilt` when it was found on the switch without being known.

    `test` tells that there is no caller: a draft is being tried, and nothing of it counts anywhere.
    """

    type: ClassVar[str] = "call_arrived"
    switch: str
    caller: str
    caller_name: str
    number: str
    rebuilt: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBlocked(CallEvent):
    """The blacklist refused the call: `entry` stands for the caller (direction in) or the number called (out)."""

    type: ClassVar[str] = "call_blocked"
    caller: str
    number: str
    direction: Direction
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTurnedDown(CallEvent):
    """The tenant isn't served now (SEAT-4): `reason` says why."""

    type: ClassVar[str] = "call_turned_down"
    reason: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAdopted(CallEvent):
    """Another orchestrator took the call over; `state` is the state it was found in."""

    type: ClassVar[str] = "call_adopted"
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRouted(CallEvent):
    """The call is sent somewhere: `reason` (a `RouteReason`) is what decided it."""

    type: ClassVar[str] = "call_routed"
    reason: str
    way: str
    target: str
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed(CallEvent):
    """A menu was answered; `key` is empty when nothing was pressed, `valid` tells whether it leads anywhere."""

    type: ClassVar[str] = "key_pressed"
    menu: str
    key: str
    valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentServed(CallEvent):
    """An agent (empty: nobody known) asks for something by phone (MOB-1): a state, `wrapped_up`, `pin` or `proved`.

    `refused` tells why nothing came of it, as an error's id; empty where it was done, or is to be done after the call.
    """

    type: ClassVar[str] = "agent_served"
    agent: str
    wish: str
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(CallEvent):
    """The caller's channel is gone; nothing follows but late facts. One per call."""

    type: ClassVar[str] = "call_ended"
    outcome: Outcome
    hung_up_by: Party
    cause: str
    arrived: int
    answered: int | None
    connected: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(CallEvent):
    """A channel of the call ended, as the switch measured it (0 = never)."""

    type: ClassVar[str] = "leg_ended"
    leg: str
    role: str
    agent: str | None
    created: int
    progress: int
    answered: int
    ended: int
    billed_ms: int
    cause: str
    hung_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandsDecided(CallEvent):
    """What the switch was told because of the events committed with this one.

    `trigger` is an `Occasion`, `cause` how a leg ended that it is about, or the state whose time was over.
    """

    type: ClassVar[str] = "commands_decided"
    trigger: str
    commands: tuple[str, ...]
    cause: str = ""
