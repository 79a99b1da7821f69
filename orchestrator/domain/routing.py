"""Which agent takes a call: each strategy is a sort key, the lowest ready agent is asked (docs/routing.md)."""

from orchestrator.domain.agent import Agent
from orchestrator.domain.call import Call
from orchestrator.domain.config import QueueConfig, Strategy

#: An agent who failed a call is asked again for it only when nobody else is free, and not before this pause.
ASK_AGAIN_US = 1_000_000


#: Ranks that an agent may have in a queue, the first is asked first.
RANKS = 9

#: Sort keys of one rank lie within this: nine of them are below 2**53, up to which Redis keeps numbers exactly.
RANK_SPAN = 10**15

#: Times in sort keys count from 2020-01-01, microseconds UTC: until 2051 they stay within RANK_SPAN.
EPOCH_US = 1_577_836_800_000_000

#: More answered calls a day than these are all the same to the order.
MOST_ANSWERED = 999


def score(queue: QueueConfig, agent: Agent, today: str) -> int:
    """Return the sort key of a ready agent, lowest first: by rank in the queue, then by its strategy.

    Round robin: who was offered a call longest ago. Fewest answered: today's answered calls, then as round robin.
    Longest idle: who has been idle longest. Random needs no key: the pick is by position. Ties go by agent id.
    """
    return (queue.rank(agent.id) - 1) * RANK_SPAN + _by_strategy(queue.strategy, agent, today)


def _by_strategy(strategy: Strategy, agent: Agent, today: str) -> int:
    match strategy:
        case Strategy.ROUND_ROBIN:
            return _since_epoch(agent.last_offered)
        case Strategy.FEWEST_ANSWERED:
            answered = min(agent.connected_in, MOST_ANSWERED) if agent.day == today else 0
            return answered * 10**12 + _since_epoch(agent.last_offered) // 1000
        case Strategy.LONGEST_IDLE:
            return _since_epoch(agent.idle_since)
        case Strategy.RANDOM:
            return 0


def _since_epoch(at: int) -> int:
    return max(0, at - EPOCH_US)


def unscore(strategy: Strategy, key: int) -> tuple[int, int]:
    """Return rank and the strategy's measure of a sort key, for people to read.

    The measure is microseconds UTC (0 = never), for fewest answered calls * 10**13 + milliseconds UTC, for random 0.
    """
    rank, rest = divmod(key, RANK_SPAN)
    if strategy is Strategy.FEWEST_ANSWERED:
        answered, ms = divmod(rest, 10**12)
        return rank + 1, answered * 10**13 + (ms + EPOCH_US // 1000 if ms else 0)
    return rank + 1, rest + EPOCH_US if rest else 0


def ranks_asked(queue: QueueConfig, call: Call, now: int) -> int:
    """Return up to which rank agents are asked for the first caller of a line at `now` (us UTC)."""
    if queue.widen_s is None:
        return RANKS
    waited_ms = now // 1000 - (call.ahead or call.entered or now) // 1000
    return min(RANKS, 1 + waited_ms // (queue.widen_s * 1000))


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
