"""How calls end, in every phase, and what is counted."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, PlayMusic, RingAgent
from orchestrator.domain.events import CallEnded, QueueLeft
from orchestrator.service.accept_call import Arrival
from orchestrator.service.end_call import LegReport
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return CallCentre(redis_url, max_wait_s=30, short_abandon_s=5)


def caller_leaves(centre: CallCentre, call: str = "c1") -> None:
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller", cause="NORMAL_CLEARING"))


def ending(centre: CallCentre) -> tuple[str, str, bool | None]:
    """Return how the only call ended: outcome, who hung up, and whether it was a short abandon."""
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    (ended,) = [e for e in events if isinstance(e, CallEnded)]
    left = [e for e in events if isinstance(e, QueueLeft)]
    assert len(left) <= 1
    return ended.outcome.value, ended.hung_up_by.value, left[0].short if left else None


def counters(centre: CallCentre) -> dict[str, int]:
    return {k.split(":")[2]: int(v) for k, v in centre.redis.hgetall(keys.counters("t")).items()}


def ringing_leg(centre: CallCentre) -> str:
    return next(c for c in centre.telephony.take() if isinstance(c, RingAgent)).leg


@pytest.mark.parametrize(("seconds", "short"), [(4.9, True), (5.1, False)])
def test_hanging_up_in_the_line_is_abandoned(centre: CallCentre, seconds: float, short: bool) -> None:
    """QUEUE-6: hanging up before the limit is abandoned; within five seconds also a short abandon."""
    centre.queue("c1")
    centre.clock.pass_s(seconds)
    caller_leaves(centre)
    assert ending(centre) == ("abandoned", "caller", short)
    expected = {"offered": 1, "abandoned": 1} | ({"short": 1} if short else {})
    assert counters(centre) == expected


def test_hanging_up_while_an_agent_rings_frees_the_agent(centre: CallCentre) -> None:
    """QUEUE-6: still abandoned; the agent's phone is stopped and nobody is blamed."""
    centre.online("a1")
    centre.queue("c1")
    leg = ringing_leg(centre)
    caller_leaves(centre)
    assert ending(centre)[0] == "abandoned"
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in centre.telephony.take()
    agent = centre.agent("a1")
    assert (agent.state, agent.missed, agent.call) == (AgentState.ONLINE, 0, None)


def test_hanging_up_while_being_joined_is_abandoned(centre: CallCentre) -> None:
    """QUEUE-6: not yet connected, so abandoned; the agent is back without a wrap-up."""
    centre.online("a1")
    centre.queue("c1")
    centre.use.answer.parked("t", "c1", ringing_leg(centre), "fs1")
    caller_leaves(centre)
    assert ending(centre)[0] == "abandoned"
    assert centre.agent("a1").state is AgentState.ONLINE


def test_a_call_that_ends_before_it_is_answered_was_in_no_queue(centre: CallCentre) -> None:
    """QUEUE-6: it has an outcome, but no queue counts it."""
    centre.arrive("c1")
    caller_leaves(centre)
    assert ending(centre) == ("abandoned", "caller", None)
    assert counters(centre) == {}


def test_the_wait_limit_ends_the_call_as_timed_out(centre: CallCentre) -> None:
    """QUEUE-6: never connected within the limit counts as timed out, whoever's channel ends later."""
    centre.queue("c1")
    centre.clock.pass_s(30.1)
    centre.fire()
    assert centre.call("c1").state is CallState.ENDING
    assert HangUp(leg="c1") in centre.telephony.take()
    caller_leaves(centre)
    assert ending(centre) == ("timed_out", "system", False)
    assert counters(centre) == {"offered": 1, "timed_out": 1}


def test_the_wait_limit_counts_while_an_agent_rings_too(centre: CallCentre) -> None:
    """QUEUE-6: the offer is withdrawn, the agent is free."""
    centre.online("a1")
    centre.queue("c1")
    leg = ringing_leg(centre)
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    for _ in range(4):
        centre.clock.pass_s(10)
        centre.fire()
    assert centre.call("c1").state is CallState.ENDING
    assert centre.agent("a1").state in (AgentState.ONLINE, AgentState.BREAK)


def test_the_ring_time_ends_an_offer(centre: CallCentre) -> None:
    """QUEUE-4, QUEUE-3: an unanswered offer goes to the next agent at once; place and music are untouched."""
    centre.online("a1", "a2")
    centre.queue("c1")
    leg, place = ringing_leg(centre), centre.call("c1").place
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    centre.clock.pass_s(20.1)
    centre.fire()
    told = centre.telephony.take()
    assert HangUp(leg=leg, cause="NO_ANSWER") in told
    assert [c.agent for c in told if isinstance(c, RingAgent)] == ["a2"]
    assert not any(isinstance(c, PlayMusic) for c in told)
    assert (centre.call("c1").place, centre.agent("a1").missed) == (place, 1)


def test_a_phone_that_never_rings_is_unreachable(centre: CallCentre) -> None:
    """QUEUE-4: without any sign of ringing the next agent is asked after four seconds."""
    centre.online("a1", "a2")
    centre.queue("c1")
    ringing_leg(centre)
    centre.clock.pass_s(4.1)
    centre.fire()
    assert [c.agent for c in centre.telephony.take() if isinstance(c, RingAgent)] == ["a2"]


def test_first_come_first_served(centre: CallCentre) -> None:
    """QUEUE-3: who came first is served first, also after an offer that failed in between."""
    for call in ("c1", "c2", "c3"):
        centre.queue(call)
    centre.telephony.take()
    centre.online("a1")
    first = next(c for c in centre.telephony.take() if isinstance(c, RingAgent))
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=first.leg, role="agent", cause="NO_ANSWER"))
    centre.online("a2")
    served = [c.call for c in centre.telephony.take() if isinstance(c, RingAgent)]
    centre.clock.pass_s(2)
    centre.fire()
    served += [c.call for c in centre.telephony.take() if isinstance(c, RingAgent)]
    assert [first.call, *served] == ["c1", "c1", "c2"]


def test_numbers_that_nobody_owns_are_refused(centre: CallCentre) -> None:
    """CALL-1: an unknown number gets a clear cause from the network, and no call is begun."""
    stray = Arrival(leg="x", switch="fs1", caller="1", caller_name="", number="9999", created=0)
    assert centre.use.accept.accept(stray) is None
    assert centre.telephony.take() == [HangUp(leg="x", cause="UNALLOCATED_NUMBER")]
    assert centre.store.all_calls("t") == []


def test_a_doomed_leg_is_ended_at_its_first_sign(centre: CallCentre) -> None:
    """SAFE-1: a leg that outlived its cancelled offer is ended as soon as it rings or parks."""
    centre.online("a1")
    centre.queue("c1")
    leg = ringing_leg(centre)
    caller_leaves(centre)
    centre.telephony.take()
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    centre.use.answer.parked("t", "c1", leg, "fs1")
    assert centre.telephony.take() == [HangUp(leg=leg, cause="LOSE_RACE")] * 2
