"""Whoever is asked is there, but the switch has not proved that the two are joined (docs/freeswitch.md, section 6)."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join
from orchestrator.domain.config import to_queue
from orchestrator.domain.consult import ConsultState
from orchestrator.service.errors import CallNotReadyError
from tests.support.outbound_talk import OutboundTalk
from tests.support.talk import Talk


@pytest.fixture(params=[Talk, OutboundTalk], ids=["in", "out"])
def talk(redis_url: str, request: pytest.FixtureRequest) -> Talk:
    """A caller, or a customer whom the agent has called (OUT-1), talks to a1."""
    found: Talk = request.param(redis_url)
    return found


def test_two_who_are_never_joined(talk: Talk) -> None:
    """WEB-1, SAFE-1: the switch proves nothing in time: caller and agent are joined again, the other agent is free."""
    leg = talk.asking()
    talk.centre.clock.pass_s(1)
    talk.centre.fire()
    assert talk.take() == [HangUp(leg=leg, cause="NORMAL_CLEARING")]
    assert (talk.call.consult, talk.state("a2")) == (None, AgentState.ONLINE)
    talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]
    talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    assert talk.take() == []


def test_returning_waits_for_the_proof(talk: Talk) -> None:
    """WEB-1, SAFE-1: the agent may return while being joined; the caller is joined after that."""
    leg = talk.asking()
    talk.control.give_back("t", "c1", "a1")
    assert (talk.take(), talk.call.consult.state) == ([], ConsultState.RETURNING)
    for act in (talk.control.complete, talk.control.confer, talk.control.hold):
        with pytest.raises(CallNotReadyError):
            act("t", "c1", "a1", "user")
    talk.centre.use.answer.joined("t", "c1", talk.leg, leg)
    assert talk.take() == [HangUp(leg=leg, cause="NORMAL_CLEARING")]
    talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]
    talk.centre.use.answer.joined("t", "c1", talk.leg)
    assert (talk.call.state, talk.call.consult, talk.state("a2")) == (CallState.CONNECTED, None, AgentState.ONLINE)


@pytest.mark.parametrize("returning", [False, True], ids=["answered", "returning"])
@pytest.mark.parametrize("who", ["asked", "agent", "caller", "hung_up", "transferred", "nobody"])
def test_whatever_happens_before_the_proof(talk: Talk, who: str, returning: bool) -> None:
    """WEB-1, SAFE-1: no channel that is being joined is joined with another; no caller is let go but by somebody."""
    leg = talk.asking()
    if returning:
        talk.control.give_back("t", "c1", "a1")
    match who:
        case "asked":
            talk.leg_ends(leg, hung_up=True)
            assert talk.take() == []
            talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
            assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]
        case "agent":
            talk.leg_ends(talk.leg, hung_up=True)
            assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in talk.take()
            assert talk.call.state is CallState.TRANSFERRING
        case "caller":
            talk.caller_leaves()
            assert {c.leg for c in talk.take() if isinstance(c, HangUp)} == {leg, talk.leg}
        case "hung_up":
            talk.control.hang_up("t", "c1", "a1")
            assert {c.leg for c in talk.take() if isinstance(c, HangUp)} == {"c1", leg, talk.leg}
        case "transferred":
            talk.control.transfer("t", "c1", "a1", to_queue("sales"), "user")
            assert {c.leg for c in talk.take() if isinstance(c, HangUp)} == {leg, talk.leg}
            assert talk.call.state is CallState.TRANSFERRING
        case "nobody":
            talk.centre.clock.pass_s(1)
            talk.centre.fire()
            assert talk.take() == [HangUp(leg=leg, cause="NORMAL_CLEARING")]
    assert talk.state("a2") in (AgentState.ONLINE, AgentState.RINGING)


def test_channel_that_never_comes_to_rest(talk: Talk) -> None:
    """SAFE-1: nothing tells that the agent's channel is parked: after a second the two are joined anyway."""
    talk.leg_ends(talk.asking())
    talk.take()
    talk.centre.clock.pass_s(1)
    talk.centre.fire()
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg, again=True)]


def test_takeover_while_returning(talk: Talk) -> None:
    """SAFE-1, WEB-1: killed before the proof: if the two are joined the agent returns, else they are joined first."""
    leg = talk.asking()
    talk.control.give_back("t", "c1", "a1")
    legs = [talk.caller_hears_music(), talk.agent_seen(talk.leg, parked=True), talk.agent_seen(leg, parked=True)]
    talk.taken_over(*legs)
    assert talk.take() == [Join(leg=talk.leg, tenant="t", agent_leg=leg, again=True)]
    there = [talk.agent_seen(one, bridged=True) for one in (talk.leg, leg)]
    talk.taken_over(talk.caller_hears_music(), *there)
    assert set(talk.take()) == {HangUp(leg=leg, cause="NORMAL_CLEARING")}
    talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]


@pytest.mark.parametrize("joined", [False, True], ids=["answered", "talking"])
def test_agents_channel_rests_before_the_other_s_end_is_told(talk: Talk, joined: bool) -> None:
    """SAFE-1: the two events come in any order; the caller is joined as soon as both are there."""
    leg = talk.consulting() if joined else talk.asking()
    talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    assert talk.take() == []
    talk.leg_ends(leg)
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]
