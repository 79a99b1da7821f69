"""Hold and transfer through the use cases on a real Redis."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join, Park, PlayMusic
from orchestrator.domain.config import Destination, Way, to_queue
from orchestrator.domain.events import AgentLeft, CallEnded, Connected, HoldEnded, OfferAlerted, QueueLeft
from orchestrator.domain.offer import OfferState
from orchestrator.service.errors import (
    AgentNotReadyError,
    CallNotReadyError,
    RefusedError,
    UnknownCallError,
    UnknownTargetError,
)
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import SECOND, CallCentre
from tests.support.outbound_talk import OutboundTalk
from tests.support.talk import Talk


@pytest.fixture(params=[Talk, OutboundTalk], ids=["in", "out"])
def talk(redis_url: str, request: pytest.FixtureRequest) -> Talk:
    """A caller, or a customer whom the agent has called (OUT-1), talks to a1."""
    found: Talk = request.param(redis_url)
    return found


def test_hold_and_resume(talk: Talk) -> None:
    """WEB-1: both are parked, music plays when that is proved, then they are joined; the time on hold is noted."""
    talk.control.hold("t", "c1", "a1", "user")
    assert talk.take() == [Park(leg="c1", both=True)]
    talk.parked()
    assert talk.take() == [talk.music()]
    assert (talk.call.state, talk.state("a1")) == (CallState.HELD, AgentState.IN_CALL)
    talk.centre.clock.pass_s(3)
    talk.control.resume("t", "c1", "a1")
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]
    assert talk.call.state is CallState.RESUMING
    talk.centre.use.answer.joined("t", "c1", talk.leg)
    assert talk.call.state is CallState.CONNECTED
    assert [(e.held, e.how) for e in talk.events(HoldEnded)] == [(3 * SECOND, "resumed")]
    assert len(talk.events(Connected)) == 1


def test_a_hold_or_resume_that_nothing_proves_is_told_again(talk: Talk) -> None:
    """SAFE-1: commands may be lost on their way; the switch is told again until its events prove it."""
    talk.control.hold("t", "c1", "a1", "user")
    talk.take()
    talk.centre.clock.pass_s(6)
    talk.centre.fire()
    assert talk.take() == [Park(leg="c1", both=True)]
    talk.parked()
    talk.control.resume("t", "c1", "a1")
    talk.take()
    talk.centre.clock.pass_s(6)
    talk.centre.fire()
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg, again=True)]
    talk.centre.use.answer.joined("t", "c1", talk.leg, "c1")
    assert talk.call.state is CallState.CONNECTED


def test_caller_who_is_never_joined_again_is_not_let_go(talk: Talk) -> None:
    """SAFE-1: the second join comes to nothing, too: the agent's channel holds the caller, who goes back without it."""
    talk.held()
    talk.control.resume("t", "c1", "a1")
    for _ in range(2):
        talk.take()
        talk.centre.clock.pass_s(6)
        talk.centre.fire()
    assert talk.take() == [Park(leg="c1"), HangUp(leg=talk.leg)]
    assert (talk.call.state, talk.state("a1")) == (CallState.TRANSFERRING, AgentState.WRAP_UP)
    talk.parked()
    assert talk.rung().agent == talk.next


@pytest.mark.parametrize("hung_up", [False, True], ids=["lost", "hangs up"])
def test_agents_leg_ends_before_the_join(talk: Talk, hung_up: bool) -> None:
    """SAFE-1: a leg that the switch has ended says no good-bye; an agent who hangs up does."""
    talk.held()
    talk.control.resume("t", "c1", "a1")
    talk.leg_ends(talk.leg, "DESTINATION_OUT_OF_ORDER", hung_up=hung_up)
    assert talk.call.state is (CallState.ENDING if hung_up else CallState.TRANSFERRING)


def test_caller_hangs_up_on_hold(talk: Talk) -> None:
    """WEB-1, STATE-4: the agent's leg is ended, the agent wraps up, the call counts as connected."""
    talk.held()
    talk.caller_leaves()
    assert talk.take() == [HangUp(leg=talk.leg)]
    assert (talk.call, talk.state("a1")) == (None, AgentState.WRAP_UP)
    assert [e.outcome for e in talk.events(CallEnded)] == [talk.outcome]
    assert [e.how for e in talk.events(HoldEnded)] == ["caller_left"]


def test_agent_hangs_up_on_hold(talk: Talk) -> None:
    """WEB-1: an agent who hangs up ends the call, on hold too."""
    talk.held()
    talk.leg_ends(talk.leg, hung_up=True)
    assert talk.take() == [HangUp(leg="c1")]
    assert (talk.call.state, talk.state("a1")) == (CallState.ENDING, AgentState.WRAP_UP)


def test_agents_phone_is_lost_on_hold(redis_url: str) -> None:
    """SAFE-1: a caller on hold whose agent's phone vanishes goes back to the line, ahead of newer callers."""
    talk = Talk(redis_url)
    talk.held()
    talk.centre.use.agents.choose_state("t", "a2", AgentState.BUSY, "", "test")
    place = talk.call.place
    talk.leg_ends(talk.leg, "MEDIA_TIMEOUT")
    talk.centre.queue("c2")
    talk.parked()
    assert talk.call.place == place < talk.centre.call("c2").place
    assert talk.call.entered == talk.centre.clock.now()
    assert (talk.state("a1"), len(talk.events(QueueLeft))) == (AgentState.WRAP_UP, 1)


def test_agents_phone_is_lost_while_a_called_customer_is_on_hold(redis_url: str) -> None:
    """OUT-1, SAFE-1: who was in no line is not let go: the agent who called is rung again."""
    talk = OutboundTalk(redis_url)
    talk.held()
    talk.leg_ends(talk.leg, "MEDIA_TIMEOUT")
    talk.parked()
    assert (talk.call.state, talk.rung().agent) == (CallState.OFFERED, "a1")


@pytest.mark.parametrize("on_hold", [False, True])
def test_blind_transfer_to_a_queue(talk: Talk, on_hold: bool) -> None:
    """WEB-1: the agent wraps up with the own talk time, the caller enters the line and is offered to the next."""
    if on_hold:
        talk.held()
    talk.control.transfer("t", "c1", "a1", to_queue("sales"), "user")
    assert talk.take() == ([Park(leg="c1")] if on_hold else []) + [HangUp(leg=talk.leg)]
    assert (talk.call.state, talk.state("a1")) == (CallState.TRANSFERRING, AgentState.WRAP_UP)
    assert [e.talk for e in talk.events(AgentLeft)] == [talk.centre.clock.now() - talk.events(Connected)[0].at]
    talk.parked()
    ring = talk.rung()
    assert (ring.agent, talk.call.state) == ("a2", CallState.OFFERED)
    talk.leg_ends(talk.leg)
    talk.centre.use.answer.parked("t", "c1", ring.leg, "fs1")
    talk.centre.use.answer.joined("t", "c1", ring.leg)
    assert (talk.call.agent, talk.centre.agent("a2").connected_in) == ("a2", 1)
    assert len(talk.events(QueueLeft)) == talk.stays + 1
    talk.caller_leaves()
    assert [e.connected for e in talk.events(CallEnded)] == [talk.events(Connected)[0].at]


def test_a_transferred_caller_who_gives_up_was_connected(talk: Talk) -> None:
    """QUEUE-6: the second stay is abandoned, the call had been connected."""
    talk.centre.use.agents.choose_state("t", "a2", AgentState.BUSY, "", "test")
    talk.control.transfer("t", "c1", "a1", to_queue("sales"), "user")
    talk.parked()
    talk.caller_leaves()
    assert [e.outcome.value for e in talk.events(QueueLeft)] == ["connected", "abandoned"][-talk.stays - 1 :]
    assert [e.outcome for e in talk.events(CallEnded)] == [talk.outcome]


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda c: c.resume("t", "c1", "a1"), CallNotReadyError),
        (lambda c: c.complete("t", "c1", "a1", "user"), CallNotReadyError),
        (lambda c: c.give_back("t", "c1", "a1"), CallNotReadyError),
        (lambda c: c.confer("t", "c1", "a1", "user"), CallNotReadyError),
        (lambda c: c.hold("t", "c1", "a2", "user"), UnknownCallError),
        (lambda c: c.hold("t", "c9", "a1", "user"), UnknownCallError),
        (lambda c: c.transfer("t", "c1", "a1", to_queue("nowhere"), "user"), UnknownTargetError),
        (lambda c: c.transfer("t", "c1", "a1", Destination(way=Way.HANG_UP), "user"), UnknownTargetError),
        (lambda c: c.consult("t", "c1", "a1", "a3", "user"), AgentNotReadyError),
        (lambda c: c.consult("t", "c1", "a1", "a1", "user"), AgentNotReadyError),
        (lambda c: c.consult("t", "c1", "a1", "nobody", "user"), UnknownTargetError),
    ],
)
def test_refusals_change_nothing(talk: Talk, act, error: type[RefusedError]) -> None:  # noqa: ANN001
    """WEB-1, SAFE-3: others' calls, wrong states and targets that don't exist are refused."""
    before = talk.call
    with pytest.raises(error):
        act(talk.control)
    assert (talk.call, talk.take()) == (before, [])


def test_takeover_while_held(talk: Talk) -> None:
    """SAFE-1: the next orchestrator leaves a hold as it is, and mends what was lost of it."""
    talk.held()
    talk.taken_over(talk.caller_hears_music(), talk.agent_seen(talk.leg, parked=True))
    assert talk.take() == []
    talk.taken_over(talk.caller_seen(parked=True), talk.agent_seen(talk.leg, parked=True))
    assert [type(c) for c in talk.take()] == [PlayMusic]
    talk.taken_over(talk.caller_seen(bridged=True), talk.agent_seen(talk.leg, bridged=True))
    assert talk.take() == [Park(leg="c1", both=True)]


def test_takeover_while_asking(talk: Talk) -> None:
    """SAFE-1: whoever was asked has gone or answered meanwhile: the consultation goes on from there."""
    leg = talk.consulting()
    music, asks = talk.caller_hears_music(), talk.agent_seen(talk.leg, bridged=True)
    talk.taken_over(music, asks, talk.agent_seen(leg, bridged=True))
    assert talk.take() == []
    talk.taken_over(music, talk.agent_seen(talk.leg, parked=True))
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]


def test_takeover_during_a_transfer(talk: Talk) -> None:
    """SAFE-1: a caller who was parked while nobody looked goes on."""
    talk.control.transfer("t", "c1", "a1", to_queue("sales"), "user")
    talk.take()
    talk.taken_over(talk.caller_seen(parked=True))
    assert talk.take() == [Park(leg="c1")]
    talk.parked()
    assert talk.call.state is CallState.OFFERED


def test_takeover_of_a_phone_that_already_rings(redis_url: str) -> None:
    """SAFE-1: killed before the ringing was stored: the phone's time to begin ringing is not counted any more."""
    centre = CallCentre(redis_url)
    centre.online("a1")
    centre.queue("c1")
    leg = centre.call("c1").asked.leg
    caller = LegSeen(leg="c1", inbound=True, answered=1, playing=True)
    ringing = LegSeen(leg=leg, role="agent", tenant="t", call="c1", rings=True)
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [caller, ringing], restarted=False)
    assert centre.call("c1").asked.state is OfferState.RINGING
    centre.clock.pass_s(5)
    centre.fire()
    assert centre.call("c1").asked.leg == leg
    stream = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    assert sum(isinstance(event, OfferAlerted) for event in stream) == 1


def test_a_caller_parked_once_more_hears_music_again(talk: Talk) -> None:
    """SAFE-1: a hold told twice cuts off the music of the first."""
    talk.held()
    talk.parked()
    assert talk.take() == [talk.music()]
    talk.control.transfer("t", "c1", "a1", to_queue("sales"), "user")
    talk.parked()
    talk.take()
    talk.parked()
    assert talk.take() == [talk.music()]


def test_takeover_before_a_hold_was_stored_as_proved(talk: Talk) -> None:
    """SAFE-1: the switch shows what its lost event said."""
    talk.control.hold("t", "c1", "a1", "user")
    talk.take()
    talk.taken_over(talk.caller_hears_music(), talk.agent_seen(talk.leg, parked=True))
    assert (talk.take(), talk.call.parked) == ([], True)


def test_takeover_leaves_alone_what_is_decided_meanwhile(talk: Talk) -> None:
    """SAFE-1: a command that is on its way is not told a second time."""
    talk.held()
    known = talk.centre.use.reconcile.known("fs1")
    talk.control.resume("t", "c1", "a1")
    seen = [talk.caller_hears_music(), talk.agent_seen(talk.leg, parked=True)]
    talk.centre.use.reconcile.adopt("fs1", known, seen, restarted=False)
    assert talk.take() == [Join(leg="c1", tenant="t", agent_leg=talk.leg)]
