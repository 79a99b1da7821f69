"""Customers who were called back and talk when Redis loses everything."""

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.callback import OpenPromise
from orchestrator.domain.commands import HangUp
from orchestrator.domain.events import CallbackPromised, CallEnded
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen
from tests.store.test_callback import calling_back, story, talking
from tests.support.call_centre import CallCentre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return calling_back(redis_url)


def lose_everything(centre: CallCentre) -> None:
    centre.redis.flushdb()
    centre.store.forget_all()
    centre.publish()
    for agent in centre.config.agents.values():
        centre.use.devices.registered(agent.device, True)
    centre.telephony.take()


def talk_seen(centre: CallCentre, customer: str, agent: str, *, bridged: bool = True) -> list[LegSeen]:
    """What the switch shows of the two: the marks that `RingNumber` and `RingAgent` put there."""
    at = centre.clock.now()
    marks = {"tenant": "t", "call": "c1", "agent": "a1", "queue": "sales", "answered": at, "created": at}
    shown = {"number": "013800138000", "caller": "4001"}
    both = {"bridged": bridged, "parked": not bridged}
    return [
        LegSeen(leg=customer, role="callback", **marks, **shown, **both),
        LegSeen(leg=agent, role="agent", **marks, **both),
    ]


@pytest.mark.parametrize("promised_again", [False, True])
def test_a_talk_survives_a_redis_that_loses_everything(centre: CallCentre, *, promised_again: bool) -> None:
    """SAFE-1, QUEUE-5: who was called back talks on, also where the events have put the promise back meanwhile."""
    ring = talking(centre)
    agent = centre.call("c1").leg
    found = next(event for event in story(centre, CallbackPromised) if event.call == "c1")
    lose_everything(centre)
    if promised_again:
        assert centre.use.promises.restore("t", open_promise(centre, found))
    centre.clock.pass_s(1)
    for _ in range(2):
        known = centre.use.reconcile.known("fs1")
        centre.use.reconcile.adopt("fs1", known, talk_seen(centre, ring.leg, agent), restarted=False)
    assert not [command for command in centre.telephony.take() if isinstance(command, HangUp)]
    call = centre.call("c1")
    assert (call.state, call.line, call.agent, call.leg) == (CallState.CONNECTED, ring.leg, "a1", agent)
    assert (call.promised.number, call.promised.tries, call.outcome) == ("+8613800138000", 1, Outcome.CALLED_BACK)
    assert centre.agent("a1").state is AgentState.IN_CALL
    assert not centre.use.promises.restore("t", open_promise(centre, found))
    centre.use.callbacks.leg_ended("t", "c1", LegReport(leg=ring.leg, role="callback", hung_up=True))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, centre.agent("a1").state) == (Outcome.CALLED_BACK, AgentState.WRAP_UP)


def test_a_customer_who_hears_nobody_is_let_go_when_redis_loses_everything(centre: CallCentre) -> None:
    """SAFE-1, QUEUE-5: without an agent nobody can talk to the customer: the promise comes back from the events."""
    ring = talking(centre)
    agent = centre.call("c1").leg
    lose_everything(centre)
    known = centre.use.reconcile.known("fs1")
    centre.use.reconcile.adopt("fs1", known, talk_seen(centre, ring.leg, agent, bridged=False), restarted=False)
    assert {command.leg for command in centre.telephony.take() if isinstance(command, HangUp)} == {ring.leg, agent}
    assert centre.call("c1") is None


def open_promise(centre: CallCentre, found: CallbackPromised) -> OpenPromise:
    return OpenPromise(
        call="c1",
        switch="fs1",
        caller="13800138000",
        caller_name="",
        dialled="4001",
        arrived=found.entered,
        queue=found.queue,
        priority=found.priority,
        number=found.number,
        caller_id=found.caller_id,
        promised=found.at,
        entered=found.entered,
        expires=centre.clock.now() + 3_600_000_000,
        tries=1,
        next=False,
    )
