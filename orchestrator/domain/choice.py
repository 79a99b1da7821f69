"""Why this agent: who was ready for a call, what each was sorted by, and what the queue's other agents were doing."""

from dataclasses import dataclass, field
from enum import StrEnum

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.config import QueueConfig, Strategy
from orchestrator.domain.routing import ranks_asked, score, unscore


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
    """Why a ready agent was asked, or not.

    `behind` in the order, `failed` this call before, not drawn by chance, or of a rank that was not yet asked.
    """

    CHOSEN = "chosen"
    BEHIND = "behind"
    FAILED = "failed"
    NOT_DRAWN = "not_drawn"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Roster:
    """A queue's agents as a commit found them: the first ready ones with their sort keys, and how many do what.

    `others` names agents who are not ready, not all of a large queue's.
    """

    ready: tuple[tuple[str, int], ...] = ()
    standings: dict[str, int] = field(default_factory=dict)
    others: dict[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An agent who was ready: the lowest `rank` (1-9) goes first, then the lowest `score`, the strategy's measure."""

    agent: str
    score: int
    verdict: Verdict
    rank: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How an agent was chosen: the chosen one and the first of the other ready ones in the queue's order.

    `standings` counts all agents of the queue by their `Standing`, those of nobody left out; `others` says of
    agents who were not ready what they were doing, of a large queue first of those who are logged in.
    """

    strategy: Strategy
    candidates: tuple[Candidate, ...]
    standings: dict[str, int]
    others: dict[str, Standing] = field(default_factory=dict)


def standing(agent: Agent) -> Standing:
    """Return what the agent is doing."""
    if agent.state is AgentState.ONLINE:
        return Standing.READY if agent.ready else Standing.NO_DEVICE
    return Standing(agent.state.value)


def choice(queue: QueueConfig, chosen: Agent, call: Call, roster: Roster, today: str, now: int) -> Choice:
    """Explain a choice for a call that waits in a queue at `now` (us UTC); `today` is the tenant's day."""
    ready = list(roster.ready)
    if chosen.id not in dict(ready):
        ready.append((chosen.id, score(queue, chosen, today)))
    asked = max(ranks_asked(queue, call, now), queue.rank(chosen.id))
    candidates = []
    for agent, key in ready:
        rank, measure = unscore(queue.strategy, key)
        verdict = _verdict(queue, agent, chosen.id, call.tried)
        if rank > asked and verdict is not Verdict.FAILED:
            verdict = Verdict.NOT_YET
        candidates.append(Candidate(agent=agent, score=measure, verdict=verdict, rank=rank))
    return Choice(
        strategy=queue.strategy, candidates=tuple(candidates), standings=roster.standings, others=roster.others
    )


def _verdict(queue: QueueConfig, agent: str, chosen: str, failed: tuple[str, ...]) -> Verdict:
    if agent == chosen:
        return Verdict.CHOSEN
    if agent in failed:
        return Verdict.FAILED
    drawn = queue.strategy is Strategy.RANDOM and queue.rank(agent) == queue.rank(chosen)
    return Verdict.NOT_DRAWN if drawn else Verdict.BEHIND
