"""Callers who are put straight through to one agent."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import HangUp, Join, PlayMusic, PlayRinging, RingAgent, StopPlaying
from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from orchestrator.domain.events import CallEnded, CallRouted, Connected, OfferEnded, OfferMade, QueueLeft
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import AgentNotReadyError, UnknownTargetError
from orchestrator.service.reconcile import Known
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

STRAIGHT = Destination(way=Way.AGENT, target="a1", ring_s=15, otherwise=to_queue("sales"))


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Number 4002 leads to agent a1, to the queue otherwise; 4003 to nothing otherwise."""
    centre = CallCentre(redis_url, max_wait_s=30)
    alone = replace(STRAIGHT, otherwise=None)
    configure(
        centre,
        numbers={
            **centre.config.numbers,
            "4002": NumberConfig(number="4002", route=STRAIGHT),
            "4003": NumberConfig(number="4003", route=alone),
        },
    )
    return centre


def configure(centre: CallCentre, **changes: object) -> None:
    centre.config = replace(centre.config, version=centre.config.version + 1, **changes)  # type: ignore[arg-type]
    centre.publish()


def dial(centre: CallCentre, number: str = "4002", call: str = "c1") -> None:
    centre.arrive(call, number=number)
    centre.use.enqueue.answered("t", call)


def rung(centre: CallCentre) -> RingAgent:
    """Return how the last agent was rung, and forget what was told."""
    return [command for command in centre.telephony.take() if isinstance(command, RingAgent)][-1]


def talk(centre: CallCentre, number: str = "4002") -> str:
    dial(centre, number)
    leg = rung(centre).leg
    join(centre, leg)
    return leg


def join(centre: CallCentre, leg: str, call: str = "c1") -> None:
    centre.use.answer.alerted("t", call, leg, "fs1")
    centre.use.answer.parked("t", call, leg, "fs1")
    assert Join(leg=call, tenant="t", agent_leg=leg) in centre.telephony.take()
    centre.use.answer.joined("t", call, leg)


def story(centre: CallCentre, kind: type) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def reason(centre: CallCentre) -> str:
    return str(story(centre, CallRouted)[-1].reason)


def test_exactly_that_agent_rings(centre: CallCentre) -> None:
    """CALL-1: not whoever a queue would choose; the caller hears that it rings, for the destination's ring time."""
    centre.online("a2", "a1")
    dial(centre)
    told = centre.telephony.take()
    assert PlayRinging(leg="c1") in told
    (ring,) = [command for command in told if isinstance(command, RingAgent)]
    assert (ring.agent, ring.queue, ring.ring_s) == ("a1", "", 15)
    assert (centre.call("c1").state, centre.agent("a1").state) == (CallState.OFFERED, AgentState.RINGING)
    assert centre.agent("a2").state is AgentState.ONLINE


def test_they_talk_and_the_agent_wraps_up(centre: CallCentre) -> None:
    """CALL-1, STATE-1, CDR-1: the offer and the talk are as a queue's, only that no queue counts them."""
    centre.online("a1")
    leg = talk(centre)
    assert centre.agent("a1").connected_in == 1
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1"))
    assert centre.telephony.take() == [HangUp(leg="c1")]
    assert centre.agent("a1").state is AgentState.WRAP_UP
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.CONNECTED, Party.AGENT)
    assert [event.result.value for event in story(centre, OfferEnded)] == ["accepted"]
    assert story(centre, QueueLeft) == []


@pytest.mark.parametrize("state", [None, AgentState.BREAK, AgentState.BUSY])
def test_who_is_not_ready_is_not_rung(centre: CallCentre, state: AgentState | None) -> None:
    """CALL-1: offline, on break or busy: the call goes on at once."""
    if state:
        centre.use.agents.choose_state("t", "a1", state, "lunch" if state is AgentState.BREAK else "", "test")
    dial(centre)
    assert (centre.call("c1").state, centre.call("c1").queue) == (CallState.WAITING, "sales")
    assert (reason(centre), story(centre, OfferMade)) == ("agent_not_ready", [])


def test_who_talks_is_not_rung(centre: CallCentre) -> None:
    """CALL-1: a second caller goes on while the agent is in a call."""
    centre.online("a1")
    talk(centre)
    dial(centre, call="c2")
    assert (centre.call("c2").state, reason(centre)) == (CallState.WAITING, "agent_not_ready")


def test_nobody_otherwise(centre: CallCentre) -> None:
    """CALL-1: without another way the call is hung up; the outcome says that nothing took it."""
    dial(centre, "4003")
    assert HangUp(leg="c1") in centre.telephony.take()
    assert centre.call("c1").outcome is Outcome.TURNED_AWAY


@pytest.mark.parametrize(
    ("cause", "said"),
    [("NO_ANSWER", "agent_no_answer"), ("CALL_REJECTED", "agent_refused"),
     ("NETWORK_OUT_OF_ORDER", "agent_unreachable")],
)  # fmt: skip
def test_who_does_not_take_it_costs_nobody_the_call(centre: CallCentre, cause: str, said: str) -> None:
    """QUEUE-4, STATE-7: the call goes where the destination says; what was missed counts for the agent."""
    centre.online("a1")
    dial(centre)
    leg = rung(centre).leg
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", cause=cause))
    told = centre.telephony.take()
    assert StopPlaying(leg="c1") in told
    assert any(isinstance(command, PlayMusic) for command in told)
    assert said in [event.reason for event in story(centre, CallRouted)]
    assert centre.agent("a1").missed == 1
    assert centre.call("c1").queue == "sales"


def test_the_ring_time_is_a_deadline(centre: CallCentre) -> None:
    """SAFE-1: though the switch says nothing, the leg is ended and the caller goes on."""
    centre.online("a1")
    dial(centre)
    leg = rung(centre).leg
    centre.use.answer.alerted("t", "c1", leg, "fs1")
    centre.clock.pass_s(15.1)
    centre.fire()
    assert HangUp(leg=leg, cause="NO_ANSWER") in centre.telephony.take()
    assert "agent_no_answer" in [event.reason for event in story(centre, CallRouted)]


def test_a_caller_who_does_not_wait(centre: CallCentre) -> None:
    """QUEUE-6: hanging up while it rings is no abandoned queue; the agent is free, and missed nothing."""
    centre.online("a1")
    dial(centre)
    leg = rung(centre).leg
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in centre.telephony.take()
    (ended,) = story(centre, CallEnded)
    assert ended.outcome is Outcome.LEFT_MENU
    assert (centre.agent("a1").state, centre.agent("a1").missed) == (AgentState.ONLINE, 0)


def test_from_a_queue_that_has_timed_out(centre: CallCentre) -> None:
    """QUEUE-1, QUEUE-6: the queue's limit is no limit for the ringing; the stay counts as timed out, once."""
    sales = replace(centre.config.queues["sales"], on_timeout=replace(STRAIGHT, otherwise=None))
    agents = centre.config.agents | {"a1": replace(centre.config.agents["a1"], queues=())}
    configure(centre, queues={"sales": sales}, agents=agents)
    centre.online("a1")
    centre.queue("c1")
    centre.clock.pass_s(31)
    centre.fire()
    leg = rung(centre).leg
    centre.clock.pass_s(1)
    centre.fire()
    join(centre, leg)
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert [event.outcome for event in story(centre, QueueLeft)] == [Outcome.TIMED_OUT]
    assert [event.outcome for event in story(centre, CallEnded)] == [Outcome.CONNECTED]
    assert [event.queue for event in story(centre, Connected)] == [""]


def test_an_agent_whose_page_dies_and_stays_away(centre: CallCentre) -> None:
    """STATE-6, SAFE-1: the caller goes where calls for this agent go otherwise: the agent can't be rung."""
    centre.online("a1")
    agent = centre.config.agents["a1"]
    centre.use.devices.registered(agent.device, True, "r1", "page-1")
    leg = talk(centre)
    report = LegReport(leg=leg, role="agent", agent="a1", cause="MEDIA_TIMEOUT", reloads=True)
    centre.use.end.agent_leg_ended("t", "c1", report)
    assert centre.call("c1").state is CallState.RECOVERING
    centre.clock.pass_s(16)
    centre.fire()
    centre.use.steps.caller_parked("t", "c1")
    assert (centre.call("c1").state, centre.call("c1").queue) == (CallState.WAITING, "sales")


def test_transfer_to_an_agent(centre: CallCentre) -> None:
    """WEB-1: the other agent rings at once; nobody there answers: back into the line, ahead of newer callers."""
    centre.online("a1")
    centre.queue("c1")
    leg = rung(centre).leg
    join(centre, leg)
    with pytest.raises(AgentNotReadyError):
        centre.use.control.transfer("t", "c1", "a1", Destination(way=Way.AGENT, target="a2"), "user")
    with pytest.raises(UnknownTargetError):
        centre.use.control.transfer("t", "c1", "a1", Destination(way=Way.AGENT, target="nobody"), "user")
    centre.online("a2")
    centre.use.control.transfer("t", "c1", "a1", Destination(way=Way.AGENT, target="a2"), "user")
    centre.use.steps.caller_parked("t", "c1")
    ring = rung(centre)
    assert (ring.agent, centre.agent("a1").state) == ("a2", AgentState.WRAP_UP)
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=ring.leg, role="agent", agent="a2", cause="CALL_REJECTED"))
    assert centre.call("c1").queue == "sales"
    assert centre.call("c1").first_connected


def adopt(centre: CallCentre, *seen: LegSeen, known: bool = True) -> None:
    calls = frozenset({("t", "c1")}) if known else frozenset()
    centre.use.reconcile.adopt("fs1", Known(calls, frozenset()), seen, restarted=False)


def caller(*, bridged: bool, playing: bool = False) -> LegSeen:
    return LegSeen(
        leg="c1", tenant="t", call="c1", inbound=True, answered=1, created=1, bridged=bridged, caller="13800138000",
        number="4002", parked=not bridged, playing=playing, agent="a1" if bridged else "",
    )  # fmt: skip


def agent_leg(leg: str, *, bridged: bool) -> LegSeen:
    return LegSeen(leg=leg, role="agent", tenant="t", call="c1", agent="a1", bridged=bridged, rings=not bridged)


def test_whoever_takes_over_rings_on(centre: CallCentre) -> None:
    """SAFE-1: the phone rings on and the caller hears it; a leg lost with the process is rung again."""
    centre.online("a1")
    dial(centre)
    leg = rung(centre).leg
    adopt(centre, caller(bridged=False), agent_leg(leg, bridged=False))
    assert centre.telephony.take() == [PlayRinging(leg="c1")]
    adopt(centre, caller(bridged=False, playing=True))
    again = rung(centre)
    assert (again.agent, centre.call("c1").state) == ("a1", CallState.OFFERED)
    assert (again.leg != leg, centre.agent("a1").leg) == (True, again.leg)


def test_a_talk_that_redis_has_lost(centre: CallCentre) -> None:
    """SAFE-1: rebuilt from the channels: one who talks is not routed anew."""
    centre.online("a1")
    leg = talk(centre)
    centre.redis.delete(keys.calls("t"))
    adopt(centre, caller(bridged=True), agent_leg(leg, bridged=True), known=False)
    assert centre.telephony.take() == []
    call = centre.call("c1")
    assert (call.state, call.agent, call.outcome) == (CallState.CONNECTED, "a1", Outcome.CONNECTED)
    assert centre.agent("a1").state is AgentState.IN_CALL
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1"))
    assert centre.agent("a1").state is AgentState.WRAP_UP
