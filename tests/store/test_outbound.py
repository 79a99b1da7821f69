"""Calls that agents place: what rings first, and how each of them ends."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import DialOut, HangUp, RingAgent
from orchestrator.domain.config import to_queue
from orchestrator.domain.events import (
    CallEnded,
    Connected,
    CustomerRung,
    QueueLeft,
)
from orchestrator.domain.outbound import Progress
from orchestrator.service.errors import (
    AgentEngagedError,
    RefusedError,
)
from tests.support.call_centre import CallCentre
from tests.support.outbound import calling, calling_centre, place, report, story, talking


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """A company whose agents call out."""
    return calling_centre(redis_url)


@pytest.mark.parametrize("state", [AgentState.ONLINE, AgentState.BREAK, AgentState.BUSY])
def test_agent_first_then_the_customer(centre: CallCentre, state: AgentState) -> None:
    """OUT-1, STATE-4: own phone, then the customer by the trunk; afterwards wrap-up and the state held before."""
    centre.use.agents.choose_state("t", "a1", state, "", "test")
    place(centre)
    (ring,) = centre.telephony.take()
    assert isinstance(ring, RingAgent)
    assert (ring.device, ring.dials, ring.caller) == ("t-1", True, "+8613900139000")
    assert centre.agent("a1").state is AgentState.RINGING
    centre.use.answer.parked("t", "o1", ring.leg, "fs1")
    (dial,) = centre.telephony.take()
    assert isinstance(dial, DialOut)
    assert (dial.leg, dial.customer, dial.number, dial.trunk, dial.caller_id) == (
        ring.leg, "o1", "013900139000", "pstn", "4001",
    )  # fmt: skip
    for seen in (Progress.RINGING, Progress.EARLY_MEDIA, Progress.RINGING):
        centre.use.outbound.progressed("t", "o1", "o1", "fs1", seen)
    assert [rung.progress for rung in story(centre, CustomerRung)] == [*Progress]
    centre.use.outbound.answered("t", "o1", "o1", "fs1", centre.clock.now())
    call = centre.call("o1")
    assert (call.state, call.agent, call.line) == (CallState.CONNECTED, "a1", "o1")
    assert (centre.agent("a1").state, centre.agent("a1").connected_out) == (AgentState.IN_CALL, 1)
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.REACHED, Party.CALLER)
    assert HangUp(leg=ring.leg) in centre.telephony.take()
    assert centre.agent("a1").state is AgentState.WRAP_UP
    centre.clock.pass_s(11)
    centre.fire()
    assert centre.agent("a1").state is state


def test_a_wrap_up_ends_when_the_agent_calls(centre: CallCentre) -> None:
    """OUT-1, STATE-2: calling is a choice that ends the wrap-up."""
    centre.online("a1")
    talking(centre)
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    assert centre.agent("a1").state is AgentState.WRAP_UP
    place(centre, call="o2")
    assert (centre.agent("a1").state, centre.agent("a1").call) == (AgentState.RINGING, "o2")


def test_no_queue_call_meets_an_agent_who_calls(centre: CallCentre) -> None:
    """OUT-1: reserved in the one commit that begins the call; an agent who was offered a call can't begin one."""
    centre.online("a1")
    place(centre)
    centre.queue("c1")
    assert centre.call("c1").state is CallState.WAITING
    centre.online("a2")
    assert centre.call("c1").asked.agent == "a2"
    with pytest.raises(AgentEngagedError):
        place(centre, "a2", call="o2")


@pytest.mark.parametrize(
    ("cause", "told"),
    [("USER_BUSY", "leg"), ("NO_ANSWER", "leg"), ("UNALLOCATED_NUMBER", "leg"), ("INVALID_GATEWAY", "job")],
)
def test_customer_not_reached(centre: CallCentre, cause: str, told: str) -> None:
    """OUT-1: the record has the cause, the agent is let go and back without a wrap-up, also where no leg came to be."""
    centre.online("a1")
    dial = calling(centre)
    if told == "leg":
        centre.use.outbound.customer_left("t", "o1", report("o1", cause))
    centre.use.outbound.dialled("t", "o1", dial.leg, cause)
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.cause) == (Outcome.NOT_REACHED, cause)
    assert HangUp(leg=dial.leg) in centre.telephony.take()
    assert (centre.agent("a1").state, centre.agent("a1").connected_out) == (AgentState.ONLINE, 0)
    assert centre.call("o1") is None


def test_agent_hangs_up_while_the_customer_rings(centre: CallCentre) -> None:
    """OUT-1, SAFE-1: the customer's leg is ended, and again at its first event: it is doomed."""
    centre.online("a1")
    dial = calling(centre)
    centre.use.end.agent_leg_ended("t", "o1", report(dial.leg, role="agent"))
    kill = HangUp(leg="o1", cause="ORIGINATOR_CANCEL")
    assert kill in centre.telephony.take()
    for late in (
        lambda: centre.use.outbound.progressed("t", "o1", "o1", "fs1", Progress.RINGING),
        lambda: centre.use.outbound.answered("t", "o1", "o1", "fs1", 0),
        lambda: centre.use.outbound.parked("t", "o1", "o1", "fs1"),
    ):
        late()
        assert centre.telephony.take() == [kill]
    centre.use.outbound.customer_left("t", "o1", report("o1", "ORIGINATOR_CANCEL"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.GIVEN_UP, Party.AGENT)
    assert centre.agent("a1").state is AgentState.ONLINE


@pytest.mark.parametrize(("after_s", "outcome"), [(5, Outcome.GIVEN_UP), (44.5, Outcome.NOT_REACHED)])
def test_a_customer_cancelled_by_the_switch(centre: CallCentre, after_s: float, outcome: Outcome) -> None:
    """OUT-1: in the middle of the ring time the agent has hung up, as is told later; at its end nobody came."""
    centre.online("a1")
    calling(centre)
    centre.clock.pass_s(after_s)
    centre.use.outbound.customer_left("t", "o1", report("o1", "ORIGINATOR_CANCEL"))
    assert [ended.outcome for ended in story(centre, CallEnded)] == [outcome]
    assert centre.agent("a1").state is AgentState.ONLINE


@pytest.mark.parametrize("cause", ["NO_ANSWER", "CALL_REJECTED", "USER_NOT_REGISTERED"])
def test_agent_does_not_take_the_own_call(centre: CallCentre, cause: str) -> None:
    """OUT-1, STATE-7: nobody is called, and it doesn't count as missed."""
    centre.online("a1")
    place(centre)
    leg = centre.call("o1").asked.leg
    centre.telephony.take()
    if cause == "USER_NOT_REGISTERED":
        centre.use.end.leg_failed("t", "o1", leg, cause)
    else:
        centre.use.end.agent_leg_ended("t", "o1", report(leg, cause, "agent"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.cause) == (Outcome.NOT_PLACED, cause)
    agent = centre.agent("a1")
    assert (agent.state, agent.missed, agent.registered) == (
        AgentState.ONLINE, 0, cause != "USER_NOT_REGISTERED",
    )  # fmt: skip


def test_a_silent_switch_holds_nobody(centre: CallCentre) -> None:
    """SAFE-1: neither the agent's phone nor the customer's is waited for without end."""
    centre.online("a1")
    place(centre)
    centre.clock.pass_s(4)
    centre.fire()
    assert centre.agent("a1").state is AgentState.ONLINE
    centre.telephony.take()
    calling(centre, call="o2")
    centre.clock.pass_s(51)
    centre.fire()
    assert [ended.outcome for ended in story(centre, CallEnded)] == [Outcome.NOT_PLACED, Outcome.NOT_REACHED]
    assert centre.agent("a1").state is AgentState.ONLINE


def test_both_hang_up_at_once(centre: CallCentre) -> None:
    """SAFE-1: one end, one wrap-up, whichever event comes first; the leg that came late is in the record's events."""
    centre.online("a1")
    dial = talking(centre)
    centre.use.end.agent_leg_ended("t", "o1", report(dial.leg, role="agent"))
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    assert len(story(centre, CallEnded)) == 1
    assert centre.agent("a1").state is AgentState.WRAP_UP


def test_agent_hangs_up_in_the_talk(centre: CallCentre) -> None:
    """OUT-1: the customer is let go and asked nothing."""
    centre.online("a1")
    dial = talking(centre)
    centre.use.end.agent_leg_ended("t", "o1", report(dial.leg, role="agent"))
    assert HangUp(leg="o1") in centre.telephony.take()
    assert centre.call("o1").state is CallState.ENDING


def test_the_agent_gives_up_by_command(centre: CallCentre) -> None:
    """OUT-1: both legs are ended; others may not."""
    centre.online("a1")
    dial = calling(centre)
    with pytest.raises(RefusedError):
        centre.use.control.hang_up("t", "o1", "a2")
    centre.use.control.hang_up("t", "o1", "a1")
    assert [command.leg for command in centre.telephony.take()] == ["o1", dial.leg]
    assert centre.agent("a1").state is AgentState.ONLINE


def test_handed_to_a_queue_it_counts_there_as_connected(centre: CallCentre) -> None:
    """OUT-1, WEB-1, QUEUE-6: a customer who was called can be sent on; the queue counts as for every caller."""
    centre.online("a1")
    talking(centre)
    centre.use.control.transfer("t", "o1", "a1", to_queue("sales"), "u1")
    centre.use.outbound.parked("t", "o1", "o1", "fs1")
    centre.online("a2")
    leg = centre.call("o1").asked.leg
    centre.use.answer.parked("t", "o1", leg, "fs1")
    centre.use.answer.joined("t", "o1", "o1", leg)
    assert [left.outcome for left in story(centre, QueueLeft)] == [Outcome.CONNECTED]
    assert [event.agent for event in story(centre, Connected)] == ["a1", "a2"]
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    assert [ended.outcome for ended in story(centre, CallEnded)] == [Outcome.REACHED]
