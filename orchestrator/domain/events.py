"""What happened: appended to the tenant's stream with each commit, never changed afterwards.

The call record, the state log, the counters and the wallboards are all made of these. All times are microseconds
UTC; `at` is the moment of the event. The story of a call is every event that names it, in order.
"""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Outcome, Party
from orchestrator.domain.choice import Choice
from orchestrator.domain.offer import OfferState


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events."""

    type: ClassVar[str]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(Event):
    """Something that happened to a call."""

    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(CallEvent):
    """A call to one of the tenant's numbers. `rebuilt` when it was found on the switch without being known."""

    type: ClassVar[str] = "call_arrived"
    switch: str
    caller: str
    caller_name: str
    number: str
    rebuilt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBlocked(CallEvent):
    """The blacklist refused the call: `entry` stands for the caller (direction in) or the number called (out)."""

    type: ClassVar[str] = "call_blocked"
    caller: str
    number: str
    direction: Direction
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAdopted(CallEvent):
    """Another orchestrator took the call over; `state` is the state it was found in."""

    type: ClassVar[str] = "call_adopted"
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRouted(CallEvent):
    """The call is sent somewhere: `reason` is what decided it (open, closed, holiday, key, timed_out, full...)."""

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
class QueueEntered(CallEvent):
    """The call joined a queue's line; `entered` is its place, `limit` when the wait times out."""

    type: ClassVar[str] = "queue_entered"
    queue: str
    priority: int
    entered: int
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade(CallEvent):
    """An agent is asked to take the call; `leg` names the offer, `choice` tells why this agent."""

    type: ClassVar[str] = "offer_made"
    queue: str
    agent: str
    leg: str
    rings_out: int
    choice: Choice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAlerted(CallEvent):
    """The agent's phone rings."""

    type: ClassVar[str] = "offer_alerted"
    agent: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWon(CallEvent):
    """The agent took the call; the two are about to be joined."""

    type: ClassVar[str] = "offer_won"
    agent: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded(CallEvent):
    """The offer is over: accepted, or why not. `cause` is the switch's hang-up cause where there is one."""

    type: ClassVar[str] = "offer_ended"
    queue: str
    agent: str
    leg: str
    offered: int
    result: OfferState
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft(CallEvent):
    """The call left the line. `day` is the tenant's day it counts for (`YYYY-MM-DD`), `wait` the time in it (us)."""

    type: ClassVar[str] = "queue_left"
    queue: str
    entered: int
    wait: int
    outcome: Outcome
    short: bool
    within_service_level: bool
    day: str
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected(CallEvent):
    """Caller and agent hear each other."""

    type: ClassVar[str] = "connected"
    queue: str
    agent: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLeft(CallEvent):
    """The agent's leg of a connected call ended."""

    type: ClassVar[str] = "agent_left"
    agent: str
    leg: str
    talk: int
    cause: str = ""


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
    """What the switch was told because of the events committed with this one."""

    type: ClassVar[str] = "commands_decided"
    trigger: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged(Event):
    """An agent's state, device, answer mode, queues or counters changed.

    `agent` is the whole new state; `previous` and `previous_since` name the interval that ends when the state
    changed (equal to the new one's when only something else did). `cause` says what did it (a trigger, `device`,
    `mode`, `configuration`), `by` which user if a person did.
    """

    type: ClassVar[str] = "agent_changed"
    agent: Agent
    previous: AgentState
    previous_since: int
    cause: str
    by: str | None = None
    call: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRemoved(Event):
    """The agent is no longer configured."""

    type: ClassVar[str] = "agent_removed"
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationPublished(Event):
    """A new configuration is in force."""

    type: ClassVar[str] = "configuration_published"
    version: int


EVENT_TYPES: dict[str, type[Event]] = {
    cls.type: cls
    for cls in (
        CallArrived, CallBlocked, CallAdopted, CallRouted, KeyPressed,
        QueueEntered, OfferMade, OfferAlerted, OfferWon, OfferEnded, QueueLeft, Connected,
        AgentLeft, CallEnded, LegEnded, CommandsDecided, AgentChanged, AgentRemoved, ConfigurationPublished,
    )
}  # fmt: skip
