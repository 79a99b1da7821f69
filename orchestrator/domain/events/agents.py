"""What happens to agents, and to the configuration as a whole."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.events.base import Event
from orchestrator.domain.licence import Standing


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsChanged(Event):
    """An order has begun or run out (SEAT-4): `standing` of the tenant from now on, `call` its call seats."""

    type: ClassVar[str] = "seats_changed"
    standing: Standing
    call: int | None
