"""Ranks of agents in a queue: who is asked first, and when others are."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.choice import Verdict
from orchestrator.domain.config import QueueConfig, Strategy
from orchestrator.domain.events import OfferMade
from orchestrator.domain.routing import EPOCH_US, MOST_ANSWERED, RANKS, score, unscore
from orchestrator.service.end_call import LegReport
from orchestrator.store import keys
from orchestrator.store.caller_priorities import RedisCallerPriorityWriter
from orchestrator.store.codec import event_from_json
from orchestrator.store.drawing import draw
from orchestrator.store.keys import deadlines
from tests.support.call_centre import CallCentre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Agents a1 (rank 1), a2 (rank 2), a3 (rank 4); one more rank each 10 s."""
    return CallCentre(redis_url, agents=3, ranks={"a2": 2, "a3": 4}, widen_s=10)


def asked(centre: CallCentre, call: str = "c1") -> str | None:
    offer = centre.call(call).offer
    return offer.agent if offer else None


def wait_s(centre: CallCentre, seconds: float) -> None:
    centre.clock.pass_s(seconds)
    centre.fire()


def last_offer(centre: CallCentre) -> OfferMade:
    told = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in told if isinstance(event, OfferMade)][-1]


def refuse(centre: CallCentre, call: str) -> None:
    leg = centre.call(call).asked.leg
    centre.use.end.agent_leg_ended("t", call, LegReport(leg=leg, role="agent", cause="CALL_REJECTED"))


def test_the_lowest_rank_is_asked_first(centre: CallCentre) -> None:
    """QUEUE-2: whatever the strategy says of others; the record tells that their ranks were not asked yet."""
    centre.online("a3", "a2", "a1")
    centre.queue("c1")
    assert asked(centre) == "a1"
    choice = last_offer(centre).choice
    assert choice
    assert {(c.agent, c.rank): c.verdict for c in choice.candidates} == {
        ("a1", 1): Verdict.CHOSEN,
        ("a2", 2): Verdict.NOT_YET,
        ("a3", 4): Verdict.NOT_YET,
    }


def test_one_more_rank_is_asked_after_each_span_to_the_millisecond(centre: CallCentre) -> None:
    """QUEUE-2: nobody looks until then, and the deadline is written in the commit that found nobody to ask."""
    centre.arrive("c1")
    entered = centre.clock.now()
    centre.online("a2")
    centre.clock.at = entered
    centre.use.enqueue.answered("t", "c1")
    assert asked(centre) is None
    assert centre.redis.zscore(deadlines("t"), "match:sales") == entered // 1000 + 10_000
    wait_s(centre, 9.999)
    assert asked(centre) is None
    wait_s(centre, 0.001)
    assert asked(centre) == "a2"


def test_a_free_agent_of_a_lower_rank_is_asked_at_once(centre: CallCentre) -> None:
    """QUEUE-2: also while those of higher ranks are still waited for."""
    centre.online("a3")
    centre.queue("c1")
    wait_s(centre, 5)
    centre.online("a1")
    assert asked(centre) == "a1"


def test_the_first_caller_decides(centre: CallCentre) -> None:
    """QUEUE-3: one of higher priority, who waits shorter, stands first and is not overtaken."""
    centre.online("a2")
    centre.queue("c1")
    wait_s(centre, 9)
    RedisCallerPriorityWriter(centre.redis).put("t", {"+8613900000000": 50})
    centre.arrive("c2", "13900000000")
    centre.use.enqueue.answered("t", "c2")
    wait_s(centre, 2)
    assert (asked(centre, "c1"), asked(centre, "c2")) == (None, None)
    wait_s(centre, 8)
    assert (asked(centre, "c1"), asked(centre, "c2")) == (None, "a2")


def test_a_refusal_asks_the_next_agent_at_once(centre: CallCentre) -> None:
    """QUEUE-4: whatever the rank; a refusal is no reason to wait for time."""
    centre.online("a1", "a2")
    centre.queue("c1")
    refuse(centre, "c1")
    assert asked(centre) == "a2"


def test_all_ranks_are_asked_at_once_without_a_span(redis_url: str) -> None:
    """QUEUE-2: by order of rank alone."""
    centre = CallCentre(redis_url, agents=3, ranks={"a1": 9})
    centre.online("a1")
    centre.queue("c1")
    assert asked(centre) == "a1"
    centre.online("a2", "a3")
    centre.queue("c2")
    assert asked(centre, "c2") == "a2"


def test_new_ranks_count_when_they_are_published(centre: CallCentre) -> None:
    """QUEUE-1, QUEUE-2: who waits in vain is looked at again, without anything else happening."""
    centre.online("a2")
    centre.queue("c1")
    assert asked(centre) is None
    queue = replace(centre.config.queues["sales"], ranks={})
    centre.config = replace(centre.config, queues={"sales": queue})
    centre.publish()
    assert asked(centre) == "a2"


def test_who_leaves_meanwhile_is_not_asked(centre: CallCentre) -> None:
    """QUEUE-2: the deadline finds nobody, and the next agent who becomes ready is."""
    centre.online("a2")
    centre.queue("c1")
    centre.use.agents.choose_state("t", "a2", AgentState.BREAK, "lunch", "test")
    wait_s(centre, 11)
    assert centre.call("c1").state is CallState.WAITING
    centre.online("a2")
    assert asked(centre) == "a2"


def test_chance_draws_within_the_lowest_rank(redis_url: str) -> None:
    """QUEUE-2: each of that rank may come, nobody of a higher one, and after a refusal the others of the rank."""
    for chance in (0.0, 0.49, 0.51, 0.999):
        centre = CallCentre(
            redis_url, 4, lambda chance=chance: chance, strategy=Strategy.RANDOM, ranks={"a1": 2, "a4": 2}
        )  # type: ignore[misc]
        centre.online("a1", "a2", "a3", "a4")
        centre.queue("c1")
        first = asked(centre)
        assert first == ("a2" if chance < 0.5 else "a3")
        refuse(centre, "c1")
        assert {first, asked(centre)} == {"a2", "a3"}
        refuse(centre, "c1")
        assert asked(centre) in {"a1", "a4"}
        centre.redis.flushdb()


def test_drawing_takes_each_once_and_lower_ranks_first(redis_url: str) -> None:
    """QUEUE-2: three of two and two."""
    centre = CallCentre(redis_url, 4, strategy=Strategy.RANDOM, ranks={"a1": 3, "a2": 3})
    centre.online("a1", "a2", "a3", "a4")
    ready = keys.ready("t", "sales")
    found = {tuple(draw(centre.redis, ready, 3, True, centre.store._chance)) for _ in range(50)}
    assert {frozenset(one[:2]) for one in found} == {frozenset({"a3", "a4"})}
    assert {one[2] for one in found} == {"a1", "a2"}


@pytest.mark.parametrize("strategy", [Strategy.ROUND_ROBIN, Strategy.LONGEST_IDLE, Strategy.FEWEST_ANSWERED])
def test_sort_keys_stay_exact_and_can_be_read(strategy: Strategy) -> None:
    """QUEUE-2: below 2**53 for the highest rank, most calls and the year 2050; a microsecond still counts."""
    at = EPOCH_US + 10**15 - 5_000
    queue = QueueConfig(id="q", name="Q", strategy=strategy, ranks={"a": RANKS})
    agent = Agent(id="a", last_offered=at, idle_since=at, day="d", connected_in=5000)
    key = score(queue, agent, "d")
    assert key < 2**53
    assert float(key) == key
    measure = at if strategy is not Strategy.FEWEST_ANSWERED else MOST_ANSWERED * 10**13 + at // 1000
    assert unscore(strategy, key) == (RANKS, measure)
    assert unscore(strategy, score(queue, Agent(id="b"), "d")) == (1, 0)
