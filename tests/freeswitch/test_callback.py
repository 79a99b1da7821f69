"""Callers who are called back by a real FreeSWITCH: agent first, then the customer, and both hear each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.config import NumberConfig, QueueConfig, to_queue
from orchestrator.domain.trunks import Trunk
from tests.freeswitch.conftest import USERS
from tests.support.real_centre import NUMBER, QUEUE, RealCentre, company
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.real_talk import both_hear_each_other, music, ringing
from tests.support.sip_call import State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone
from tests.support.sounds import PROMPTS, tone

#: What is called back is called through the trunk, as the caller's own telephone.
CUSTOMER_HERTZ = 1300


@pytest.fixture(scope="module")
def trunked(tmp_path_factory: pytest.TempPathFactory, sip_loop: SipLoop) -> Iterator[tuple[RealSwitch, Phone]]:
    """A switch with agents' phones and a trunk, and the customer's telephone behind it."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path_factory.mktemp("callback"))
    switch.prepare()
    switch.add_users(USERS)
    customer = Phone(sip_loop, "carrier", "", switch.trunk, DOMAIN, CUSTOMER_HERTZ)
    switch.add_trunk("pstn", customer.address[1])
    switch.start()
    yield switch, customer
    customer.close()
    switch.stop()


@pytest.fixture
def switch(trunked: tuple[RealSwitch, Phone]) -> RealSwitch:
    """Callers come in here."""
    return trunked[0]


@pytest.fixture
def long_switch(trunked: tuple[RealSwitch, Phone]) -> RealSwitch:
    """The agent's phone registers here."""
    return trunked[0]


@pytest.fixture
def centre(trunked: tuple[RealSwitch, Phone], tmp_path: Path) -> Iterator[RealCentre]:
    """A queue that calls back by key 1, at most twice."""
    rule = CallbackRule(ring_s=20, tries=2, retry_s=60)
    with calling_back(trunked[0], tmp_path, rule) as centre:
        yield centre


@contextmanager
def calling_back(switch: RealSwitch, folder: Path, rule: CallbackRule, **tenant: object) -> Iterator[RealCentre]:
    """A tenant whose queue calls back."""
    given = {
        "queues": {QUEUE: QueueConfig(id=QUEUE, name="Sales", ring_s=20, callback=rule)},
        "numbers": {NUMBER: NumberConfig(number=NUMBER, route=to_queue(QUEUE), trunk="pstn")},
        "trunks": {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))},
    }
    with company(switch, folder, ("1001",), **given, **tenant) as centre:
        yield centre


def promised(centre: RealCentre, caller: Phone) -> None:
    """A caller waits with music, presses 1 and is let go; the call stays in the line."""
    call = caller.dial(NUMBER)
    music(call)
    call.press("1")
    call.wait(State.ENDED, 10)
    centre.wait("the promise", lambda: [one.away for one in centre.calls()] == [True])


def test_called_back_at_the_turn(
    centre: RealCentre, caller: Phone, agent: Phone, trunked: tuple[RealSwitch, Phone]
) -> None:
    """QUEUE-5: the agent is on the line first, then the customer rings; both hear each other; one record."""
    customer = trunked[1].behave(Manner(answer_after=None))
    before = len(customer.calls)
    promised(centre, caller)
    centre.online()
    at_desk = agent.answer(ringing(agent))
    at_desk.wait(State.UP)
    rung = ringing(customer, before)
    assert rung.phone is customer
    both_hear_each_other(customer.answer(rung), at_desk)
    centre.wait_agent(AgentState.IN_CALL)
    rung.hang_up()
    centre.wait("the end", lambda: centre.outcomes() == ["called_back"], 20)
    at_desk.wait(State.ENDED, 10)
    centre.wait_agent(AgentState.WRAP_UP)


def test_the_customer_is_busy(
    centre: RealCentre, caller: Phone, agent: Phone, trunked: tuple[RealSwitch, Phone]
) -> None:
    """QUEUE-5: the agent is let go without wrap-up, and the call waits for the next try."""
    trunked[1].behave(Manner(refuse=486))
    promised(centre, caller)
    centre.online()
    at_desk = agent.answer(ringing(agent))
    at_desk.wait(State.ENDED, 20)
    centre.wait("the rest", lambda: [one.state.value for one in centre.calls()] == ["resting"], 20)
    centre.wait_agent(AgentState.ONLINE)
    assert centre.outcomes() == []


def test_a_talk_survives_the_orchestrator(
    centre: RealCentre, caller: Phone, agent: Phone, trunked: tuple[RealSwitch, Phone]
) -> None:
    """QUEUE-5, SAFE-1: killed in the middle, the two go on talking, and the end is told in order."""
    customer = trunked[1].behave(Manner(answer_after=None))
    before = len(customer.calls)
    promised(centre, caller)
    centre.online()
    at_desk = agent.answer(ringing(agent))
    answered = customer.answer(ringing(customer, before))
    both_hear_each_other(answered, at_desk)
    centre.restart()
    centre.wait("the call to be taken over", lambda: "call_adopted" in centre.events(), 30)
    both_hear_each_other(answered, at_desk)
    at_desk.hang_up()
    answered.wait(State.ENDED, 10)
    centre.wait("the end", lambda: centre.outcomes() == ["called_back"], 20)


def test_another_number_is_keyed_in(trunked: tuple[RealSwitch, Phone], tmp_path: Path, caller: Phone) -> None:
    """QUEUE-5: asked, read back digit by digit, confirmed; that number is what will be called."""
    rule = CallbackRule(number_prompt="welcome", confirm_prompt="patience")
    digit = tone(tmp_path, "sorry")
    prompts = {name: tone(tmp_path, name) for name in ("welcome", "patience")}
    digits = {f"piece-zh-{n}": replace(digit, id=f"piece-zh-{n}", kind="piece") for n in range(10)}
    with calling_back(trunked[0], tmp_path, rule, prompts=prompts | digits) as centre:
        call = caller.dial(NUMBER)
        music(call)
        call.press("1")
        call.wait_to_hear(PROMPTS["welcome"][0], 10)
        call.press("02112345678#")
        call.wait_to_hear(PROMPTS["sorry"][0], 20)
        call.wait_to_hear(PROMPTS["patience"][0], 20)
        call.press("1")
        call.wait(State.ENDED, 10)
        centre.wait("the promise", lambda: [one.away for one in centre.calls()] == [True])
        assert [one.wanted for one in centre.calls()] == ["+862112345678"]
