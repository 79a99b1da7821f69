"""Callers who leave messages, decided without a switch: what the tests of voicemail share."""

from dataclasses import replace

from orchestrator.domain.commands import Command, TakeMessage
from orchestrator.domain.config import Destination, NumberConfig, PromptConfig, Way
from orchestrator.domain.events import CallEnded
from orchestrator.service.end_call import LegReport
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

GREETING = PromptConfig(id="greeting", name="Greeting", path="t/greeting.wav", ms=2000)
TO_SALES = Destination(way=Way.VOICEMAIL, target="queue:sales", prompt="greeting")


def mailbox_centre(redis_url: str) -> CallCentre:
    """Number 4002 leads to the voicemail of sales; the line of sales (4001) goes there after 30 s."""
    centre = CallCentre(redis_url, max_wait_s=30, on_timeout=TO_SALES)
    configure(centre, prompts={"greeting": GREETING}, numbers={**centre.config.numbers, **number("4002", TO_SALES)})
    return centre


def number(number: str, to: Destination) -> dict[str, NumberConfig]:
    return {number: NumberConfig(number=number, route=to, trunk="pstn")}


def configure(centre: CallCentre, **changes: object) -> None:
    centre.config = replace(centre.config, version=centre.config.version + 1, **changes)  # type: ignore[arg-type]
    centre.publish()


def story(centre: CallCentre, kind: type) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def told(centre: CallCentre, kind: type[Command]) -> Command:
    (found,) = [command for command in centre.telephony.take() if isinstance(command, kind)]
    return found


def greeted(centre: CallCentre, call: str = "c1") -> TakeMessage:
    """The greeting is over: returns what the switch is told."""
    step = centre.call(call).step
    centre.telephony.take()
    centre.use.steps.step_over("t", call, step, "")
    order = told(centre, TakeMessage)
    assert isinstance(order, TakeMessage)
    return order


def leaves_message(centre: CallCentre) -> TakeMessage:
    """A caller of 4002 has heard the greeting."""
    centre.arrive("c1", number="4002")
    centre.use.enqueue.answered("t", "c1")
    return greeted(centre)


def hang_up(centre: CallCentre) -> CallEnded:
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    (ended,) = story(centre, CallEnded)
    assert isinstance(ended, CallEnded)
    return ended
