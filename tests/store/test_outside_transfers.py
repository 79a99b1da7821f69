"""An agent hands a caller on to a number outside, or asks one first, on a real Redis (WEB-1)."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import CallState, Party
from orchestrator.domain.commands import Confer, HangUp, Join, Mark, Park, RingNumber
from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from orchestrator.domain.consult import ConsultState
from orchestrator.domain.events import CallEnded, CallTransferred, ConsultChanged, Forwarded
from orchestrator.domain.trunks import Trunk
from orchestrator.service.errors import CallNotReadyError, NoTrunkError, NumberBlockedError, UnknownTargetError
from orchestrator.service.seen import LegSeen
from orchestrator.store.blacklist import RedisBlacklistWriter
from tests.support.mobile import configure
from tests.support.outbound_talk import OutboundTalk
from tests.support.talk import Talk

NUMBER = "139 0000 9999"
E164 = "+8613900009999"
OUT = Destination(way=Way.NUMBER, target=NUMBER)


@pytest.fixture(params=[Talk, OutboundTalk], ids=["in", "out"])
def talk(redis_url: str, request: pytest.FixtureRequest) -> Talk:
    """Caller c1, or a customer whom a1 has called (OUT-1), talks to a1; number 4001 can be shown outside."""
    talk: Talk = request.param(redis_url)
    number = NumberConfig(number="4001", route=to_queue("sales"), trunk="pstn")
    configure(talk.centre, numbers={"4001": number}, trunks={"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))})
    talk.take()
    return talk


def rung(talk: Talk) -> RingNumber:
    return next(c for c in reversed(talk.centre.telephony.take()) if isinstance(c, RingNumber))


def asking(talk: Talk) -> str:
    """a1 talks to the number, the caller hears music; returns the outside leg."""
    talk.control.consult_outside("t", "c1", "a1", NUMBER, "user")
    leg = rung(talk).leg
    talk.parked()
    talk.centre.use.answer.alerted("t", "c1", leg, "fs1")
    talk.centre.use.answer.parked("t", "c1", leg, "fs1")
    talk.centre.use.answer.joined("t", "c1", talk.leg, leg)
    talk.take()
    return leg


def test_blind_transfer(talk: Talk) -> None:
    """WEB-1, NUM-1: the agent wraps up at once; the caller hears it ring, then talks; the record says connected."""
    talk.control.transfer("t", "c1", "a1", OUT, "user")
    assert talk.state("a1") is AgentState.WRAP_UP
    talk.parked()
    order = rung(talk)
    assert (order.number, order.trunk, order.caller_id) == ("013900009999", "pstn", "4001")
    talk.centre.use.forward.parked("t", "c1", order.leg, "fs1")
    talk.centre.use.answer.joined("t", "c1", order.leg)
    assert talk.call.state is CallState.FORWARDED
    talk.leg_ends(order.leg, hung_up=True)
    talk.caller_leaves()
    (ended,) = talk.events(CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (talk.outcome, Party.OUTSIDE)
    (handed,) = talk.events(CallTransferred)
    assert (handed.way, handed.target) == ("number", NUMBER)


@pytest.mark.parametrize("cause", ["USER_BUSY", "NO_ANSWER", "UNALLOCATED_NUMBER", "NORMAL_TEMPORARY_FAILURE"])
def test_blind_transfer_that_fails_goes_back_to_the_line(talk: Talk, cause: str) -> None:
    """WEB-1, QUEUE-3, SAFE-1: whom nobody takes outside is served again, ahead of newer callers."""
    talk.control.transfer("t", "c1", "a1", OUT, "user")
    talk.parked()
    talk.leg_ends(rung(talk).leg, cause)
    assert (talk.call.state, talk.call.asked.agent) == (CallState.OFFERED, talk.next)
    assert (talk.call.ahead is None) == (talk.stays == 0)


@pytest.mark.parametrize("act", ["transfer", "consult"])
def test_what_can_not_be_called_is_refused_at_once(talk: Talk, act: str) -> None:
    """WEB-1, BLACK-1, NUM-1, SAFE-4: nothing changes, and the reason is named."""

    def go(number: str) -> None:
        if act == "transfer":
            talk.control.transfer("t", "c1", "a1", Destination(way=Way.NUMBER, target=number), "user")
        else:
            talk.control.consult_outside("t", "c1", "a1", number, "user")

    blocked = BlockedNumber(entry=E164, direction=Direction.OUT, expires=None)
    RedisBlacklistWriter(talk.centre.redis, talk.centre.clock).put("t", [blocked])
    with pytest.raises(NumberBlockedError):
        go(NUMBER)
    for number in ("4001", "12ab", "", "sip:me@example.org"):
        with pytest.raises(UnknownTargetError):
            go(number)
    configure(talk.centre, trunks={})
    with pytest.raises(NoTrunkError):
        go("13900001234")
    assert (talk.call.state, talk.state("a1"), talk.take()) == (CallState.CONNECTED, AgentState.IN_CALL, [])


def test_asking_outside(talk: Talk) -> None:
    """WEB-1: the caller waits on hold; on answering, agent and telephone outside talk."""
    talk.control.consult_outside("t", "c1", "a1", NUMBER, "user")
    told = talk.centre.telephony.take()
    order = next(c for c in told if isinstance(c, RingNumber))
    assert told[0] == Park(leg="c1", both=True)
    assert (order.role, order.number, order.caller_id) == ("consult", "013900009999", "4001")
    talk.parked()
    talk.centre.use.answer.parked("t", "c1", order.leg, "fs1")
    assert talk.take() == [
        talk.music(),
        Join(leg=talk.leg, tenant="t", agent_leg=order.leg),
    ]
    assert (talk.call.consult.state, talk.call.consult.number) == (ConsultState.ANSWERED, E164)
    talk.centre.use.answer.joined("t", "c1", talk.leg, order.leg)
    assert talk.call.consult.state is ConsultState.TALKING
    assert [(e.asked, e.number) for e in talk.events(ConsultChanged)] == [("", E164)] * 3
    with pytest.raises(CallNotReadyError):
        talk.control.consult_outside("t", "c1", "a1", NUMBER, "user")


@pytest.mark.parametrize("how", ["refuses", "leaves", "no_answer", "unreachable", "returned"])
def test_asking_outside_that_fails_returns_to_the_caller(talk: Talk, how: str) -> None:
    """WEB-1, SAFE-1: whatever happens outside, caller and agent are joined again."""
    if how == "leaves":
        leg = asking(talk)
        talk.leg_ends(leg)
        talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    else:
        talk.control.consult_outside("t", "c1", "a1", NUMBER, "user")
        leg = rung(talk).leg
        talk.parked()
        match how:
            case "refuses":
                talk.leg_ends(leg, "USER_BUSY")
            case "unreachable":
                talk.centre.use.end.leg_failed("t", "c1", leg, "INVALID_GATEWAY")
            case "no_answer":
                talk.centre.clock.pass_s(30.1)
                talk.centre.fire()
            case "returned":
                talk.control.give_back("t", "c1", "a1")
    told = talk.take()
    assert Join(leg="c1", tenant="t", agent_leg=talk.leg) in told
    assert (HangUp(leg=leg, cause="NO_ANSWER") in told) == (how == "no_answer")
    talk.centre.use.answer.joined("t", "c1", talk.leg)
    assert (talk.call.state, talk.call.consult, talk.state("a1")) == (CallState.CONNECTED, None, AgentState.IN_CALL)


def test_attended_transfer(talk: Talk) -> None:
    """WEB-1, CDR-1: the agent leaves the caller to the telephone outside; marked so that a rebuild finds the two."""
    leg = asking(talk)
    talk.control.complete("t", "c1", "a1", "user")
    told = talk.centre.telephony.take()
    assert told[-1] == Join(leg="c1", tenant="t", agent_leg=leg)
    assert Mark(leg=leg, variables={"cc_role": "outside"}) in told
    assert (talk.call.state, talk.state("a1")) == (CallState.FORWARDING, AgentState.WRAP_UP)
    talk.centre.use.answer.parked("t", "c1", talk.leg, "fs1")
    assert talk.take() == []
    talk.centre.use.forward.parked("t", "c1", leg, "fs1")
    assert talk.take() == []
    talk.centre.use.answer.joined("t", "c1", leg)
    assert talk.take() == [HangUp(leg=talk.leg)]
    assert (talk.call.state, talk.call.leaving) == (CallState.FORWARDED, None)
    assert [(e.leg, e.number) for e in talk.events(Forwarded)] == [(leg, E164)]
    talk.caller_leaves()
    assert HangUp(leg=leg) in talk.take()
    assert [e.outcome for e in talk.events(CallEnded)] == [talk.outcome]


def test_a_late_sign_of_the_consultation_is_no_join(talk: Talk) -> None:
    """SAFE-1: that agent and telephone outside were joined, told after the hand-over, says nothing of the caller."""
    leg = asking(talk)
    talk.control.complete("t", "c1", "a1", "user")
    talk.centre.use.answer.joined("t", "c1", talk.leg, leg)
    assert talk.call.state is CallState.FORWARDING
    talk.centre.use.answer.joined("t", "c1", "c1", leg)
    assert talk.call.state is CallState.FORWARDED


@pytest.mark.parametrize("how", ["leg", "refused", "parked", "deadline"])
def test_handing_over_fails(talk: Talk, how: str) -> None:
    """WEB-1, SAFE-1: the telephone outside vanishes at that moment: the caller is back in the line, not lost."""
    leg = asking(talk)
    talk.control.complete("t", "c1", "a1", "user")
    match how:
        case "leg":
            talk.leg_ends(leg)
        case "refused":
            talk.centre.use.fail.join_failed("t", "c1", leg)
        case "parked":
            talk.parked()
        case "deadline":
            for _ in range(2):  # the first has the switch told once more
                talk.centre.clock.pass_s(1.1)
                talk.centre.fire()
    assert (talk.call.state, talk.call.asked.agent) == (CallState.OFFERED, talk.next)
    assert (talk.call.ahead is None) == (talk.stays == 0)
    assert HangUp(leg=talk.leg) in talk.take()


def test_agent_hangs_up_while_asking_outside(talk: Talk) -> None:
    """WEB-1: hanging up on whoever is asked hands the caller over to them; before an answer, back to the line."""
    leg = asking(talk)
    talk.leg_ends(talk.leg, hung_up=True)
    assert Join(leg="c1", tenant="t", agent_leg=leg) in talk.take()
    assert (talk.call.state, talk.state("a1")) == (CallState.FORWARDING, AgentState.WRAP_UP)


def test_agent_hangs_up_before_an_answer_outside(talk: Talk) -> None:
    """WEB-1, QUEUE-3: nobody has answered yet: the caller goes back to the line, the telephone stops ringing."""
    talk.control.consult_outside("t", "c1", "a1", NUMBER, "user")
    leg = rung(talk).leg
    talk.parked()
    talk.leg_ends(talk.leg, hung_up=True)
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in talk.take()
    talk.parked()
    assert talk.call.state is CallState.OFFERED


@pytest.mark.parametrize("who", ["agent", "third", "caller"])
def test_three_way_with_a_number_outside(talk: Talk, who: str) -> None:
    """WEB-1: three hear each other; the two who are left go on; without the caller it is over for all."""
    leg = asking(talk)
    talk.control.confer("t", "c1", "a1", "user")
    assert talk.take() == [Confer(leg=talk.leg, call="c1", both=True), Confer(leg="c1", call="c1")]
    if who == "caller":
        talk.caller_leaves()
        assert {c.leg for c in talk.take() if isinstance(c, HangUp)} == {leg, talk.leg}
        return
    talk.leg_ends(talk.leg if who == "agent" else leg, hung_up=True)
    assert Join(leg="c1", tenant="t", agent_leg=leg if who == "agent" else talk.leg) in talk.take()
    assert talk.call.state is (CallState.FORWARDING if who == "agent" else CallState.RESUMING)


def seen(leg: str, *, parked: bool = False, bridged: bool = False) -> LegSeen:
    return LegSeen(leg=leg, role="consult", tenant="t", call="c1", answered=1, parked=parked, bridged=bridged)


def test_whoever_takes_over_while_outside_is_asked(talk: Talk) -> None:
    """SAFE-1, WEB-1: answered while nobody was there; talking; gone meanwhile; a leg of no call is let go."""
    talk.control.consult_outside("t", "c1", "a1", NUMBER, "user")
    leg = rung(talk).leg
    talk.parked()
    talk.take()
    agent = talk.agent_seen(talk.leg, parked=True)
    caller = talk.caller_hears_music()
    talk.taken_over(caller, agent, seen(leg, parked=True))
    assert talk.take() == [Join(leg=talk.leg, tenant="t", agent_leg=leg)]
    joined = talk.agent_seen(talk.leg, bridged=True)
    talk.taken_over(caller, joined, seen(leg, bridged=True), seen("stray", parked=True))
    assert HangUp(leg="stray") in talk.take()
    assert talk.call.consult.state is ConsultState.TALKING
    talk.taken_over(caller, agent)
    assert Join(leg="c1", tenant="t", agent_leg=talk.leg) in talk.take()
