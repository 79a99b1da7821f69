"""An agent's page is loaded anew, or lost, with and without a call."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import CheckSound, HangUp, Join, PlayMusic, RingAgent
from orchestrator.service.end_call import LegReport
from tests.support.call_centre import CallCentre
from tests.support.outbound_talk import OutboundTalk


@pytest.fixture
def centre(redis_url: str) -> Iterator[CallCentre]:
    """One agent with a web phone, online."""
    centre = CallCentre(redis_url, agents=1)
    centre.use.devices.registered("t-1", True, "r1", "page1")
    centre.online("a1")
    yield centre
    centre.redis.close()


def talk(centre: CallCentre) -> str:
    """The agent takes a call; returns the agent's leg."""
    centre.queue("c1")
    leg: str = centre.call("c1").offer.leg
    centre.use.answer.parked("t", "c1", leg, "fs1")
    centre.use.answer.joined("t", "c1", leg)
    centre.telephony.take()
    return leg


def rung(centre: CallCentre) -> RingAgent:
    """The one ringing order since the last look."""
    (order,) = [command for command in centre.telephony.take() if isinstance(command, RingAgent)]
    return order


def come_back(centre: CallCentre, leg: str) -> None:
    """The page answers by itself and the switch joins."""
    centre.use.answer.parked("t", "c1", leg, "fs1")
    assert Join(leg="c1", tenant="t", agent_leg=leg) in centre.telephony.take()
    centre.use.answer.joined("t", "c1", leg)
    assert centre.call("c1").state is CallState.CONNECTED
    assert (centre.call("c1").leg, centre.agent("a1").leg) == (leg, leg)
    assert centre.agent("a1").state is AgentState.IN_CALL


def test_reload_that_says_good_bye(centre: CallCentre) -> None:
    """STATE-6: the caller hears music, the new page is rung with a mark and has the call; the state never changes."""
    leg = talk(centre)
    since = centre.agent("a1").since
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", reloads=True, hung_up=True))
    assert centre.call("c1").state is CallState.RECOVERING
    assert any(isinstance(command, PlayMusic) for command in centre.telephony.take())
    centre.use.devices.registered("t-1", False, "r1")
    centre.use.devices.registered("t-1", True, "r2", "page2")
    order = rung(centre)
    assert (order.resumes, order.browser, order.device) == (True, True, "t-1")
    come_back(centre, order.leg)
    assert centre.agent("a1").since == since
    assert centre.agent("a1").device_due is None


def test_new_page_proves_that_the_old_leg_is_dead(centre: CallCentre) -> None:
    """STATE-6: a crash says nothing; the other page's registration does, its late end means nothing."""
    leg = talk(centre)
    centre.use.devices.registered("t-1", False, "r1")
    assert centre.call("c1").state is CallState.CONNECTED
    centre.use.devices.registered("t-1", True, "r2", "page2")
    told = centre.telephony.take()
    assert HangUp(leg=leg) in told
    (order,) = [command for command in told if isinstance(command, RingAgent)]
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1"))
    come_back(centre, order.leg)


def test_broken_websocket_of_the_same_page_ends_nothing(centre: CallCentre) -> None:
    """STATE-6: the sound goes on, which the switch is asked, so nobody is rung and nobody hears music."""
    leg = talk(centre)
    centre.use.devices.registered("t-1", False, "r1")
    assert centre.telephony.take() == [CheckSound(leg=leg, tenant="t", call="c1")]
    centre.use.devices.registered("t-1", True, "r1", "page1")
    assert centre.telephony.take() == []
    assert centre.call("c1").state is CallState.CONNECTED


@pytest.mark.parametrize("held", [False, True])
def test_silent_leg_is_ended_and_its_caller_waits(centre: CallCentre, held: bool) -> None:
    """STATE-6, SAFE-1: a broken line and no sound mean a page that is gone; the next page takes the call up again."""
    leg = talk(centre)
    if held:
        centre.use.control.hold("t", "c1", "a1", "user")
        centre.use.steps.caller_parked("t", "c1")
    centre.use.devices.registered("t-1", False, "r1")
    centre.telephony.take()
    centre.use.devices.silent("t", "c1", leg)
    assert HangUp(leg=leg) in centre.telephony.take()
    assert centre.call("c1").state is CallState.RECOVERING
    centre.use.devices.silent("t", "c1", leg)
    assert centre.telephony.take() == []
    centre.use.devices.registered("t-1", True, "r2", "page2")
    come_back(centre, rung(centre).leg)


def test_page_that_is_back_before_its_silence_is_told(centre: CallCentre) -> None:
    """STATE-6: the same page, registered anew, is rung at once; a look at a leg that is no more means nothing."""
    leg = talk(centre)
    centre.use.devices.registered("t-1", False, "r1")
    centre.use.devices.registered("t-1", True, "r2", "page1")
    centre.telephony.take()
    centre.use.devices.silent("t", "c1", leg)
    order = rung(centre)
    centre.use.devices.silent("t", "c1", leg)
    assert centre.telephony.take() == []
    come_back(centre, order.leg)


def test_line_that_breaks_while_it_rings(centre: CallCentre) -> None:
    """STATE-6, QUEUE-3, QUEUE-4: such a ring can't be answered: it ends, nobody has missed a call, and it rings anew
    once the page has registered again.
    """
    centre.queue("c1")
    offer = centre.call("c1").offer
    centre.telephony.take()
    centre.use.devices.registered("t-1", False, "r1")
    assert HangUp(leg=offer.leg, cause="ORIGINATOR_CANCEL") in centre.telephony.take()
    assert (centre.call("c1").state, centre.agent("a1").state) == (CallState.WAITING, AgentState.ONLINE)
    centre.use.devices.registered("t-1", True, "r2", "page1")
    assert rung(centre).leg == centre.call("c1").offer.leg != offer.leg
    assert centre.agent("a1").missed == 0


def test_other_phones_ring_on(centre: CallCentre) -> None:
    """STATE-6: a SIP phone whose registration ends while it rings can still be answered."""
    centre.use.devices.registered("t-1", False, "r1")
    centre.use.devices.registered("t-1", True, "r2", "")
    centre.queue("c1")
    centre.telephony.take()
    centre.use.devices.registered("t-1", False, "r2")
    assert centre.call("c1").state is CallState.OFFERED
    assert centre.telephony.take() == []


def test_nobody_comes_back(centre: CallCentre) -> None:
    """STATE-6, SAFE-1: after a while the caller stands in line again, first; the agent wraps up, then goes offline."""
    leg = talk(centre)
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", cause="MEDIA_TIMEOUT"))
    centre.use.devices.registered("t-1", False, "r1")
    centre.clock.pass_s(16)
    centre.fire()
    assert centre.agent("a1").state is AgentState.WRAP_UP
    centre.use.steps.caller_parked("t", "c1")
    assert centre.call("c1").state is CallState.WAITING
    centre.clock.pass_s(15)
    centre.fire()
    assert (centre.agent("a1").state, centre.agent("a1").reason) == (AgentState.OFFLINE, "device_lost")


def test_caller_leaves_meanwhile(centre: CallCentre) -> None:
    """STATE-4: the call ends and the agent wraps up."""
    leg = talk(centre)
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", reloads=True))
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller", hung_up=True))
    assert centre.call("c1") is None
    assert centre.agent("a1").state is AgentState.WRAP_UP


def test_agent_who_hangs_up_is_not_rung_again(centre: CallCentre) -> None:
    """STATE-4: a good-bye without the mark of a reload ends the talk."""
    leg = talk(centre)
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1", hung_up=True))
    assert centre.agent("a1").state is AgentState.WRAP_UP
    assert centre.call("c1").state is CallState.ENDING


def test_reload_while_it_rings(centre: CallCentre) -> None:
    """STATE-6, QUEUE-3: the caller keeps the place and the new page rings."""
    centre.queue("c1")
    centre.telephony.take()
    centre.use.devices.registered("t-1", True, "r2", "page2")
    assert not rung(centre).resumes
    assert centre.call("c1").state is CallState.OFFERED
    assert centre.agent("a1").missed == 0


def test_device_lost_for_longer_than_the_grace(centre: CallCentre) -> None:
    """STATE-6: shown at once, offline after the grace, nothing if it is back before."""
    centre.use.devices.registered("t-1", False, "r1")
    assert not centre.agent("a1").registered
    centre.clock.pass_s(29)
    centre.fire()
    assert centre.agent("a1").state is AgentState.ONLINE
    centre.use.devices.registered("t-1", True, "r2", "page2")
    centre.clock.pass_s(29)
    centre.fire()
    assert centre.agent("a1").state is AgentState.ONLINE
    centre.use.devices.registered("t-1", False, "r2")
    centre.clock.pass_s(31)
    centre.fire()
    assert (centre.agent("a1").state, centre.agent("a1").reason) == (AgentState.OFFLINE, "device_lost")


def test_end_of_an_earlier_registration_means_nothing(centre: CallCentre) -> None:
    """STATE-6: the old page's broken line may be told after the new page has registered."""
    centre.use.devices.registered("t-1", True, "r2", "page2")
    centre.use.devices.registered("t-1", False, "r1")
    assert centre.agent("a1").registered


@pytest.fixture
def placed(redis_url: str) -> Iterator[OutboundTalk]:
    """a1's page has called c1, who talks."""
    talk = OutboundTalk(redis_url, "page1")
    yield talk
    talk.centre.redis.close()


def test_reload_in_a_call_that_the_agent_has_placed(placed: OutboundTalk) -> None:
    """OUT-1, STATE-6: the customer hears music, the new page is rung with a mark and has the call."""
    centre = placed.centre
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=placed.leg, role="agent", reloads=True))
    assert centre.call("c1").state is CallState.RECOVERING
    centre.use.devices.registered("t-1", True, "r2", "page2")
    order = rung(centre)
    assert order.resumes
    come_back(centre, order.leg)
    placed.caller_leaves()
    assert centre.agent("a1").state is AgentState.WRAP_UP


def test_no_page_comes_back_to_a_called_customer(placed: OutboundTalk) -> None:
    """OUT-1, SAFE-1: the customer goes where the number leads that was shown, and is offered to the next agent."""
    centre = placed.centre
    centre.use.devices.registered("t-1", False, "r1", "page1")
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=placed.leg, role="agent", reloads=True))
    centre.clock.pass_s(15)
    centre.fire()
    placed.parked()
    assert (centre.call("c1").queue, centre.call("c1").asked.agent) == ("sales", "a2")
