"""Callers who are called back from their place in the line."""

from dataclasses import replace

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.commands import Announce, Command, HangUp, Join, RingAgent, RingNumber
from orchestrator.domain.config import PromptConfig
from orchestrator.domain.events import CallbackMissed, CallbackPromised, CallEnded, Event, QueueLeft
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import CallbackBusyError, UnknownCallbackError
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

RULE = CallbackRule(prompt="later", tries=2, retry_s=60)


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return calling_back(redis_url)


def calling_back(redis_url: str) -> CallCentre:
    """A queue that calls back by key 1; its number 4001 belongs to a trunk."""
    centre = CallCentre(redis_url, agents=2, callback=RULE, max_wait_s=300)
    number = replace(centre.config.numbers["4001"], trunk="pstn")
    prompt = PromptConfig(id="later", name="Later", path="t/later.wav", ms=1000)
    centre.config = replace(
        centre.config,
        version=2,
        numbers={"4001": number},
        prompts={"later": prompt},
        trunks={"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))},
    )
    centre.publish()
    return centre


def story(centre: CallCentre, kind: type[Event]) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def promised(centre: CallCentre, call: str = "c1") -> list[Command]:
    """A caller waits, presses 1, hears the prompt, and is let go."""
    centre.queue(call)
    centre.telephony.take()
    centre.use.callbacks.pressed("t", call, "1")
    (prompt,) = centre.telephony.take()
    assert isinstance(prompt, Announce)
    centre.use.steps.step_over("t", call, centre.call(call).step, "")
    told = centre.telephony.take()
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))
    return told


def rung(centre: CallCentre, call: str = "c1") -> RingNumber:
    """An agent is free and answers: the customer is rung."""
    ring = next(command for command in centre.telephony.take() if isinstance(command, RingAgent))
    centre.use.answer.parked("t", call, ring.leg, "fs1")
    return next(command for command in centre.telephony.take() if isinstance(command, RingNumber))


def talking(centre: CallCentre) -> RingNumber:
    promised(centre)
    centre.online("a1")
    ring = rung(centre)
    centre.use.callbacks.answered("t", "c1", ring.leg, "fs1")
    (join,) = centre.telephony.take()
    assert isinstance(join, Join)
    centre.use.answer.joined("t", "c1", join.leg, join.agent_leg)
    return ring


def test_a_key_keeps_the_place_without_the_line(centre: CallCentre) -> None:
    """QUEUE-5: the caller is let go, the call stays where it was in the line, before those who came later."""
    centre.queue("c0")
    assert HangUp(leg="c1") in promised(centre)
    centre.queue("c2")
    call = centre.call("c1")
    assert (call.state, call.away, call.callback.number) == (CallState.WAITING, True, "+8613800138000")
    assert centre.redis.zrange(keys.waiting("t", "sales"), 0, -1) == ["c0", "c1", "c2"]
    assert story(centre, CallEnded) == []


def test_the_agent_is_on_the_line_before_the_customer_is_rung(centre: CallCentre) -> None:
    """QUEUE-5: agent first, then the customer with the number once dialled, and both are joined at once."""
    ring = talking(centre)
    assert (ring.number, ring.trunk, ring.caller_id, ring.role) == ("013800138000", "pstn", "4001", "callback")
    assert centre.call("c1").state is CallState.CONNECTED
    assert centre.agent("a1").state is AgentState.IN_CALL
    centre.use.callbacks.leg_ended("t", "c1", LegReport(leg=ring.leg, role="callback"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.call) == (Outcome.CALLED_BACK, "c1")
    assert [left.outcome for left in story(centre, QueueLeft)] == [Outcome.CALLED_BACK]
    assert centre.agent("a1").state is AgentState.WRAP_UP


def test_the_agent_who_hangs_up_lets_the_customer_go(centre: CallCentre) -> None:
    """QUEUE-5: the customer's present channel is hung up, not the one the call once came by."""
    ring = talking(centre)
    centre.telephony.take()
    leg = centre.call("c1").leg
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1"))
    assert HangUp(leg=ring.leg) in centre.telephony.take()


def test_who_is_not_reached_is_tried_again_then_given_up(centre: CallCentre) -> None:
    """QUEUE-5: after the pause the call is back in its place; after the last try it ends; the agent is free again."""
    promised(centre)
    centre.online("a1")
    for last in (False, True):
        ring = rung(centre)
        report = LegReport(leg=ring.leg, role="callback", cause="NO_ANSWER")
        centre.use.callbacks.leg_ended("t", "c1", report)
        assert centre.agent("a1").state is AgentState.ONLINE
        if not last:
            assert centre.call("c1").state is CallState.RESTING
            centre.clock.pass_s(61)
            centre.fire()
    assert centre.call("c1") is None
    assert [ended.outcome for ended in story(centre, CallEnded)] == [Outcome.CALLBACK_FAILED]
    assert [(missed.tries, missed.again is None) for missed in story(centre, CallbackMissed)] == [(1, False), (2, True)]


def test_a_silent_switch_ends_the_try(centre: CallCentre) -> None:
    """SAFE-1: a customer's leg that nothing tells of counts as not answered."""
    promised(centre)
    centre.online("a1")
    ring = rung(centre)
    centre.clock.pass_s(40)
    centre.fire()
    assert HangUp(leg=ring.leg, cause="NO_ANSWER") in centre.telephony.take()
    assert centre.call("c1").state is CallState.RESTING


def test_an_agent_who_hangs_up_early_is_followed_by_the_next(centre: CallCentre) -> None:
    """QUEUE-4: the customer stops ringing, the next agent is asked."""
    promised(centre)
    centre.online("a1", "a2")
    ring = rung(centre)
    leg = centre.call("c1").asked.leg
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", agent="a1"))
    told = centre.telephony.take()
    assert HangUp(leg=ring.leg, cause="ORIGINATOR_CANCEL") in told
    assert [command.agent for command in told if isinstance(command, RingAgent)] == ["a2"]


def test_promises_expire(centre: CallCentre) -> None:
    """QUEUE-5: what has not come about in time is given up."""
    promised(centre)
    centre.clock.pass_s(24 * 3600 + 1)
    centre.fire()
    assert [ended.cause for ended in story(centre, CallEnded)] == ["EXPIRED"]


def test_one_open_promise_a_number(centre: CallCentre) -> None:
    """QUEUE-5: who calls again and asks again is let go, the first promise holds."""
    promised(centre)
    promised(centre, "c2")
    assert len(story(centre, CallbackPromised)) == 1
    assert [ended.outcome for ended in story(centre, CallEnded)] == [Outcome.TURNED_AWAY]
    assert centre.redis.zrange(keys.waiting("t", "sales"), 0, -1) == ["c1"]


def test_hanging_up_while_the_promise_is_heard_keeps_it(centre: CallCentre) -> None:
    """QUEUE-5: the key alone decides."""
    centre.queue("c1")
    centre.use.callbacks.pressed("t", "c1", "1")
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert (centre.call("c1").state, centre.call("c1").away) == (CallState.WAITING, True)


def test_other_keys_and_blocked_numbers_wait_on(centre: CallCentre) -> None:
    """QUEUE-5, BLACK-1: nothing happens to who presses another key or must not be called."""
    centre.queue("c1")
    centre.use.callbacks.pressed("t", "c1", "2")
    entry = BlockedNumber(entry="+8613800138000", direction=Direction.OUT)
    RedisBlacklistWriter(centre.redis, centre.clock).put("t", [entry])
    centre.use.callbacks.pressed("t", "c1", "1")
    assert centre.call("c1").callback is None


def test_supervisors_cancel_and_call_next(centre: CallCentre) -> None:
    """QUEUE-5: next goes before everybody; cancelled ends; what is under way is refused."""
    centre.queue("c0")
    promised(centre)
    centre.use.callbacks.call_next("t", "c1", "u1")
    assert centre.redis.zrange(keys.waiting("t", "sales"), 0, -1) == ["c1", "c0"]
    centre.online("a1")
    with pytest.raises(CallbackBusyError):
        centre.use.callbacks.cancel("t", "c1", "u1")
    with pytest.raises(UnknownCallbackError):
        centre.use.callbacks.cancel("t", "c0", "u1")


@pytest.mark.parametrize("phase", ["waiting", "offered", "calling", "connected"])
def test_adopted_in_every_phase(centre: CallCentre, phase: str) -> None:
    """SAFE-1: a promise has no channel while it waits and is not lost; a try whose legs are gone is a failed try."""
    if phase == "connected":
        talking(centre)
    else:
        promised(centre)
    if phase in ("offered", "calling"):
        centre.online("a1")
    if phase == "calling":
        rung(centre)
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), [], restarted=False)
    after = centre.call("c1")
    if phase == "connected":
        assert [ended.outcome for ended in story(centre, CallEnded)] == [Outcome.CALLED_BACK]
        return
    assert after.state in (CallState.WAITING, CallState.OFFERED, CallState.RESTING)
    assert (after.promised.number, after.promised.leg) == ("+8613800138000", None)


def test_adopted_while_the_customer_rings(centre: CallCentre) -> None:
    """SAFE-1: both legs still there: the ringing goes on, and an answer meanwhile is joined."""
    promised(centre)
    centre.online("a1")
    ring = rung(centre)
    agent_leg = centre.call("c1").asked.leg
    seen = [
        LegSeen(leg=agent_leg, role="agent", agent="a1", parked=True, tenant="t", call="c1", queue="sales"),
        LegSeen(leg=ring.leg, role="callback", parked=True, tenant="t", call="c1", queue="sales"),
    ]
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), seen, restarted=False)
    assert any(isinstance(command, Join) for command in centre.telephony.take())
    assert centre.call("c1").state is CallState.CONNECTING


def test_who_is_promised_nothing_leaves_the_line_once(centre: CallCentre) -> None:
    """QUEUE-5, QUEUE-6: a number has one promise; its second caller is let go, and counted once."""
    promised(centre)
    promised(centre, "c2")
    assert centre.call("c2") is None
    assert [left.outcome for left in story(centre, QueueLeft) if left.call == "c2"] == [Outcome.TURNED_AWAY]
