"""An agent's own telephone transfers the caller (REFER), through the use cases on a real Redis."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.calling_out import CallingOut
from orchestrator.domain.commands import HangUp, Mark, RingAgent, RingNumber
from orchestrator.domain.config import HANG_UP, Destination, NumberConfig, QueueConfig, Way, to_queue
from orchestrator.domain.events import CallEnded, CallTransferred, ForwardEnded, QueueEntered
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen
from tests.support.call_centre import CallCentre
from tests.support.mobile import configure
from tests.support.outbound import calling_centre, report, story
from tests.support.outbound import talking as customer_talks
from tests.support.talk import Talk


@pytest.fixture
def talk(redis_url: str) -> Talk:
    talk = Talk(redis_url)
    centre = talk.centre
    queues = {**centre.config.queues, "help": QueueConfig(id="help", name="Help")}
    route = replace(centre.config.numbers["4001"], number="4002", route=replace(_route(talk), target="help"))
    centre.config = replace(centre.config, version=2, queues=queues, numbers={**centre.config.numbers, "4002": route})
    centre.publish()
    return talk


def _route(talk: Talk):  # noqa: ANN202
    return talk.centre.config.numbers["4001"].route


def _transferred(talk: Talk) -> list[tuple[str, str, str]]:
    return [(event.agent, event.way, event.target) for event in talk.events(CallTransferred)]


def test_to_another_agent(talk: Talk) -> None:
    """WEB-1: the agent of that telephone rings, whoever transferred wraps up, the mark is taken off the channel."""
    assert talk.centre.use.refer.referred("t", "c1", "t-2")
    told = talk.centre.telephony.take()
    assert Mark(leg="c1", variables={"cc_transfer_to": ""}) in told
    assert HangUp(leg=talk.leg) in told
    (ring,) = (command for command in told if isinstance(command, RingAgent))
    assert (ring.agent, talk.state("a1"), talk.state("a2")) == ("a2", AgentState.WRAP_UP, AgentState.RINGING)
    talk.leg_ends(talk.leg)
    assert (talk.call.state, _transferred(talk)) == (CallState.OFFERED, [("a1", "agent", "a2")])
    talk.leg_ends(ring.leg, "USER_BUSY")
    assert talk.call.state in (CallState.WAITING, CallState.OFFERED)
    assert talk.call.ahead is not None


def test_to_a_line(talk: Talk) -> None:
    """WEB-1: an owned number stands for the line that its calls go to."""
    talk.centre.use.refer.referred("t", "c1", "4002")
    assert (talk.call.state, talk.call.queue) == (CallState.WAITING, "help")
    assert _transferred(talk) == [("a1", "queue", "help")]


@pytest.mark.parametrize("number", ["t-1", "t-3", "999", "13900139000", ""])
def test_to_nobody(talk: Talk, number: str) -> None:
    """WEB-1, QUEUE-3, SAFE-1: the agent himself, one who is away, an unknown number: ahead of newer callers in line."""
    talk.centre.use.refer.referred("t", "c1", number)
    assert (talk.call.queue, talk.call.asked.agent) == ("sales", "a2")
    assert talk.events(QueueEntered)[-1].entered > talk.call.ahead


def test_only_a_talk_is_transferred(talk: Talk) -> None:
    """SAFE-1: a mark that was found in another state, or of a call that is over, changes nothing."""
    talk.held()
    assert not talk.centre.use.refer.referred("t", "c1", "t-2")
    assert not talk.centre.use.refer.referred("t", "c9", "t-2")
    assert (talk.call.state, talk.take()) == (CallState.HELD, [])


@pytest.mark.parametrize("hung_up", [True, False])
def test_takeover_after_the_transfer(talk: Talk, *, hung_up: bool) -> None:
    """SAFE-1: transferred while no orchestrator lived, the telephone perhaps put down: the caller is served."""
    caller = talk.caller_seen(parked=True, transfer_to="t-2")
    talk.taken_over(caller, *([] if hung_up else [talk.agent_seen(talk.leg, parked=True)]))
    assert (talk.call.state, talk.call.asked.agent) == (CallState.OFFERED, "a2")
    assert talk.state("a1") is AgentState.WRAP_UP


def test_to_a_telephone_outside(talk: Talk) -> None:
    """WEB-1, SAFE-4: a number that the agent may call is rung through its trunk; whom nobody takes comes back."""
    centre, route = talk.centre, to_queue("sales")
    trunk = {"4001": NumberConfig(number="4001", route=route, trunk="pstn")}
    configure(centre, numbers=trunk, trunks={"pstn": Trunk(name="pstn")}, calling_out=CallingOut(denied=("+86139*",)))
    centre.use.refer.referred("t", "c1", "13800139000")
    (ring,) = (command for command in centre.telephony.take() if isinstance(command, RingNumber))
    assert (ring.number, talk.call.state) == ("+8613800139000", CallState.FORWARDING)
    assert talk.state("a1") is AgentState.WRAP_UP
    centre.use.forward.failed("t", "c1", ring.leg, "USER_BUSY")
    assert (talk.call.queue, talk.call.ahead is not None) == ("sales", True)


@pytest.mark.parametrize("number", ["13900139000", "1005"])
def test_not_to_any_telephone_outside(talk: Talk, number: str) -> None:
    """SAFE-4: what the rules deny, and what is no number of a telephone outside, leads back to the line."""
    trunk = {"4001": NumberConfig(number="4001", route=to_queue("sales"), trunk="pstn")}
    rules = CallingOut(denied=("+86139*",))
    configure(talk.centre, numbers=trunk, trunks={"pstn": Trunk(name="pstn")}, calling_out=rules)
    talk.centre.use.refer.referred("t", "c1", number)
    assert talk.call.queue == "sales"


@pytest.fixture
def outbound(redis_url: str) -> CallCentre:
    """Agent a1 has called customer o1, who talks."""
    centre = calling_centre(redis_url)
    centre.online("a1")
    customer_talks(centre)
    centre.telephony.take()
    return centre


def rung(centre: CallCentre) -> RingAgent:
    (ring,) = (command for command in centre.telephony.take() if isinstance(command, RingAgent))
    return ring


def test_a_called_customer_comes_back_to_the_agent(outbound: CallCentre) -> None:
    """OUT-1, WEB-1: nobody has that number: the agent who called is rung out of the wrap-up, and talks on."""
    assert outbound.use.refer.referred("t", "o1", "1005")
    back = rung(outbound)
    assert (back.agent, outbound.agent("a1").state) == ("a1", AgentState.RINGING)
    outbound.use.answer.parked("t", "o1", back.leg, "fs1")
    outbound.use.answer.joined("t", "o1", back.leg)
    assert (outbound.call("o1").state, outbound.agent("a1").state) == (CallState.CONNECTED, AgentState.IN_CALL)
    outbound.use.outbound.customer_left("t", "o1", report("o1"))
    (ended,) = story(outbound, CallEnded)
    assert ended.outcome.value == "reached"
    assert outbound.agent("a1").state is AgentState.WRAP_UP


def test_a_called_customer_whose_agent_is_away_goes_where_the_number_leads(outbound: CallCentre) -> None:
    """OUT-1, SAFE-1: the agent doesn't take the call back: the line of the number that was shown does."""
    outbound.use.refer.referred("t", "o1", "1005")
    back = rung(outbound)
    outbound.use.end.agent_leg_ended("t", "o1", LegReport(leg=back.leg, role="agent", cause="NO_ANSWER"))
    assert (outbound.call("o1").queue, outbound.call("o1").asked.queue) == ("sales", "sales")


def test_a_customer_called_who_is_handed_over_in_vain(outbound: CallCentre) -> None:
    """OUT-1, SAFE-1: the colleague answered and was gone before the two were joined: the customer is not left alone."""
    outbound.online("a2")
    outbound.telephony.take()
    control, use = outbound.use.control, outbound.use
    control.consult("t", "o1", "a1", "a2", "user")
    leg = rung(outbound).leg
    use.outbound.parked("t", "o1", "o1", "fs1")
    use.answer.parked("t", "o1", leg, "fs1")
    use.answer.joined("t", "o1", outbound.call("o1").leg, leg)
    control.complete("t", "o1", "a1", "user")
    outbound.telephony.take()
    use.end.agent_leg_ended("t", "o1", LegReport(leg=leg, role="agent"))
    assert (outbound.call("o1").state, rung(outbound).agent) == (CallState.OFFERED, "a1")


OUTSIDE = Destination(way=Way.NUMBER, target="13900001111")


def forwarded(centre: CallCentre, otherwise: Destination = HANG_UP) -> str:
    """A caller talks to a telephone outside; returns its leg."""
    numbers = {
        "4001": NumberConfig(number="4001", route=to_queue("sales"), trunk="pstn"),
        "4002": NumberConfig(number="4002", route=replace(OUTSIDE, otherwise=otherwise), trunk="pstn"),
    }
    configure(centre, numbers=numbers, trunks={"pstn": Trunk(name="pstn")})
    centre.arrive("c1", number="4002")
    centre.use.enqueue.answered("t", "c1")
    leg: str = centre.call("c1").forward.leg
    centre.use.forward.parked("t", "c1", leg, "fs1")
    centre.use.answer.joined("t", "c1", leg)
    centre.telephony.take()
    return leg


@pytest.mark.parametrize(
    ("number", "otherwise", "state"),
    [
        ("t-1", HANG_UP, CallState.OFFERED),
        ("4001", HANG_UP, CallState.OFFERED),
        ("13800009999", to_queue("sales"), CallState.OFFERED),
        ("13800009999", HANG_UP, CallState.FORWARDING),
    ],
)
@pytest.mark.parametrize("found", [False, True])
def test_a_telephone_outside_transfers(
    redis_url: str, number: str, otherwise: Destination, state: CallState, *, found: bool
) -> None:
    """CALL-1, SAFE-1, SAFE-4: to people of the tenant only; whoever it sends elsewhere is not let go. While nobody was
    there, too.
    """
    centre = CallCentre(redis_url, agents=1)
    centre.online("a1")
    leg = forwarded(centre, otherwise)
    if found:
        centre.clock.pass_s(1)
        caller = LegSeen(leg="c1", inbound=True, answered=1, number="4002", parked=True, transfer_to=number)
        centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [caller], restarted=False)
    else:
        assert centre.use.refer.referred("t", "c1", number)
    told = centre.telephony.take()
    assert HangUp(leg=leg) in told
    assert Mark(leg="c1", variables={"cc_transfer_to": ""}) in told
    assert centre.call("c1").state is state
    assert [event.cause for event in story(centre, ForwardEnded)] == ["REFERRED"]
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="outside"))
    assert centre.call("c1").state is state


def test_a_customer_called_whom_a_colleague_refuses(outbound: CallCentre) -> None:
    """OUT-1, WEB-1: sent on in vain, the customer comes back to the agent who called."""
    outbound.online("a2")
    control, use = outbound.use.control, outbound.use
    leg = outbound.call("o1").leg
    control.transfer("t", "o1", "a1", Destination(way=Way.AGENT, target="a2"), "user")
    use.end.agent_leg_ended("t", "o1", report(leg, role="agent"))
    use.outbound.parked("t", "o1", "o1", "fs1")
    ring = rung(outbound)
    assert ring.agent == "a2"
    use.end.agent_leg_ended("t", "o1", LegReport(leg=ring.leg, role="agent", cause="CALL_REJECTED"))
    assert (rung(outbound).agent, outbound.call("o1").state) == ("a1", CallState.OFFERED)
