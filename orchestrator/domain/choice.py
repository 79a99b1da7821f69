"""Why this agent: who was ready for a call, what each was sorted by, and what the queue's other agents were doing."""

from dataclasses import dataclass, field
from enum import StrEnum

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.config import Strategy
from orchestrator.domain.routing import score


class Standing(StrEnum):
    """What an agent of a queue is doing, as far as being asked goes; `no_device` is online without a device."""

    OFFLINE = "offline"
    READY = "ready"
    NO_DEVICE = "no_device"
    RINGING = "ringing"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"
    BUSY = "busy"


class Verdict(StrEnum):
    """Why a ready agent was asked, or not: `behind` in the order, `failed` this call before, or not drawn by chance."""

    CHOSEN = "chosen"
    BEHIND = "behind"
    FAILED = "failed"
    NOT_DRAWN = "not_drawn"


@dataclass(frozen=True, slots=True)
class Roster:
    """A queue's agents as a commit found them: the first ready ones with their sort keys, and how many do what."""

    ready: tuple[tuple[str, int], ...] = ()
    standings: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An agent who was ready; `score` is the strategy's sort key (docs/routing.md), the lowest is asked first."""

    agent: str
    score: int
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How an agent was chosen: the chosen one and the first of the other ready ones in the queue's order.

    `standings` counts all agents of the queue by their `Standing`, those of nobody left out.
    """

    strategy: Strategy
    candidates: tuple[Candidate, ...]
    standings: dict[str, int]


def standing(agent: Agent) -> Standing:
    """Return what the agent is doing."""
    if agent.state is AgentState.ONLINE:
        return Standing.READY if agent.ready else Standing.NO_DEVICE
    return Standing(agent.state.value)


def choice(strategy: Strategy, chosen: Agent, failed: tuple[str, ...], roster: Roster, today: str) -> Choice:
    """Explain a choice; `failed` are the agents who failed this call before, `today` is the tenant's day."""
    ready = list(roster.ready)
    if chosen.id not in dict(ready):
        ready.append((chosen.id, score(strategy, chosen, today)))
    candidates = tuple(
        Candidate(agent=agent, score=key, verdict=_verdict(strategy, agent, chosen.id, failed)) for agent, key in ready
    )
    return Choice(strategy=strategy, candidates=candidates, standings=roster.standings)


def _verdict(strategy: Strategy, agent: str, chosen: str, failed: tuple[str, ...]) -> Verdict:
    if agent == chosen:
        return Verdict.CHOSEN
    if agent in failed:
        return Verdict.FAILED
    return Verdict.NOT_DRAWN if strategy is Strategy.RANDOM else Verdict.BEHIND
