"""Consultations and conferences through the use cases on a real Redis."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import Confer, HangUp, Join
from orchestrator.domain.consult import ConsultState
from orchestrator.domain.events import Connected, QueueLeft
from orchestrator.service.errors import CallNotReadyError
from orchestrator.service.use_cases import UseCases
from orchestrator.store.live_store import RedisLiveStore
from tests.support.outbound_talk import OutboundTalk
from tests.support.talk import Talk


@pytest.fixture(params=[Talk, OutboundTalk], ids=["in", "out"])
def talk(redis_url: str, request: pytest.FixtureRequest) -> Talk:
    """A caller, or a customer whom the agent has called (OUT-1), talks to a1."""
    found: Talk = request.param(redis_url)
    return found


def test_attended_transfer(talk: Talk) -> None:
    """WEB-1: the caller waits on hold, the agent asks another, then leaves the caller to them; each has own times."""
    leg = talk.consulting()
    assert (talk.call.consult.state, talk.state("a2")) == (ConsultState.TALKING, AgentState.IN_CALL)
    talk.control.complete("t", "c1", "a1", "user")
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=leg)]
    assert talk.state("a1") is AgentState.WRAP_UP
    talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    assert talk.take() == []
    talk.centre.use.answer.joined("t", "c1", leg)
    assert talk.take() == [HangUp(leg=talk.leg)]
    assert (talk.call.state, talk.call.agent, talk.call.consult) == (CallState.CONNECTED, "a2", None)
    assert [e.agent for e in talk.events(Connected)] == ["a1", "a2"]
    assert len(talk.events(QueueLeft)) == talk.stays


def test_whoever_is_asked_is_joined_with_the_agent(talk: Talk) -> None:
    """WEB-1: on answering the two talk while the caller hears music."""
    talk.control.consult("t", "c1", "a1", "a2", "user")
    ring = talk.rung()
    assert (ring.agent, ring.caller) == ("a2", talk.caller)
    talk.parked()
    talk.centre.use.answer.parked("t", "c1", ring.leg, "fs1")
    assert talk.take() == [
        talk.music(),
        Join(leg=talk.leg, tenant="t", agent_leg=ring.leg),
    ]


@pytest.mark.parametrize("how", ["refuses", "leaves", "no_answer", "unreachable", "returned"])
def test_consultation_that_fails_returns_to_the_caller(talk: Talk, how: str) -> None:
    """WEB-1: whatever happens to whoever is asked, caller and agent are joined again."""
    if how == "leaves":
        talk.leg_ends(talk.consulting())
        assert talk.take() == []
        talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    else:
        talk.control.consult("t", "c1", "a1", "a2", "user")
        leg = talk.rung().leg
        talk.parked()
        match how:
            case "refuses":
                talk.leg_ends(leg, "CALL_REJECTED")
            case "unreachable":
                talk.centre.use.end.leg_failed("t", "c1", leg, "USER_NOT_REGISTERED")
            case "no_answer":
                talk.centre.clock.pass_s(5)
                talk.centre.fire()
            case "returned":
                talk.control.give_back("t", "c1", "a1")
    assert Join(leg="c1", tenant="t", agent_leg=talk.leg) in talk.take()
    talk.centre.use.answer.joined("t", "c1", talk.leg)
    assert (talk.call.state, talk.call.consult) == (CallState.CONNECTED, None)
    assert talk.state("a2") is AgentState.ONLINE


def test_handing_over_waits_for_the_proof(talk: Talk) -> None:
    """WEB-1, SAFE-1: until the switch has joined the two, a second join would meet the first one half done."""
    leg = talk.asking()
    assert talk.call.consult.state is ConsultState.ANSWERED
    with pytest.raises(CallNotReadyError):
        talk.control.complete("t", "c1", "a1", "user")
    talk.centre.use.answer.joined("t", "c1", "c1", "another")
    assert talk.call.consult.state is ConsultState.ANSWERED
    talk.centre.use.answer.joined("t", "c1", talk.leg, leg)
    assert talk.take() == []
    talk.control.complete("t", "c1", "a1", "user")
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=leg)]


def test_asked_by_another_process(talk: Talk) -> None:
    """SAFE-1, STATE-4: what a process remembers of the agent asked may be old: the answer counts all the same."""
    centre = talk.centre
    store = RedisLiveStore(centre.redis, centre.configurations, centre.clock)
    web = UseCases(store, centre.configurations, centre.telephony, centre.clock)
    centre.use.work.store.agent("t", "a2")
    web.control.consult("t", "c1", "a1", "a2", "user")
    leg = talk.rung().leg
    talk.parked()
    centre.use.answer.parked("t", "c1", leg, "fs1")
    assert talk.state("a2") is AgentState.IN_CALL


def test_agent_hangs_up_before_the_two_are_joined(talk: Talk) -> None:
    """WEB-1, SAFE-1: the other leg may hang in a join that has come to nothing: back to the line with the caller."""
    leg = talk.asking()
    talk.leg_ends(talk.leg, hung_up=True)
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in talk.take()
    talk.parked()
    assert talk.call.state in (CallState.WAITING, CallState.OFFERED)


def test_agent_hangs_up_while_asking(talk: Talk) -> None:
    """WEB-1: hanging up on whoever is asked hands the caller over to them."""
    leg = talk.consulting()
    talk.leg_ends(talk.leg, hung_up=True)
    assert Join(leg="c1", tenant="t", agent_leg=leg) in talk.take()
    assert (talk.call.state, talk.state("a1")) == (CallState.CONNECTING, AgentState.WRAP_UP)


def test_agent_hangs_up_before_an_answer(talk: Talk) -> None:
    """WEB-1, QUEUE-3: nobody has answered yet: the caller goes back to the line."""
    talk.control.consult("t", "c1", "a1", "a2", "user")
    leg = talk.rung().leg
    talk.parked()
    talk.leg_ends(talk.leg, hung_up=True)
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in talk.take()
    talk.parked()
    assert talk.call.state is CallState.OFFERED


def test_handing_over_fails(talk: Talk) -> None:
    """WEB-1, SAFE-1: whoever was asked vanishes at that moment: the caller is back in the line, not lost."""
    leg = talk.consulting()
    talk.centre.online()
    talk.control.complete("t", "c1", "a1", "user")
    talk.leg_ends(leg)
    assert talk.call.state in (CallState.WAITING, CallState.OFFERED)
    assert talk.state("a2") in (AgentState.ONLINE, AgentState.RINGING)
    assert (talk.call.ahead is None) == (talk.stays == 0)


def test_conference(talk: Talk) -> None:
    """WEB-1: three hear each other; then the agent leaves, or lets the third go."""
    leg = talk.consulting()
    talk.control.confer("t", "c1", "a1", "user")
    assert talk.take() == [Confer(leg=talk.leg, call="c1", both=True), Confer(leg="c1", call="c1")]
    assert talk.call.state is CallState.CONFERENCE
    talk.control.give_back("t", "c1", "a1")
    assert talk.take() == [
        HangUp(leg=leg, cause="NORMAL_CLEARING"),
        Join(leg="c1", tenant="t", agent_leg=talk.leg),
    ]


@pytest.mark.parametrize("who", ["agent", "third", "caller"])
def test_somebody_leaves_a_conference(talk: Talk, who: str) -> None:
    """WEB-1: the two who are left hear each other; without the caller it is over for all."""
    leg = talk.consulting()
    talk.control.confer("t", "c1", "a1", "user")
    talk.take()
    if who == "caller":
        talk.caller_leaves()
        assert {c.leg for c in talk.take() if isinstance(c, HangUp)} == {leg, talk.leg}
        assert (talk.state("a1"), talk.state("a2")) == (AgentState.WRAP_UP, AgentState.ONLINE)
        return
    talk.leg_ends(talk.leg if who == "agent" else leg, hung_up=True)
    assert Join(leg="c1", tenant="t", agent_leg=leg if who == "agent" else talk.leg) in talk.take()


def test_hanging_up_for_everybody(talk: Talk) -> None:
    """WEB-1, SUP-1: all legs end, the agent wraps up."""
    leg = talk.consulting()
    talk.control.hang_up("t", "c1", None)
    assert {c.leg for c in talk.take() if isinstance(c, HangUp)} == {"c1", talk.leg, leg}
    assert (talk.call.state, talk.state("a1")) == (CallState.ENDING, AgentState.WRAP_UP)


def test_takeover_of_a_consultation_that_was_not_joined(talk: Talk) -> None:
    """SAFE-1, WEB-1: killed between the answer and the join: the two are joined, and so each leg has its end."""
    leg = talk.asking()
    legs = [talk.caller_hears_music(), talk.agent_seen(talk.leg, parked=True), talk.agent_seen(leg, parked=True)]
    talk.taken_over(*legs)
    assert talk.take() == [Join(leg=talk.leg, tenant="t", agent_leg=leg, again=True)]
    there = [talk.agent_seen(one, bridged=True) for one in (talk.leg, leg)]
    talk.taken_over(talk.caller_hears_music(), *there)
    assert (talk.take(), talk.call.consult.state) == ([], ConsultState.TALKING)
    talk.control.complete("t", "c1", "a1", "user")
    talk.take()
    talk.taken_over(*legs)
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=leg, again=True)]
    talk.centre.use.answer.joined("t", "c1", leg)
    assert talk.take() == [HangUp(leg=talk.leg)]


@pytest.mark.parametrize("how", ["caller", "join", "agent"])
def test_the_leg_of_who_hands_over_is_ended_whatever_happens(talk: Talk, how: str) -> None:
    """SAFE-1, WEB-1: the caller leaves before the join, the join fails, or the agent hangs up first."""
    leg = talk.consulting()
    talk.control.complete("t", "c1", "a1", "user")
    talk.take()
    match how:
        case "caller":
            talk.caller_leaves()
            assert HangUp(leg=talk.leg) in talk.take()
        case "join":
            talk.centre.use.fail.join_failed("t", "c1", leg)
            assert HangUp(leg=talk.leg) in talk.take()
        case "agent":
            talk.leg_ends(talk.leg)
            talk.centre.use.answer.joined("t", "c1", leg)
            assert HangUp(leg=talk.leg) not in talk.take()
            assert talk.call.leaving is None


def test_takeover_before_the_conference_was_told(talk: Talk) -> None:
    """SAFE-1, WEB-1: whoever is not there yet is brought into the conference."""
    leg = talk.consulting()
    talk.control.confer("t", "c1", "a1", "user")
    talk.take()
    music = talk.caller_hears_music()
    talk.taken_over(music, talk.agent_seen(talk.leg, bridged=True), talk.agent_seen(leg, bridged=True))
    assert talk.take() == [Confer(leg=talk.leg, call="c1", both=True), Confer(leg="c1", call="c1")]
    there = [talk.agent_seen(one, conferring=True) for one in (talk.leg, leg)]
    talk.taken_over(music, *there)
    assert talk.take() == [Confer(leg="c1", call="c1")]
    talk.taken_over(talk.caller_seen(conferring=True), *there)
    assert talk.take() == []
