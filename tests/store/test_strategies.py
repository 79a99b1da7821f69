"""What the strategies promise over many calls and over midnight, on a real Redis."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from orchestrator.domain.commands import RingAgent
from orchestrator.domain.config import AgentConfig, NumberConfig, QueueConfig, Strategy, to_queue
from orchestrator.service.end_call import LegReport
from orchestrator.store import keys
from tests.support.call_centre import SECOND, CallCentre

#: Chi-square of 19 and of 4 degrees of freedom that chance exceeds once in a thousand, and in a million, times.
CHI_19_THOUSANDTH, CHI_4_MILLIONTH = 43.8, 33.4
DAY_S = 86_400


def asked(centre: CallCentre) -> list[RingAgent]:
    """Return the offers made since the last time."""
    return [command for command in centre.telephony.take() if isinstance(command, RingAgent)]


def give_up(centre: CallCentre, call: str) -> None:
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))


def refuse(centre: CallCentre, offer: RingAgent) -> None:
    report = LegReport(leg=offer.leg, role="agent", cause="CALL_REJECTED")
    centre.use.end.agent_leg_ended("t", offer.call, report)


def talk(centre: CallCentre, offer: RingAgent) -> None:
    """The agent takes the call, both hang up, the wrap-up is over."""
    centre.use.answer.parked("t", offer.call, offer.leg, "fs1")
    centre.use.answer.joined("t", offer.call, offer.leg)
    centre.use.end.agent_leg_ended("t", offer.call, LegReport(leg=offer.leg, role="agent"))
    give_up(centre, offer.call)
    centre.use.agents.finish_wrap_up("t", offer.agent, "test")


def chi_square(counts: Counter[str], agents: int) -> float:
    """How far counts are from equal ones."""
    expected = counts.total() / agents
    missing = (agents - len(counts)) * expected
    return sum((count - expected) ** 2 / expected for count in counts.values()) + missing


def offers(centre: CallCentre, calls: int, refusals: int = 0) -> Counter[str]:
    """Count who is asked for so many calls, after so many refusals of each; every caller gives up then."""
    counts: Counter[str] = Counter()
    for n in range(calls):
        centre.queue(f"c{n}")
        (offer,) = asked(centre)
        for _ in range(refusals):
            refuse(centre, offer)
            (offer,) = asked(centre)
        counts[offer.agent] += 1
        give_up(centre, f"c{n}")
    return counts


def test_random_asks_everybody_equally_often(redis_url: str) -> None:
    """QUEUE-2: 2,000 offers to 20 agents are spread as chance spreads them."""
    centre = CallCentre(redis_url, agents=20, strategy=Strategy.RANDOM, chance=random.Random(7).random)
    centre.online(*centre.config.agents)
    counts = offers(centre, 2000)
    found = chi_square(counts, 20)
    print(f"random: {min(counts.values())} to {max(counts.values())} offers an agent, chi-square {found:.1f}, 19 d.f.")
    assert found < CHI_19_THOUSANDTH


def test_random_is_fair_after_a_refusal_too(redis_url: str) -> None:
    """QUEUE-2, QUEUE-4: who is asked second is drawn evenly among the others."""
    centre = CallCentre(redis_url, agents=5, strategy=Strategy.RANDOM)
    centre.config = replace(centre.config, miss_limit=0)
    centre.publish()
    centre.online(*centre.config.agents)
    counts = offers(centre, 600, refusals=1)
    found = chi_square(counts, 5)
    print(f"random after a refusal: {dict(sorted(counts.items()))}, chi-square {found:.1f}, 4 d.f.")
    assert found < CHI_4_MILLIONTH


def test_round_robin_goes_round(redis_url: str) -> None:
    """QUEUE-2: with everybody ready nobody is asked again before all others were."""
    centre = CallCentre(redis_url, agents=40, strategy=Strategy.ROUND_ROBIN)
    centre.online(*centre.config.agents)
    counts = offers(centre, 410)
    print(f"round robin: {min(counts.values())} to {max(counts.values())} offers an agent")
    assert set(counts.values()) == {10, 11}


@pytest.fixture
def evening(redis_url: str) -> CallCentre:
    """Ten seconds before midnight in Shanghai a1 has answered twice, a2 once, and both are ready."""
    centre = CallCentre(redis_url, agents=2, strategy=Strategy.FEWEST_ANSWERED)
    midnight = -(-(centre.clock.at // SECOND + 8 * 3600) // DAY_S) * DAY_S - 8 * 3600
    centre.clock.at = (midnight - 10) * SECOND
    centre.online("a1")
    for n in range(2):
        centre.queue(f"early{n}")
        talk(centre, asked(centre)[0])
    centre.online("a2")
    centre.queue("late")
    talk(centre, asked(centre)[0])
    assert (centre.agent("a1").connected_in, centre.agent("a2").connected_in) == (2, 1)
    return centre


def test_fewest_answered_begins_anew_at_the_tenants_midnight(evening: CallCentre) -> None:
    """QUEUE-2, WALL-4: agents who stay ready over midnight are as equal as the new day makes them."""
    centre = evening
    assert centre.redis.zrange(keys.ready("t", "sales"), 0, -1) == ["a2", "a1"]
    centre.clock.pass_s(9.9)
    centre.fire()
    assert centre.redis.zrange(keys.ready("t", "sales"), 0, -1) == ["a2", "a1"]
    centre.clock.pass_s(0.1)
    centre.fire()
    assert [centre.agent(a).connected_in for a in ("a1", "a2")] == [0, 0]
    assert centre.redis.zrange(keys.deadlines("t"), 0, -1) == []
    centre.queue("morning")
    assert [offer.agent for offer in asked(centre)] == ["a1"], "nobody has answered today: a1 was asked longer ago"


def test_a_day_is_started_once_whoever_fires(evening: CallCentre) -> None:
    """SAFE-1, WALL-4: a second firing, or one after a crash half way, changes nothing more and leaves no deadline."""
    evening.clock.pass_s(11)
    (member,) = evening.store.due("t", evening.clock.now(), 10)
    for _ in range(2):
        evening.use.deadlines.fire("t", member)
    changes = [fields["e"] for _, fields in evening.redis.xrange(keys.events("t")) if '"cause":"day"' in fields["e"]]
    assert len(changes) == 2
    assert evening.store.due("t", evening.clock.now() + DAY_S * SECOND, 10) == []


def test_no_deadline_where_no_order_depends_on_the_day(redis_url: str) -> None:
    """SAFE-1: other strategies don't care for midnight, and set nothing for it."""
    centre = CallCentre(redis_url, agents=1, strategy=Strategy.LONGEST_IDLE)
    centre.online("a1")
    centre.queue("c1")
    talk(centre, asked(centre)[0])
    assert centre.redis.zrange(keys.deadlines("t"), 0, -1) == []


def test_another_strategy_holds_from_its_publication_on(redis_url: str) -> None:
    """QUEUE-2: agents who are ready when the strategy is changed are sorted by the new one at once."""
    centre = CallCentre(redis_url, agents=2, strategy=Strategy.LONGEST_IDLE)
    centre.online("a1")
    centre.queue("c1")
    talk(centre, asked(centre)[0])
    centre.online("a2", "a1")
    assert centre.redis.zrange(keys.ready("t", "sales"), 0, -1) == ["a1", "a2"]
    queue = replace(centre.config.queues["sales"], strategy=Strategy.ROUND_ROBIN)
    centre.config = replace(centre.config, queues={"sales": queue}, version=2)
    centre.publish()
    assert centre.redis.zrange(keys.ready("t", "sales"), 0, -1) == ["a2", "a1"]


def two_queues(url: str) -> CallCentre:
    """Queue `first` served by a1 and a2, queue `second` by a1 alone."""
    centre = CallCentre(url, agents=2)
    served = {"a1": ("first", "second"), "a2": ("first",)}
    centre.config = replace(
        centre.config,
        queues={id_: QueueConfig(id=id_, name=id_) for id_ in ("first", "second")},
        numbers={id_: NumberConfig(number=id_, route=to_queue(id_)) for id_ in ("first", "second")},
        agents={a: AgentConfig(id=a, name=a, device=f"t-{a[1:]}", queues=served[a]) for a in served},
    )
    centre.publish()
    return centre


def enter(centre: CallCentre, call: str, queue: str) -> None:
    centre.arrive(call, number=queue)
    centre.use.enqueue.answered("t", call)
    centre.clock.pass_s(0.001)


def test_an_agent_who_refused_is_asked_for_another_queue_at_once(redis_url: str) -> None:
    """QUEUE-4: one failed offer can bring together two pairs, in two queues; neither waits for a timer."""
    centre = two_queues(redis_url)
    centre.online("a1")
    enter(centre, "c1", "first")
    (offer,) = asked(centre)
    enter(centre, "c2", "second")
    centre.online("a2")
    refuse(centre, offer)
    assert [(o.call, o.agent) for o in asked(centre)] == [("c1", "a2"), ("c2", "a1")]


def test_the_next_in_line_is_served_when_the_first_gives_up(redis_url: str) -> None:
    """QUEUE-3, QUEUE-4: the caller behind one whom everybody failed is offered as soon as that one gives up."""
    centre = CallCentre(redis_url, agents=1)
    centre.online("a1")
    centre.queue("c1")
    centre.queue("c2")
    refuse(centre, asked(centre)[0])
    assert asked(centre) == []
    give_up(centre, "c1")
    assert [offer.call for offer in asked(centre)] == ["c2"]


def test_an_agent_removed_in_a_call_is_asked_no_more(redis_url: str) -> None:
    """QUEUE-4, SAFE-1: whoever is removed while talking finishes that call, and holds up nobody afterwards."""
    centre = CallCentre(redis_url, agents=2)
    centre.online("a1")
    centre.queue("c1")
    (offer,) = asked(centre)
    left = {id_: agent for id_, agent in centre.config.agents.items() if id_ != "a1"}
    centre.config = replace(centre.config, agents=left, version=2)
    centre.publish()
    talk(centre, offer)
    centre.queue("c2")
    assert asked(centre) == []
    centre.online("a2")
    assert [o.agent for o in asked(centre)] == ["a2"]
