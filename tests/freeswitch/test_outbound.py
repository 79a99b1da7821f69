"""Calls that agents place through a real FreeSWITCH: what is heard, how they end, a killed process."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Destination, Way
from orchestrator.domain.supervision import Mode
from orchestrator.service.call_out import Order
from tests.support.real_centre import NUMBER, SWITCH, TENANT, RealCentre, company
from tests.support.real_switch import DOMAIN
from tests.support.real_talk import act, both_hear_each_other, consulting, desk_phone, hears_all, music, ringing, talks
from tests.support.real_trunk import SHOWN, Trunked
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone


@pytest.fixture
def customer(outside: Phone) -> Phone:
    """The telephone that is called."""
    return outside


@pytest.fixture
def agent(trunked: Trunked, sip_loop: SipLoop) -> Iterator[Phone]:
    """The agent's phone, which answers at once."""
    with desk_phone(trunked.switch, sip_loop, "1001", 620, Manner()) as phone:
        yield phone


@pytest.fixture
def centre(trunked: Trunked, agent: Phone, tmp_path: Path) -> Iterator[RealCentre]:
    """A tenant with a number that can be shown; the agent is online."""
    assert agent.registered_status == 200
    with company(trunked.switch, tmp_path, ("1001", "1002"), **SHOWN) as centre:
        centre.online()
        yield centre


def order() -> Order:
    """a1 wants to call somebody."""
    return Order(call=str(uuid4()), agent="a1", number="13900139000", caller_id="", by="test", switches=[SWITCH])


def place(centre: RealCentre, agent: Phone) -> Call:
    """The agent calls and picks up the own phone."""
    before = len(agent.calls)
    centre.use.outbound.place(TENANT, order())
    return agent.next_call(before, 15).wait(State.UP, 10)


def reached(centre: RealCentre, agent: Phone, customer: Phone) -> tuple[Call, Call]:
    """The agent talks to the customer; returns both ends."""
    already = len(customer.calls)
    own = place(centre, agent)
    answered = customer.answer(customer.next_call(already, 15).wait(State.RINGING))
    talks(centre)
    both_hear_each_other(own, answered)
    return own, answered


@pytest.fixture
def other(trunked: Trunked, centre: RealCentre, sip_loop: SipLoop) -> Iterator[Phone]:
    """The phone of a2, who is online."""
    with Phone(sip_loop, "1002", "secret-1002", trunked.switch.phones, DOMAIN, 810) as phone:
        phone.behave(Manner(answer_after=None)).register()
        centre.online("a2")
        yield phone
        phone.register(expires=0)


def test_ring_tone_then_the_talk_held_and_ended(centre: RealCentre, agent: Phone, customer: Phone) -> None:
    """OUT-1, WEB-1: the agent hears that it rings, both hear each other, also after a hold; the customer hangs up."""
    already = len(customer.calls)
    own = place(centre, agent)
    rings = customer.next_call(already, 15).wait(State.RINGING)
    agent.loop.wait("the ring tone", lambda: own.ear.hears(450), 10)
    answered = customer.answer(rings)
    talks(centre)
    both_hear_each_other(own, answered)
    (call,) = centre.calls()
    centre.use.control.hold(TENANT, call.id, "a1", "test")
    agent.loop.wait("music", lambda: answered.ear.hears_something(0.6) and not answered.ear.hears(agent.hertz), 10)
    centre.wait("the hold", lambda: centre.calls()[0].parked, 10)
    centre.use.work.store.forget(TENANT, [call.id])
    centre.use.control.resume(TENANT, call.id, "a1")
    both_hear_each_other(own, answered)
    answered.hang_up()
    own.wait(State.ENDED)
    centre.wait_agent(AgentState.WRAP_UP)
    assert centre.outcomes() == ["reached"]
    assert centre.agent().connected_out == 1


def test_the_agent_hears_the_network(centre: RealCentre, agent: Phone, customer: Phone) -> None:
    """OUT-1: what the network plays before any answer is heard, and counts as no talk; giving up ends the ringing."""
    customer.behave(Manner(answer_after=None, early_media=True))
    already = len(customer.calls)
    own = place(centre, agent)
    early = customer.next_call(already, 15)
    own.wait_to_hear(customer.hertz)
    assert [call.state for call in centre.calls()] == [CallState.CALLING]
    own.hang_up()
    early.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["given_up"], 20)
    centre.wait_agent(AgentState.ONLINE)


@pytest.mark.parametrize("status", [486, 404, 603])
def test_not_reached(centre: RealCentre, agent: Phone, customer: Phone, status: int) -> None:
    """OUT-1: busy, no such number, refused: the agent's phone is hung up and the agent free again."""
    customer.behave(Manner(refuse=status))
    own = place(centre, agent)
    own.wait(State.ENDED, 10)
    centre.wait("the end", lambda: centre.outcomes() == ["not_reached"], 20)
    cause = {486: "USER_BUSY", 404: "UNALLOCATED_NUMBER", 603: "CALL_REJECTED"}[status]
    unreached = centre.wait_agent(AgentState.ONLINE).unreached
    assert unreached is not None
    assert unreached.cause == cause


def test_answered_while_the_orchestrator_is_dead(centre: RealCentre, agent: Phone, customer: Phone) -> None:
    """SAFE-1: the switch joins the two; whoever takes over knows the talk, and ends it with one outcome."""
    already = len(customer.calls)
    own = place(centre, agent)
    rings = customer.next_call(already, 15).wait(State.RINGING)
    centre.orchestrator.kill()
    answered = customer.answer(rings)
    both_hear_each_other(own, answered)
    centre.orchestrator.start()
    talks(centre)
    both_hear_each_other(own, answered)
    own.hang_up()
    answered.wait(State.ENDED, 10)
    centre.wait("the end", lambda: centre.outcomes() == ["reached"], 20)


def test_asked_then_three_then_handed_over(centre: RealCentre, agent: Phone, other: Phone, customer: Phone) -> None:
    """OUT-1, WEB-1: a colleague is asked while the customer hears music; all three talk; the agent leaves."""
    own, answered = reached(centre, agent, customer)
    act(centre, "consult", "a2", "user")
    second = other.answer(ringing(other))
    both_hear_each_other(own, second)
    centre.wait("the consultation", lambda: consulting(centre), 20)
    music(answered)
    act(centre, "confer", "user")
    for who, tones in ((answered, (620, 810)), (own, (1300, 810)), (second, (1300, 620))):
        hears_all(who, *tones)
    act(centre, "complete", "user")
    own.wait(State.ENDED)
    both_hear_each_other(answered, second)
    centre.wait_agent(AgentState.WRAP_UP)
    answered.hang_up()
    second.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["reached"], 20)


def test_sent_on_to_a_colleague(centre: RealCentre, agent: Phone, other: Phone, customer: Phone) -> None:
    """OUT-1, WEB-1: the agent wraps up at once; the colleague refuses: the customer comes back to the agent."""
    own, answered = reached(centre, agent, customer)
    act(centre, "transfer", Destination(way=Way.AGENT, target="a2"), "user")
    own.wait(State.ENDED)
    already = len(agent.calls)
    agent.behave(Manner(answer_after=None))
    ringing(other).hang_up()
    back = agent.answer(ringing(agent, already))
    both_hear_each_other(answered, back)
    back.hang_up()
    answered.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["reached"], 20)


def test_the_own_phone_transfers_to_nobody(centre: RealCentre, agent: Phone, customer: Phone) -> None:
    """OUT-1, SAFE-1: a REFER to a number that nobody has: the customer comes back to the agent who called."""
    own, answered = reached(centre, agent, customer)
    already = len(agent.calls)
    agent.behave(Manner(answer_after=None))
    own.refer("1009")
    back = agent.answer(ringing(agent, already))
    both_hear_each_other(answered, back)
    answered.hang_up()
    back.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["reached"], 20)


def test_supervised_and_taken_over(centre: RealCentre, agent: Phone, other: Phone, customer: Phone) -> None:
    """OUT-1, SUP-1: whoever listens hears both, whispers to the agent, then has the customer alone."""
    own, answered = reached(centre, agent, customer)
    (call,) = centre.calls()
    centre.use.supervise.listen(TENANT, call.id, "a2", Mode.WHISPER, "boss")
    ear = other.answer(ringing(other)).wait(State.UP)
    hears_all(ear, 620, 1300)
    hears_all(own, 810, 1300)
    assert not answered.ear.hears(810)
    centre.wait("the answer to be known", lambda: bool(centre.calls()[0].supervision.answered), 10)  # type: ignore[union-attr]
    centre.use.supervise.take_over(TENANT, call.id, "a2", "boss")
    own.wait(State.ENDED)
    both_hear_each_other(answered, ear)
    ear.hang_up()
    answered.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["reached"], 20)


@pytest.mark.parametrize("killed", [False, True])
def test_from_the_mobile(centre: RealCentre, customer: Phone, *, killed: bool) -> None:
    """OUT-1, MOB-1, SAFE-1: the mobile rings by the trunk, 1 is pressed, perhaps while no orchestrator lives, then the
    customer rings with the number shown.
    """
    centre.use.agents.change_answer_mode(TENANT, "a1", AnswerMode.MOBILE, "test")
    already = len(customer.calls)
    centre.use.outbound.place(TENANT, order())
    mobile = customer.answer(ringing(customer, already))
    centre.wait("the question", lambda: "offer_picked_up" in centre.events(), 20)
    if killed:
        centre.orchestrator.kill()
    mobile.press("1")
    if killed:
        centre.orchestrator.start()
    rings = customer.next_call(already + 1, 20).wait(State.RINGING)
    assert rings.invite is not None
    assert NUMBER in rings.invite.get("From")
    answered = customer.answer(rings)
    talks(centre)
    both_hear_each_other(mobile, answered)
    answered.hang_up()
    mobile.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["reached"], 20)
    assert centre.wait_agent(AgentState.WRAP_UP).connected_out == 1
