"""What happens in a queue: waiting, being offered, being joined."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.call_states import Outcome
from orchestrator.domain.choice import Choice
from orchestrator.domain.events.base import CallEvent
from orchestrator.domain.offer import OfferState


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntered(CallEvent):
    """The call joined a queue's line; `entered` is its place, `limit` when the wait times out.

    `priority` is the queue's and, of it, `raised` the caller's own, which `raised_by` (`RaisedBy`) gave.
    """

    type: ClassVar[str] = "queue_entered"
    queue: str
    priority: int
    entered: int
    limit: int | None
    raised: int = 0
    raised_by: str = ""


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
class OfferPickedUp(CallEvent):
    """The agent's mobile was answered, by the agent or by a mailbox: it is asked to confirm (MOB-1)."""

    type: ClassVar[str] = "offer_picked_up"
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
class SurveyBegun(CallEvent):
    """The caller is asked for a score of the conversation with an agent."""

    type: ClassVar[str] = "survey_begun"
    queue: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed(CallEvent):
    """The caller has given the conversation with an agent a score, 1-5."""

    type: ClassVar[str] = "surveyed"
    queue: str
    agent: str
    score: int
