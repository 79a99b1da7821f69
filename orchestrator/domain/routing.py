"""Which agent takes a call: each strategy is a sort key, the lowest ready agent is asked (docs/routing.md)."""

from orchestrator.domain.agent import Agent
from orchestrator.domain.call import Call
from orchestrator.domain.config import Strategy

#: An agent who failed a call is asked again for it only when nobody else is free, and not before this pause.
ASK_AGAIN_US = 1_000_000


def score(strategy: Strategy, agent: Agent, today: str) -> int:
    """Return the sort key of a ready agent, lowest first; below 2**53 so that Redis keeps it exactly.

    Round robin: who was offered a call longest ago. Fewest answered: today's answered calls, then as round robin.
    Longest idle: who has been idle longest. Random needs no key: the pick is by position. Ties go by agent id.
    """
    match strategy:
        case Strategy.ROUND_ROBIN:
            return agent.last_offered
        case Strategy.FEWEST_ANSWERED:
            answered = agent.connected_in if agent.day == today else 0
            return answered * 10**13 + agent.last_offered // 1000
        case Strategy.LONGEST_IDLE:
            return agent.idle_since
        case Strategy.RANDOM:
            return 0


def ages(strategy: Strategy, agent: Agent, today: str) -> bool:
    """Tell whether the sort key counts today's calls, so that it is no longer true after the tenant's midnight."""
    return strategy is Strategy.FEWEST_ANSWERED and agent.day == today and agent.connected_in > 0


def choose(call: Call, best_first: list[Agent], now: int) -> Agent | None:
    """Pick the agent to ask for a call among ready ones, best first (QUEUE-4).

    Agents who failed this call come last, the one who failed longest ago first, and not within ASK_AGAIN_US of the
    failure: None means that nobody can be asked yet.
    """
    fresh = next((a for a in best_first if a.id not in call.tried), None)
    if fresh or not best_first or now - call.since < ASK_AGAIN_US:
        return fresh
    return min(best_first, key=lambda a: call.tried.index(a.id))
