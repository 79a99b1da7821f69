"""Send a call to a destination: a prompt first if there is one, then a queue, a menu, or the end."""

from uuid import uuid4

from orchestrator.domain import asking
from orchestrator.domain.call import Call
from orchestrator.domain.commands import Announce, AskKey, HangUp, Mark
from orchestrator.domain.config import HANG_UP, Destination, Menu, QueueConfig, Way
from orchestrator.domain.events import CallRouted, QueueEntered
from orchestrator.domain.priority import RaisedBy
from orchestrator.domain.story import RouteReason
from orchestrator.domain.voicemail import spoken_before
from orchestrator.service import serve_agent
from orchestrator.service.music import waiting_music
from orchestrator.service.promise_callback import promise
from orchestrator.service.ring_directly import ring_directly
from orchestrator.service.ring_outside import ring_outside
from orchestrator.service.say_in_music import first_dues
from orchestrator.service.take_message import take_message
from orchestrator.service.work import Unit

#: How much longer than its prompt a step may take before the call goes on without its sign (us).
STEP_GRACE_US = 5_000_000

#: A caller is sent on at most this often in one decision; a configuration that goes in circles ends the call.
HOPS = 5


def go(unit: Unit, call: Call, destination: Destination, reason: RouteReason, hops: int = HOPS) -> None:
    """Route a call (in state `routing`) to a destination; `reason` goes into its story."""
    call = call.raise_to(destination.priority, RaisedBy.ROUTE)
    said = spoken_before(unit.config, destination)
    unit.events.append(
        CallRouted(
            at=unit.now,
            call=call.id,
            reason=reason.value,
            way=destination.way.value,
            target=destination.target,
            prompt=said,
        )
    )
    prompt = unit.config.prompts.get(said)
    if prompt is None:
        arrive(unit, call, destination, hops)
        return
    step = str(uuid4())
    until = unit.now + prompt.ms * 1000 + STEP_GRACE_US
    unit.save_call(asking.announce(call, step, destination, until, unit.now))
    unit.tell(call.switch, Announce(leg=call.line, sounds=(prompt.path,), step=step))


def arrive(unit: Unit, call: Call, destination: Destination, hops: int = HOPS) -> None:
    """Enter a destination whose prompt is over. What doesn't exist any more ends the call."""
    queue = unit.config.queues.get(destination.target)
    menu = unit.config.menus.get(destination.target)
    match destination.way:
        case Way.MENU if menu and hops:
            ask(unit, asking.leave_menu(call), menu)
        case Way.QUEUE if queue and hops:
            _enter_queue(unit, call, queue, destination.keep_wait, hops)
        case _ if call.test:
            _end_test(unit, call)
        case Way.CALLBACK if queue:
            promise(unit, call, queue)
        case Way.SERVICE:
            serve_agent.begin(unit, call)
        case Way.VOICEMAIL:
            take_message(unit, call, destination)
        case Way.NUMBER | Way.AGENT if hops:
            _ring(unit, call, destination, hops)
        case _:
            unit.save_call(call.turn_away(unit.now))
            cause = "NORMAL_CLEARING" if destination.way is Way.HANG_UP else "NO_ROUTE_DESTINATION"
            unit.tell(call.switch, HangUp(leg=call.line, cause=cause))


def _ring(unit: Unit, call: Call, destination: Destination, hops: int) -> None:
    ring = ring_directly if destination.way is Way.AGENT else ring_outside
    refused = ring(unit, call, destination)
    if refused:
        go(unit, call, destination.otherwise or HANG_UP, refused, hops - 1)


def ask(unit: Unit, call: Call, menu: Menu, after: str = "") -> None:
    """Ask a menu's question, after another prompt (an id) where the last key was wrong."""
    prompts = [unit.config.prompts[id_] for id_ in (after, menu.prompt) if id_ in unit.config.prompts]
    step, timeout_ms = str(uuid4()), menu.timeout_s * 1000
    until = unit.now + (sum(prompt.ms for prompt in prompts) + timeout_ms) * 1000 + STEP_GRACE_US
    unit.save_call(asking.ask_key(call, step, menu.id, until, unit.now))
    sounds = tuple(prompt.path for prompt in prompts)
    keys = "".join(sorted(menu.keys))
    unit.tell(call.switch, AskKey(leg=call.line, sounds=sounds, keys=keys, timeout_ms=timeout_ms, step=step))


def _enter_queue(unit: Unit, call: Call, queue: QueueConfig, keep_wait: bool, hops: int) -> None:
    if queue.max_length is not None and unit.store.waiting(unit.tenant, queue.id) >= queue.max_length:
        go(unit, call, queue.on_full, RouteReason.FULL, hops - 1)
    elif queue.on_empty and not unit.store.staffed(unit.tenant, queue.id):
        go(unit, call, queue.on_empty, RouteReason.NOBODY_LOGGED_IN, hops - 1)
    elif call.test:
        _end_test(unit, call)
    else:
        enter(unit, call, queue, keep_wait)


def _end_test(unit: Unit, call: Call) -> None:
    """A test call ends where it leaves the menus: it waits in no line and rings nobody."""
    unit.save_call(call.turn_away(unit.now))
    unit.tell(call.switch, HangUp(leg=call.line))


def enter(unit: Unit, call: Call, queue: QueueConfig, keep_wait: bool = False) -> None:
    """Put the call into the queue's line: at its end, or in the place brought along."""
    limit = None if queue.max_wait_s is None else queue.max_wait_s * 1_000_000
    kept = call.entered if keep_wait else None
    talked = call.first_connected is not None
    place = {"ahead": call.ahead or kept} if talked and keep_wait else {"entered": kept}
    waiting = asking.leave_menu(call).enqueue(queue.id, queue.priority, limit, unit.now, **place)
    waiting = first_dues(waiting, queue, unit.now)
    unit.save_call(
        waiting,
        QueueEntered(
            at=unit.now,
            call=call.id,
            queue=queue.id,
            priority=waiting.priority,
            entered=waiting.entered or unit.now,
            limit=waiting.limit,
            raised=waiting.raised,
            raised_by=waiting.raised_by or "",
        ),
    )
    marks = {"cc_queue": queue.id, "cc_entered": str(waiting.entered), "cc_priority": str(waiting.priority)}
    unit.tell(call.switch, Mark(leg=call.line, variables=marks), waiting_music(unit, waiting))
