"""Calls that agents place, taken over by another process at every moment."""

from collections.abc import Callable

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.commands import DialOut, HangUp
from orchestrator.domain.events import (
    AgentChanged,
    CallEnded,
    CallPlaced,
)
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from tests.support.call_centre import CallCentre
from tests.support.outbound import calling, calling_centre, place, report, story, talking


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """A company whose agents call out."""
    return calling_centre(redis_url)


def taken_over(centre: CallCentre, *seen: LegSeen, restarted: bool = False) -> None:
    known = centre.use.reconcile.known("fs1")
    centre.use.reconcile.adopt("fs1", known, seen, restarted)


def agent_seen(leg: str, **what: object) -> LegSeen:
    return LegSeen(leg=leg, role="agent", tenant="t", call="o1", agent="a1", **what)  # type: ignore[arg-type]


def customer_seen(**what: object) -> LegSeen:
    return LegSeen(
        leg="o1", role="customer", tenant="t", call="o1", agent="a1", caller="013900139000", number="4001", **what
    )  # type: ignore[arg-type]


def test_taken_over_while_the_own_phone_rings(centre: CallCentre) -> None:
    """SAFE-1: the phone rings on and may answer; the audit doesn't miss the customer's leg, which isn't there yet."""
    centre.online("a1")
    place(centre)
    leg = centre.call("o1").asked.leg
    centre.telephony.take()
    assert centre.use.reconcile.known("fs1").calls == frozenset()
    taken_over(centre, agent_seen(leg, rings=True))
    assert centre.agent("a1").state is AgentState.RINGING
    taken_over(centre, agent_seen(leg, rings=True, parked=True))
    assert [type(command) for command in centre.telephony.take()] == [DialOut]


Seen = Callable[[str], tuple[LegSeen, ...]]


@pytest.mark.parametrize(
    ("seen", "state", "told"),
    [
        (lambda leg: (agent_seen(leg, parked=True, dialling=True), customer_seen()), CallState.CALLING, []),
        (
            lambda leg: (agent_seen(leg, dialling=True, bridged=True), customer_seen(answered=9, bridged=True)),
            CallState.CONNECTED,
            [],
        ),
        (lambda leg: (agent_seen(leg, parked=True),), CallState.CALLING, [DialOut]),
        (lambda leg: (agent_seen(leg, parked=True, disposition="USER_BUSY"),), None, [HangUp]),
        (lambda _: (customer_seen(),), None, [HangUp]),
    ],
)
def test_taken_over_while_the_customer_rings(
    centre: CallCentre, seen: Seen, state: CallState | None, told: list[type]
) -> None:
    """SAFE-1: rings on, was answered meanwhile, was never dialled, had failed, or the agent is gone."""
    centre.online("a1")
    dial = calling(centre)
    taken_over(centre, *seen(dial.leg))
    call = centre.call("o1")
    assert (call.state if call else None) is state
    assert list({type(command) for command in centre.telephony.take()}) == told
    assert centre.agent("a1").state is (AgentState.IN_CALL if state else AgentState.ONLINE)


def test_a_talk_survives_the_loss_of_everything(centre: CallCentre) -> None:
    """SAFE-1: rebuilt from the two channels' marks, it ends as it would have, with one record."""
    centre.online("a1")
    dial = talking(centre)
    centre.redis.delete(keys.calls("t"))
    centre.store.forget_all()
    legs = agent_seen(dial.leg, bridged=True, dialling=True), customer_seen(answered=centre.clock.now(), bridged=True)
    taken_over(centre, *legs)
    call = centre.call("o1")
    assert (call.state, call.agent, call.placed.caller_id) == (CallState.CONNECTED, "a1", "4001")
    centre.use.outbound.customer_left("t", "o1", report("o1"))
    (ended,) = story(centre, CallEnded)
    assert ended.outcome is Outcome.REACHED
    assert [event.rebuilt for event in story(centre, CallPlaced)] == [False, True]


def test_a_lost_ringing_call_is_ended(centre: CallCentre) -> None:
    """SAFE-1: a customer who rings for nobody is let go, and the agent is free."""
    centre.online("a1")
    dial = calling(centre)
    centre.redis.delete(keys.calls("t"))
    centre.store.forget_all()
    taken_over(centre, agent_seen(dial.leg, parked=True, dialling=True), customer_seen())
    assert {command.leg for command in centre.telephony.take()} == {"o1", dial.leg}
    assert not centre.agent("a1").engaged


def test_who_called_is_in_the_state_log(centre: CallCentre) -> None:
    """LOG-1: the change to ringing names the user who placed the call."""
    centre.online("a1")
    place(centre)
    change = story(centre, AgentChanged)[-1]
    assert (change.cause, change.by, change.call) == ("calls_out", "u1", "o1")
