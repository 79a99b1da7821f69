"""Test calls of drafts: through the call path, and nowhere else."""

from dataclasses import replace

import pytest

from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.commands import AskKey, HangUp, MakeTestCaller, PressKey, RingAgent
from orchestrator.domain.config import Destination, Menu, PromptConfig, Way, to_queue
from orchestrator.domain.events import CallEnded, CallRouted, KeyPressed, OfferMade, QueueEntered, QueueLeft
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import TooManyTestsError, UnknownCallError
from orchestrator.service.reconcile import Known
from orchestrator.service.seen import LegSeen
from orchestrator.service.test_call import AT_ONCE, TOO_LATE
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre
from workers.call_facts import facts_of

WELCOME = PromptConfig(id="welcome", name="Welcome", path="t/welcome.wav", ms=1000)
OLD = Menu(id="desk.main", name="Main", prompt="welcome", keys={"1": Destination(way=Way.HANG_UP)})
DRAFT = {
    "desk.main": replace(OLD, keys={"1": to_queue("sales"), "2": Destination(way=Way.MENU, target="desk.sub")}),
    "desk.sub": Menu(
        id="desk.sub", name="Sub", prompt="", keys={"3": Destination(way=Way.AGENT, target="a1")}, tries=1
    ),
}


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """An older version of the draft is in force."""
    centre = CallCentre(redis_url)
    centre.config = replace(centre.config, version=2, menus={"desk.main": OLD}, prompts={"welcome": WELCOME})
    centre.publish()
    return centre


def place(centre: CallCentre) -> str:
    """A test call whose channel is there."""
    call = centre.use.tests.place("t", "fs1", "desk.main", DRAFT)
    assert centre.telephony.take() == [MakeTestCaller(leg=call, tenant="t")]
    centre.use.enqueue.answered("t", call)
    (ask,) = centre.telephony.take()
    assert isinstance(ask, AskKey)
    assert (ask.keys, ask.sounds) == ("12", ("t/welcome.wav",))
    return call


def key(centre: CallCentre, call: str, pressed: str) -> None:
    centre.use.steps.step_over("t", call, centre.call(call).step, pressed)


def events(centre: CallCentre) -> list:  # type: ignore[type-arg]
    return [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]


def test_it_walks_through_the_draft(centre: CallCentre) -> None:
    """IVR-1: by the keys of the draft, not of what is in force; callers go on hearing the latter."""
    call = place(centre)
    centre.use.tests.press("t", call, "2")
    assert centre.telephony.take() == [PressKey(leg=call, key="2")]
    key(centre, call, "2")
    (ask,) = centre.telephony.take()
    assert isinstance(ask, AskKey)
    assert (ask.keys, centre.call(call).menu) == ("3", "desk.sub")
    assert centre.store.draft("t", "another call") is None


@pytest.mark.parametrize("pressed", [("1",), ("2", "3")])
def test_it_ends_where_it_leaves_the_menus(centre: CallCentre, pressed: tuple[str, ...]) -> None:
    """IVR-1, WALL-4, BILL-1: it waits in no queue, rings nobody, and no record is made of it, so nothing is billed."""
    centre.online("a1")
    call = place(centre)
    for one in pressed:
        key(centre, call, one)
    assert centre.telephony.take()[-1] == HangUp(leg=call)
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))
    told = events(centre)
    assert [event.valid for event in told if isinstance(event, KeyPressed)] == [True] * len(pressed)
    assert [event for event in told if isinstance(event, CallRouted)][-1].way in ("queue", "agent")
    assert not [event for event in told if isinstance(event, QueueEntered | QueueLeft | OfferMade | RingAgent)]
    assert isinstance([event for event in told if isinstance(event, CallEnded)][-1], CallEnded)
    assert facts_of([event for event in told if getattr(event, "call", "") == call]) is None
    assert centre.redis.hgetall(keys.counters("t")) == {}


def test_nobody_presses(centre: CallCentre) -> None:
    """SAFE-1: though nothing is told of it, the questions' time ends; a draft that is gone leads nowhere."""
    call = place(centre)
    centre.redis.delete(keys.draft("t", call))
    for _ in range(OLD.tries):
        centre.clock.pass_s(60)
        centre.fire()
    assert centre.telephony.take()[-1] == HangUp(leg=call)


def test_a_channel_that_never_is(centre: CallCentre) -> None:
    """SAFE-1: refused by the switch, or never heard of again: the call is over."""
    refused = centre.use.tests.place("t", "fs1", "desk.main", DRAFT)
    centre.use.tests.failed("t", refused, refused, "CHAN_NOT_IMPLEMENTED")
    silent = centre.use.tests.place("t", "fs1", "desk.main", DRAFT)
    centre.clock.pass_s(6)
    centre.fire()
    assert (centre.call(refused), centre.call(silent)) == (None, None)
    assert [event.outcome for event in events(centre) if isinstance(event, CallEnded)] == [Outcome.LOST] * 2


def test_a_wish_that_is_read_too_late(centre: CallCentre) -> None:
    """IVR-1: who tries hears at once that the switch was too busy; what else was wished then is no test's matter."""
    call = centre.use.tests.place("t", "fs1", "desk.main", DRAFT)
    centre.use.tests.late([MakeTestCaller(leg=call, tenant="t"), HangUp(leg="x")])
    assert centre.call(call) is None
    (ended,) = [event for event in events(centre) if isinstance(event, CallEnded)]
    assert (ended.cause, ended.answered) == (TOO_LATE, None)
    centre.use.tests.late([MakeTestCaller(leg=call, tenant="t")])
    assert centre.telephony.take()[-1] == HangUp(leg=call)


def test_whoever_takes_over_goes_on(centre: CallCentre) -> None:
    """SAFE-1: an answered channel is asked; one that no call knows any more is ended."""
    call = centre.use.tests.place("t", "fs1", "desk.main", DRAFT)
    seen = LegSeen(leg=call, role="test", tenant="t", call=call, answered=1, created=1, parked=True)
    centre.use.reconcile.adopt("fs1", Known(frozenset({("t", call)}), frozenset()), [seen], restarted=False)
    assert centre.call(call).state is CallState.MENU
    centre.telephony.take()
    centre.redis.delete(keys.calls("t"))
    centre.use.reconcile.adopt("fs1", Known(frozenset(), frozenset()), [seen], restarted=False)
    assert centre.telephony.take() == [HangUp(leg=call)]


def test_not_too_many_and_only_tests(centre: CallCentre) -> None:
    """SAFE-3: a caller's call takes no keys from anybody; a tenant tries so many calls at once."""
    centre.queue("c1")
    with pytest.raises(UnknownCallError):
        centre.use.tests.press("t", "c1", "1")
    with pytest.raises(UnknownCallError):
        centre.use.tests.hang_up("t", "c1")
    for _ in range(AT_ONCE):
        centre.use.tests.place("t", "fs1", "desk.main", DRAFT)
    with pytest.raises(TooManyTestsError):
        centre.use.tests.place("t", "fs1", "desk.main", DRAFT)
