"""One call through the use cases on a real Redis."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join, PlayMusic, RingAgent, TakeOver
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import AgentEngagedError
from tests.support.call_centre import CallCentre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return CallCentre(redis_url)


def ring(centre: CallCentre) -> RingAgent:
    """Return the last order to ring an agent."""
    return [c for c in centre.telephony.take() if isinstance(c, RingAgent)][-1]


def test_a_call_is_queued_offered_joined_and_wrapped_up(centre: CallCentre) -> None:
    """QUEUE-4, STATE-4: the longest idle agent rings, talks, wraps up and is back in the state before."""
    centre.online("a2", "a1")
    centre.queue("c1")
    told = centre.telephony.take()
    assert [type(c) for c in told if type(c).__name__ != "Mark"] == [TakeOver, PlayMusic, RingAgent]
    leg = told[-1].leg
    assert centre.agent("a2").state is AgentState.RINGING
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    centre.use.answer.parked("t", "c1", leg, "fs1")
    assert any(isinstance(c, Join) and c.agent_leg == leg for c in centre.telephony.take())
    centre.use.answer.joined("t", "c1", leg)
    assert centre.call("c1").state is CallState.CONNECTED
    assert (centre.agent("a2").state, centre.agent("a2").connected_in) == (AgentState.IN_CALL, 1)
    with pytest.raises(AgentEngagedError):
        centre.use.agents.choose_state("t", "a2", AgentState.BREAK, "", "boss")
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a2"))
    assert centre.telephony.take() == [HangUp(leg="c1")]
    assert centre.agent("a2").state is AgentState.WRAP_UP
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert centre.call("c1") is None
    centre.clock.pass_s(11)
    centre.fire()
    assert centre.agent("a2").state is AgentState.ONLINE
    assert centre.redis.hgetall("{cc:t}:counters") != {}
    assert centre.redis.zcard("{cc:t}:deadlines") == 0


def test_a_refused_call_goes_to_the_next_agent_and_keeps_its_place(centre: CallCentre) -> None:
    """QUEUE-3, QUEUE-4: after a refusal the next agent rings at once; the place in the line is unchanged."""
    centre.online("a1", "a2")
    centre.queue("c1")
    first = ring(centre)
    place = centre.call("c1").place
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=first.leg, role="agent", cause="CALL_REJECTED"))
    second = ring(centre)
    assert (first.agent, second.agent) == ("a1", "a2")
    assert centre.call("c1").place == place
    assert centre.agent("a1").state is AgentState.ONLINE
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=second.leg, role="agent", cause="USER_BUSY"))
    assert centre.call("c1").state is CallState.WAITING
    centre.clock.pass_s(1.1)
    centre.fire()
    assert ring(centre).agent == "a1"
