"""The caller may hang up: the call stays in the line and the customer is called back at its turn (QUEUE-5)."""

from dataclasses import replace

from orchestrator.domain import calling_back
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.callback import Callback
from orchestrator.domain.commands import HangUp
from orchestrator.domain.config import QueueConfig
from orchestrator.domain.events import CallbackPromised
from orchestrator.service.check_blacklist import blocking_entry
from orchestrator.service.leave_queue import queue_left
from orchestrator.service.numbers import normalise
from orchestrator.service.work import Unit

HOUR_US = 3_600_000_000


def can_promise(unit: Unit, call: Call) -> bool:
    """Tell whether the caller can be called back: a number to ring, one to show, and no blacklist against it."""
    number = number_of(unit, call)
    diallable = number.removeprefix("+").isdecimal()
    return diallable and bool(shown_number(unit, call)) and blocking_entry(unit, Direction.OUT, number) is None


def number_of(unit: Unit, call: Call) -> str:
    """Return the number to be called back: the one keyed in, or the one that the caller calls from."""
    return call.wanted or normalise(call.caller, unit.config.country)


def shown_number(unit: Unit, call: Call) -> str:
    """Return the number that is shown to the customer: the one dialled, or the first that a trunk carries."""
    return next((number for number in (call.number, *unit.config.numbers) if unit.config.trunk_of(number)), "")


def promise(unit: Unit, call: Call, queue: QueueConfig) -> None:
    """Let the caller go with a promise; one who has a promise already, or can't be called, is let go without."""
    number = number_of(unit, call)
    rule = queue.callback
    if rule is None or not can_promise(unit, call) or _promised_before(unit, call, number):
        _let_go(unit, call)
        return
    callback = Callback(number=number, caller_id=shown_number(unit, call), promised=unit.now)
    expires = unit.now + rule.expires_h * HOUR_US
    priority = call.priority if call.queue == queue.id else queue.priority
    promised = calling_back.promise(call, callback, queue.id, priority, expires, unit.now)
    unit.save_call(promised, promised_event(unit, promised))
    unit.tell(call.switch, HangUp(leg=call.id))


def promised_event(unit: Unit, call: Call) -> CallbackPromised:
    """Tell everything that a restored promise needs."""
    return CallbackPromised(
        at=unit.now,
        call=call.id,
        queue=call.queue or "",
        priority=call.priority,
        number=call.promised.number,
        caller_id=call.promised.caller_id,
        entered=call.entered or unit.now,
        expires=call.limit or unit.now,
    )


def _promised_before(unit: Unit, call: Call, number: str) -> bool:
    """One open promise a number: the first holds, with its better place."""
    others = (held.document for held in unit.store.all_calls(unit.tenant) if held.document.id != call.id)
    return any(other.callback is not None and other.callback.number == number for other in others)


def _let_go(unit: Unit, call: Call) -> None:
    left = None if call.left else queue_left(unit, call, Outcome.TURNED_AWAY)
    gone = replace(call.turn_away(unit.now), left=unit.now if left else call.left)
    unit.save_call(gone, *([left] if left else []))
    unit.tell(call.switch, HangUp(leg=call.id))
