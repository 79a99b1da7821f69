"""Callers who leave a message: from every way in, to its end, around a kill (QUEUE-1, IVR-1)."""

from dataclasses import replace

import pytest

from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.commands import (
    Announce,
    AskKey,
    Command,
    HangUp,
    Mark,
    PlayMusic,
    RingAgent,
    RingNumber,
    TakeMessage,
)
from orchestrator.domain.config import HANG_UP, Destination, Menu, QueueConfig, Way, to_queue
from orchestrator.domain.events import CallbackPromised, QueueLeft, RecordingBegun
from orchestrator.domain.message_rules import LONGEST_S
from orchestrator.domain.trunks import Trunk
from orchestrator.service.reconcile import Known
from orchestrator.service.seen import LegSeen
from tests.support.call_centre import CallCentre
from tests.support.mailboxes import (
    TO_SALES,
    configure,
    greeted,
    hang_up,
    leaves_message,
    mailbox_centre,
    number,
    story,
    told,
)


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Number 4002 leads to the voicemail of sales; the line of sales (4001) goes there after 30 s."""
    return mailbox_centre(redis_url)


def test_a_message_is_ended_by_the_switch(centre: CallCentre) -> None:
    """QUEUE-1: greeting, then tone and recording in one order; # (or silence, the limit) ends the call."""
    order = leaves_message(centre)
    call = centre.call("c1")
    assert (call.state, order.leg, order.step) == (CallState.LEAVING_MESSAGE, "c1", call.message.id)
    (begun,) = story(centre, RecordingBegun)
    assert (begun.kind, begun.queue, begun.agent, begun.path) == ("voicemail", "sales", None, order.path)
    centre.clock.pass_s(10)
    centre.use.steps.step_over("t", "c1", order.step, "")
    assert centre.telephony.take() == [HangUp(leg="c1")]
    centre.use.steps.step_over("t", "c1", order.step, "")
    assert centre.telephony.take() == []
    ended = hang_up(centre)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.VOICEMAIL, Party.SYSTEM)


@pytest.mark.parametrize(("seconds", "outcome"), [(2.4, Outcome.LEFT_MENU), (2.6, Outcome.VOICEMAIL)])
def test_the_caller_hangs_up(centre: CallCentre, seconds: float, outcome: Outcome) -> None:
    """CDR-1: who hangs up has left a message if it lasts more than two seconds after the tone."""
    leaves_message(centre)
    centre.clock.pass_s(seconds)
    ended = hang_up(centre)
    expected = outcome if outcome is Outcome.VOICEMAIL else Outcome.ABANDONED
    assert (ended.outcome, ended.hung_up_by) == (expected, Party.CALLER)


def test_its_end_is_a_deadline(centre: CallCentre) -> None:
    """SAFE-1: a switch that never tells of the end keeps no line busy."""
    leaves_message(centre)
    centre.clock.pass_s(LONGEST_S)
    centre.fire()
    assert centre.telephony.take() == []
    centre.clock.pass_s(6)
    centre.fire()
    assert centre.telephony.take() == [HangUp(leg="c1")]


@pytest.mark.parametrize(
    ("target", "queue", "agent"), [("", None, None), ("queue:sales", "sales", None), ("agent:a1", None, "a1")]
)
def test_mailboxes(centre: CallCentre, target: str, queue: str | None, agent: str | None) -> None:
    """QUEUE-1, IVR-1: the company's, a queue's, an agent's; a key of a menu leads there."""
    to = replace(TO_SALES, target=target)
    menu = Menu(id="m.1", name="", prompt="greeting", keys={"1": to})
    configure(centre, menus={"m.1": menu}, numbers=number("4003", Destination(way=Way.MENU, target="m.1")))
    centre.arrive("c1", number="4003")
    centre.use.enqueue.answered("t", "c1")
    centre.use.steps.step_over("t", "c1", told(centre, AskKey).step, "1")
    greeted(centre)
    (begun,) = story(centre, RecordingBegun)
    assert (begun.queue, begun.agent) == (queue, agent)


@pytest.mark.parametrize("change", [{"max_length": 0, "on_full": TO_SALES}, {"on_empty": TO_SALES}])
def test_a_full_and_an_empty_queue_lead_there(centre: CallCentre, change: dict[str, object]) -> None:
    """QUEUE-1: nobody who can't wait is lost."""
    configure(centre, queues={"sales": QueueConfig(id="sales", name="Sales", **change)})  # type: ignore[arg-type]
    centre.arrive("c1")
    centre.use.enqueue.answered("t", "c1")
    greeted(centre)
    assert centre.call("c1").state is CallState.LEAVING_MESSAGE


def test_an_agent_who_is_not_there(centre: CallCentre) -> None:
    """CALL-1: a call straight to an agent goes to that agent's mailbox."""
    own = replace(TO_SALES, target="agent:a1")
    configure(centre, numbers=number("4003", Destination(way=Way.AGENT, target="a1", otherwise=own)))
    centre.arrive("c1", number="4003")
    centre.use.enqueue.answered("t", "c1")
    greeted(centre)
    (begun,) = story(centre, RecordingBegun)
    assert begun.agent == "a1"


def _seen(**marks: object) -> LegSeen:
    told = {"leg": "c1", "role": "caller", "tenant": "t", "call": "c1", "inbound": True, "answered": 1, "parked": True}
    return LegSeen(**{**told, "caller": "13800138000", "number": "4002", **marks})  # type: ignore[arg-type]


def _take_over(centre: CallCentre, seen: LegSeen, known: bool = True) -> list[Command]:
    calls = frozenset({("t", "c1")}) if known else frozenset()
    centre.clock.pass_s(1)
    centre.use.reconcile.adopt("fs1", Known(calls, frozenset()), [seen], restarted=False)
    return centre.telephony.take()


def test_a_kill_before_the_switch_was_told(centre: CallCentre) -> None:
    """SAFE-1: the channel still shows the greeting: told again, the whole time counts anew."""
    order = leaves_message(centre)
    told = _take_over(centre, _seen(playing=True, sound="/sounds/t/greeting.wav"))
    assert [command for command in told if isinstance(command, TakeMessage)] == [order]


@pytest.mark.parametrize("sound", ["tone_stream://%(500,0,1000)", ""])
def test_a_kill_while_it_beeps_or_records(centre: CallCentre, sound: str) -> None:
    """SAFE-1: what goes on is left alone: told again, it would begin anew."""
    order = leaves_message(centre)
    told = _take_over(centre, _seen(playing=bool(sound), sound=sound or f"/rec/{order.path} 180 200 5"))
    assert not any(isinstance(command, TakeMessage) for command in told)
    assert centre.call("c1").state is CallState.LEAVING_MESSAGE


def test_redis_has_lost_it(centre: CallCentre) -> None:
    """SAFE-1: rebuilt from the channel's marks, its end ends the call; one record with the same recording."""
    centre.arrive("c1", number="4002")
    centre.use.enqueue.answered("t", "c1")
    centre.use.steps.step_over("t", "c1", centre.call("c1").step, "")
    told = centre.telephony.take()
    order = next(command for command in told if isinstance(command, TakeMessage))
    marks = [command.variables for command in told if isinstance(command, Mark)][-1]
    centre.redis.flushall()
    centre.store.forget_all()
    centre.publish()
    sound = f"/rec/{order.path} 180 200 5"
    assert not any(
        isinstance(c, TakeMessage) for c in _take_over(centre, _seen(state=marks["cc_state"], sound=sound), known=False)
    )
    assert centre.call("c1").state is CallState.LEAVING_MESSAGE
    (begun,) = story(centre, RecordingBegun)
    assert (begun.recording, begun.path, begun.queue) == (order.step, order.path, "sales")
    centre.clock.pass_s(5)
    centre.use.steps.step_over("t", "c1", order.step, "")
    assert HangUp(leg="c1") in centre.telephony.take()


def test_every_way_out_of_a_queue_that_takes_too_long(centre: CallCentre) -> None:
    """QUEUE-1: hang up with a prompt, other queue keeping the wait or not, IVR, outside, agent, voicemail, callback."""
    rule = CallbackRule(prompt="greeting")
    menu = Menu(id="m.1", name="", prompt="greeting", keys={"1": HANG_UP})
    other = QueueConfig(id="other", name="Other", callback=rule)
    ways: list[tuple[Destination, CallState | None, type[Command]]] = [
        (replace(HANG_UP, prompt="greeting"), CallState.ANNOUNCING, Announce),
        (replace(to_queue("other"), keep_wait=True), CallState.WAITING, PlayMusic),
        (to_queue("other"), CallState.WAITING, PlayMusic),
        (Destination(way=Way.MENU, target="m.1"), CallState.MENU, AskKey),
        (Destination(way=Way.NUMBER, target="13900001111"), CallState.FORWARDING, RingNumber),
        (Destination(way=Way.AGENT, target="a1"), CallState.OFFERED, RingAgent),
        (replace(TO_SALES, prompt=""), CallState.LEAVING_MESSAGE, TakeMessage),
        (Destination(way=Way.CALLBACK, target="other"), CallState.WAITING, HangUp),
    ]
    agents = {**centre.config.agents, "a1": replace(centre.config.agents["a1"], queues=("third",))}
    queues = {"other": other, "third": QueueConfig(id="third", name="Third")}
    shared = {
        "agents": agents,
        "menus": {"m.1": menu},
        "trunks": {"pstn": Trunk(name="pstn")},
        "numbers": number("4001", to_queue("sales")),
    }
    for place, (to, state, command) in enumerate(ways):
        sales = QueueConfig(id="sales", name="Sales", max_wait_s=30, on_timeout=to)
        configure(centre, queues={**queues, "sales": sales}, **shared)
        if to.way is Way.AGENT:
            centre.online("a1")
        centre.arrive(f"w{place}", caller=f"1380013800{place}")
        centre.use.enqueue.answered("t", f"w{place}")
        entered = centre.call(f"w{place}").entered
        centre.clock.pass_s(31)
        centre.telephony.take()
        centre.fire()
        call = centre.call(f"w{place}")
        assert call.state is state, to
        assert any(isinstance(told, command) for told in centre.telephony.take()), to
        assert story(centre, QueueLeft)[-1].outcome is Outcome.TIMED_OUT
        if to.way is Way.QUEUE:
            assert (call.entered == entered) is to.keep_wait
    assert len(story(centre, CallbackPromised)) == 1
