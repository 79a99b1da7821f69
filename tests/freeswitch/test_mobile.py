"""Mobiles and telephones outside on a real FreeSWITCH: only key 1 joins; who is asked outside takes the caller over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.config import Destination, Way
from orchestrator.domain.mobile import MobileAnswering
from orchestrator.domain.offer import OfferState
from tests.support.real_centre import NUMBER, TENANT, RealCentre, company
from tests.support.real_switch import DOMAIN, RealSwitch
from tests.support.real_talk import act, both_hear_each_other, consulting, music, ringing, talks
from tests.support.real_trunk import SHOWN, Trunked
from tests.support.rtp_audio import share_of_tone
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

CONFIRM_S = 3
OUTSIDE = "13900001111"

#: A tone with a smaller share of what is heard is not there.
ABSENT = 0.02


@pytest.fixture
def switch(trunked: Trunked) -> RealSwitch:
    """Callers come in here."""
    return trunked.switch


@pytest.fixture
def centre(trunked: Trunked, tmp_path: Path) -> Iterator[RealCentre]:
    """A tenant whose number can be shown outside."""
    mobile = MobileAnswering(confirm_s=CONFIRM_S)
    with company(trunked.switch, tmp_path, ("1001",), mobile=mobile, **SHOWN) as centre:
        yield centre


def on_the_mobile(centre: RealCentre) -> None:
    """a1 answers on the mobile."""
    centre.use.agents.change_answer_mode(TENANT, "a1", AnswerMode.MOBILE, "test")
    centre.use.agents.choose_state(TENANT, "a1", AgentState.ONLINE, "", "test")


def asked(centre: RealCentre) -> bool:
    """Tell whether the mobile was answered and is asked."""
    return any(call.offer and call.offer.state is OfferState.CONFIRMING for call in centre.calls())


def test_only_key_1_joins(centre: RealCentre, caller: Phone, outside: Phone) -> None:
    """MOB-1, NUM-1: the mobile shows the company's number; answered it hears nobody; with 1 both hear each other."""
    on_the_mobile(centre)
    already = len(outside.calls)
    call = caller.dial(NUMBER)
    mobile = outside.answer(ringing(outside, already))
    assert mobile.invite is not None
    assert NUMBER in mobile.invite.get("From")
    centre.wait("the question", lambda: asked(centre), 20)
    music(call)
    mobile.press("1")
    both_hear_each_other(call, mobile)
    mobile.hang_up()
    call.wait(State.ENDED)
    centre.wait_agent(AgentState.WRAP_UP)
    centre.wait("the end", lambda: centre.outcomes() == ["connected"], 20)


@pytest.mark.parametrize("key", ["", "5"])
def test_a_mailbox_never_gets_the_caller(centre: RealCentre, caller: Phone, outside: Phone, key: str) -> None:
    """MOB-1, QUEUE-3: without 1 the mobile is let go and the caller, who hears music all the time, waits on."""
    on_the_mobile(centre)
    already = len(outside.calls)
    call = caller.dial(NUMBER)
    mailbox = outside.answer(ringing(outside, already))
    centre.wait("the question", lambda: asked(centre), 20)
    outside.behave(Manner(refuse=486))
    if key:
        mailbox.press(key)
    mailbox.wait(State.ENDED)
    heard = mailbox.ear.recent(20)
    assert not heard or share_of_tone(heard, caller.hertz) < ABSENT
    music(call)
    assert "connected" not in centre.events()
    call.hang_up()
    centre.wait("the end", lambda: centre.outcomes() == ["abandoned"], 20)


def talk(centre: RealCentre, caller: Phone, agent: Phone) -> tuple[Call, Call]:
    """The caller talks to a1."""
    already = len(agent.calls)
    call = caller.dial(NUMBER)
    answered = agent.answer(ringing(agent, already))
    both_hear_each_other(call, answered)
    talks(centre)
    return call, answered


@pytest.fixture
def agent(switch: RealSwitch, centre: RealCentre, sip_loop: SipLoop) -> Iterator[Phone]:
    """a1's phone, registered, and a1 online."""
    with Phone(sip_loop, "1001", "secret-1001", switch.phones, DOMAIN, 620) as phone:
        phone.behave(Manner(answer_after=None)).register()
        centre.online()
        yield phone
        phone.register(expires=0)


def test_asked_outside_then_handed_over(centre: RealCentre, caller: Phone, agent: Phone, outside: Phone) -> None:
    """WEB-1: agent and telephone outside talk while the caller hears music; then the caller talks to it."""
    call, answered = talk(centre, caller, agent)
    (record,) = centre.calls()
    already = len(outside.calls)
    centre.use.control.consult_outside(TENANT, record.id, "a1", OUTSIDE, "user")
    other = outside.answer(ringing(outside, already))
    both_hear_each_other(answered, other)
    centre.wait("the consultation", lambda: consulting(centre), 20)
    music(call)
    act(centre, "complete", "user")
    both_hear_each_other(call, other)
    answered.wait(State.ENDED)
    centre.wait_agent(AgentState.WRAP_UP)
    other.hang_up()
    call.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["connected"], 20)


def test_nobody_outside_then_back_to_the_caller(
    centre: RealCentre, caller: Phone, agent: Phone, outside: Phone
) -> None:
    """WEB-1: busy outside: agent and caller hear each other again."""
    call, answered = talk(centre, caller, agent)
    (record,) = centre.calls()
    outside.behave(Manner(refuse=486))
    centre.use.control.consult_outside(TENANT, record.id, "a1", OUTSIDE, "user")
    centre.wait("the consultation to end", lambda: "hold_ended" in centre.events(), 20)
    both_hear_each_other(call, answered)
    call.hang_up()
    centre.wait("the end", lambda: centre.outcomes() == ["connected"], 20)


def test_blind_transfer_outside(centre: RealCentre, caller: Phone, agent: Phone, outside: Phone) -> None:
    """WEB-1, STATE-4: the agent wraps up at once; the caller hears it ring, then talks to the telephone outside."""
    call, answered = talk(centre, caller, agent)
    (record,) = centre.calls()
    already = len(outside.calls)
    centre.use.control.transfer(TENANT, record.id, "a1", Destination(way=Way.NUMBER, target=OUTSIDE), "user")
    answered.wait(State.ENDED)
    other = outside.answer(ringing(outside, already))
    both_hear_each_other(call, other)
    call.hang_up()
    other.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["connected"], 20)
