"""Calls that agents place through a real FreeSWITCH: what is heard, how they end, a killed process."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.trunks import Trunk
from orchestrator.service.call_out import Order
from tests.support.real_centre import NUMBER, QUEUE, SWITCH, TENANT, RealCentre
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.real_talk import both_hear_each_other
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone


@pytest.fixture(scope="module")
def trunked(tmp_path_factory: pytest.TempPathFactory, sip_loop: SipLoop) -> Iterator[tuple[RealSwitch, Phone]]:
    """A switch with a trunk, and the telephone behind it."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path_factory.mktemp("outbound"))
    switch.prepare()
    switch.add_users([("1001", "secret-1001")])
    outside = Phone(sip_loop, "carrier", "", switch.trunk, DOMAIN, 1300)
    switch.add_trunk("pstn", outside.address[1])
    switch.start()
    yield switch, outside
    outside.close()
    switch.stop()


@pytest.fixture
def customer(trunked: tuple[RealSwitch, Phone]) -> Phone:
    """The telephone that is called."""
    return trunked[1].behave(Manner(answer_after=None))


@pytest.fixture
def agent(trunked: tuple[RealSwitch, Phone], sip_loop: SipLoop) -> Iterator[Phone]:
    """The agent's phone, which answers at once."""
    with Phone(sip_loop, "1001", "secret-1001", trunked[0].phones, DOMAIN, 620) as phone:
        yield phone.behave(Manner()).register()
        phone.register(expires=0)


@pytest.fixture
def centre(trunked: tuple[RealSwitch, Phone], agent: Phone, tmp_path: Path) -> Iterator[RealCentre]:
    """A tenant with a number that can be shown; the agent is online."""
    assert agent.registered_status == 200
    number = NumberConfig(number=NUMBER, route=to_queue(QUEUE), trunk="pstn")
    trunks = {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))}
    with RealCentre(trunked[0], tmp_path, ("1001",), numbers={NUMBER: number}, trunks=trunks) as centre:
        centre.online()
        yield centre
    with trunked[0].connect() as esl:
        esl.hang_up_everything()


def place(centre: RealCentre, agent: Phone) -> Call:
    """The agent calls and picks up the own phone."""
    before = len(agent.calls)
    order = Order(call=str(uuid4()), agent="a1", number="13900139000", caller_id="", by="test", switches=[SWITCH])
    centre.use.outbound.place(TENANT, order)
    return agent.next_call(before, 15).wait(State.UP, 10)


def talks(centre: RealCentre) -> None:
    """Wait until the call is known to be answered."""
    centre.wait("the talk", lambda: [call.state for call in centre.calls()] == [CallState.CONNECTED], 20)


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
