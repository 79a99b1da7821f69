"""A supervisor listens to a call, changes the mode, takes the call over, through the use cases on a real Redis."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import ChangeMode, HangUp, Join, Listen, Park
from orchestrator.domain.events import Supervised
from orchestrator.domain.supervision import Mode
from orchestrator.service.errors import CallNotReadyError, NoPhoneError, UnknownCallError
from tests.support.outbound_talk import OutboundTalk
from tests.support.talk import Talk


@pytest.fixture(params=[Talk, OutboundTalk], ids=["in", "out"])
def talk(redis_url: str, request: pytest.FixtureRequest) -> Talk:
    """A caller, or a customer whom the agent has called (OUT-1), talks to a1."""
    found: Talk = request.param(redis_url)
    return found


def listening(talk: Talk) -> str:
    """a3 listens to the call of a1; returns a3's leg."""
    talk.centre.use.supervise.listen("t", "c1", "a3", Mode.LISTEN, "boss")
    (listen,) = talk.take()
    assert isinstance(listen, Listen)
    assert (listen.to, listen.device, listen.mode) == (talk.leg, "t-3", Mode.LISTEN)
    talk.centre.use.answer.alerted("t", "c1", listen.leg, "fs1")
    talk.centre.use.supervise.answered("t", "c1", listen.leg)
    assert talk.take() == []
    return listen.leg


def test_modes_change_while_listening(talk: Talk) -> None:
    """SUP-1: listen, whisper and barge are one channel; each use is in the call's story with who did it."""
    leg = listening(talk)
    talk.centre.use.supervise.listen("t", "c1", "a3", Mode.WHISPER, "boss")
    talk.centre.use.supervise.listen("t", "c1", "a3", Mode.BARGE, "boss")
    assert talk.take() == [ChangeMode(leg=leg, to=talk.leg, mode=mode) for mode in (Mode.WHISPER, Mode.BARGE)]
    talk.centre.use.supervise.stop("t", "c1", "a3", "boss")
    assert talk.take() == [HangUp(leg=leg)]
    assert talk.call.supervision is None
    assert [(e.mode, e.by) for e in talk.events(Supervised)] == [
        (mode, "boss") for mode in ("listen", "whisper", "barge", "stopped")
    ]


def test_supervisor_hangs_up(talk: Talk) -> None:
    """SUP-1: the talk goes on; listening can begin anew."""
    talk.leg_ends(listening(talk), hung_up=True)
    assert (talk.call.supervision, talk.call.state, talk.take()) == (None, CallState.CONNECTED, [])
    listening(talk)


@pytest.mark.parametrize("how", ["job", "leg", "deadline", "takeover"])
def test_a_phone_that_cannot_be_rung(talk: Talk, how: str) -> None:
    """SUP-1: the talk goes on, nobody listens any more at once, and the supervisor is told why; it can begin anew."""
    talk.centre.use.supervise.listen("t", "c1", "a3", Mode.LISTEN, "boss")
    (listen,) = talk.take()
    match how:
        case "job":
            talk.centre.use.end.leg_failed("t", "c1", listen.leg, "USER_NOT_REGISTERED")
        case "leg":
            talk.leg_ends(listen.leg, "USER_BUSY")
        case "deadline":
            talk.centre.clock.pass_s(25)
            talk.centre.fire()
        case "takeover":
            both = talk.caller_seen(bridged=True), talk.agent_seen(talk.leg, bridged=True)
            talk.taken_over(*both)
    assert talk.take() == ([HangUp(leg=listen.leg, cause="NO_ANSWER")] if how == "deadline" else [])
    assert (talk.call.supervision, talk.call.state, talk.state("a1")) == (None, CallState.CONNECTED, AgentState.IN_CALL)
    cause = {"job": "USER_NOT_REGISTERED", "leg": "USER_BUSY", "deadline": "NO_ANSWER", "takeover": "GONE"}[how]
    assert [(e.mode, e.cause) for e in talk.events(Supervised)] == [("listen", ""), ("failed", cause)]
    listening(talk)


def test_takeover_while_the_supervisor_answers(talk: Talk) -> None:
    """SUP-1, SAFE-1: picked up while no orchestrator lived: listening goes on, and the call can be taken over."""
    talk.centre.use.supervise.listen("t", "c1", "a3", Mode.LISTEN, "boss")
    (listen,) = talk.take()
    both = talk.caller_seen(bridged=True), talk.agent_seen(talk.leg, bridged=True)
    talk.taken_over(*both, talk.agent_seen(listen.leg))
    talk.centre.clock.pass_s(60)
    talk.centre.fire()
    assert talk.call.supervision.answered
    talk.centre.use.supervise.take_over("t", "c1", "a3", "boss")


def test_taking_over(talk: Talk) -> None:
    """SUP-1: the caller is joined with the supervisor, who is in a call now; the agent wraps up."""
    leg = listening(talk)
    talk.centre.use.supervise.take_over("t", "c1", "a3", "boss")
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=leg)]
    assert (talk.state("a1"), talk.state("a3")) == (AgentState.WRAP_UP, AgentState.IN_CALL)
    talk.centre.use.answer.joined("t", "c1", leg)
    assert talk.take() == [HangUp(leg=talk.leg)]
    assert (talk.call.state, talk.call.agent, talk.call.leg) == (CallState.CONNECTED, "a3", leg)


def test_taking_over_is_told_twice(talk: Talk) -> None:
    """SUP-1, SAFE-1: a join that nothing proves is told once more; after that the caller goes back, nobody is stuck."""
    leg = listening(talk)
    talk.centre.use.supervise.take_over("t", "c1", "a3", "boss")
    talk.take()
    talk.centre.clock.pass_s(1.1)
    talk.centre.fire()
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=leg, again=True)]
    talk.centre.clock.pass_s(1.1)
    talk.centre.fire()
    told = talk.take()
    assert Park(leg="c1") in told
    assert {HangUp(leg=leg, cause="NORMAL_CLEARING"), HangUp(leg=talk.leg)} <= {
        c for c in told if isinstance(c, HangUp)
    }
    assert (talk.call.state, talk.call.leaving) == (CallState.OFFERED, None)


def test_taking_over_needs_an_answered_phone(talk: Talk) -> None:
    """SUP-1: nobody loses the caller to a phone that still rings, or to somebody who doesn't listen."""
    with pytest.raises(CallNotReadyError):
        talk.centre.use.supervise.take_over("t", "c1", "a3", "boss")
    talk.centre.use.supervise.listen("t", "c1", "a3", Mode.LISTEN, "boss")
    with pytest.raises(CallNotReadyError):
        talk.centre.use.supervise.take_over("t", "c1", "a3", "boss")
    assert (talk.call.agent, talk.state("a1")) == ("a1", AgentState.IN_CALL)


def test_who_cannot_supervise(talk: Talk) -> None:
    """SUP-1: without a phone, while in a call, or a call that is not there: refused, nothing is rung."""
    talk.centre.use.devices.registered("t-3", False)
    for supervisor in ("a3", "a1", "nobody"):
        with pytest.raises(NoPhoneError):
            talk.centre.use.supervise.listen("t", "c1", supervisor, Mode.LISTEN, "boss")
    with pytest.raises(UnknownCallError):
        talk.centre.use.supervise.listen("t", "c9", "a2", Mode.LISTEN, "boss")
    assert talk.take() == []
