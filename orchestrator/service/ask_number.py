"""Before a callback is promised the caller may key in another number, which is read back to be confirmed (QUEUE-5).

The call keeps its place meanwhile and can't be offered; who keys in no number that can be called is back in the line,
where nothing has changed.
"""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import asking
from orchestrator.domain.announcements import digits_sounds
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.commands import AskDigits, AskKey
from orchestrator.domain.config import HANG_UP, Destination, PromptConfig, QueueConfig, Way
from orchestrator.domain.events import KeyPressed
from orchestrator.domain.story import RouteReason
from orchestrator.service.check_blacklist import blocking_entry
from orchestrator.service.music import in_the_music
from orchestrator.service.numbers import E164_DIGITS, SHORT, normalise
from orchestrator.service.promise_callback import can_promise
from orchestrator.service.route_call import STEP_GRACE_US, enter, go
from orchestrator.service.work import Unit

#: What the call's `menu` says while the number, and while its confirmation, is asked for (an IVR's have a dot).
NUMBER, CONFIRM = "callback_number", "callback_confirm"

#: The keys that answer the question for confirmation.
TAKE, AGAIN = "1", "2"

#: So often each question is asked.
TRIES = 3

#: How long callers may look for the first digit, and for each further one (ms).
TIMEOUT_MS, DIGIT_TIMEOUT_MS = 8000, 4000

#: Digits of the longest number: E.164 with 00 before it, and room for other prefixes.
MOST = E164_DIGITS + 5


def asks_number(call: Call) -> bool:
    """Tell whether a caller who stands in a line is asked for the number to be called back on."""
    return call.state is CallState.MENU and call.menu in (NUMBER, CONFIRM)


def ask_number(unit: Unit, call: Call, rule: CallbackRule, first: str = "") -> None:
    """Ask a caller (in state `routing`) for the number, after another prompt (an id) where the last was wrong."""
    sounds = _sounds(unit, first, rule.number_prompt)
    step, timeout_ms = str(uuid4()), TIMEOUT_MS + MOST * DIGIT_TIMEOUT_MS
    until = unit.now + (sum(sound.ms for sound in sounds) + timeout_ms) * 1000 + STEP_GRACE_US
    unit.save_call(asking.ask_key(call, step, NUMBER, until, unit.now))
    paths = tuple(sound.path for sound in sounds)
    unit.tell(
        call.switch,
        AskDigits(
            leg=call.line, sounds=paths, most=MOST, timeout_ms=TIMEOUT_MS, digit_timeout_ms=DIGIT_TIMEOUT_MS, step=step
        ),
    )


def take_answer(unit: Unit, call: Call, keys: str) -> None:
    """The caller has keyed in something, or nothing (empty)."""
    queue = unit.config.queues.get(call.queue or "")
    rule = queue.callback if queue else None
    keyed = asking.press(call, "", unit.now)
    if queue is None:
        go(unit, keyed, HANG_UP, RouteReason.NO_CALLBACK)
    elif rule is None:
        _back_to_line(unit, keyed, queue, "")
    elif call.menu == NUMBER:
        _take_number(unit, keyed, rule, queue, keys)
    else:
        _confirmed(unit, keyed, rule, queue, keys)


def _take_number(unit: Unit, call: Call, rule: CallbackRule, queue: QueueConfig, keys: str) -> None:
    number = normalise(keys, unit.config.country) if keys else ""
    valid = _diallable(unit, number)
    unit.events.append(KeyPressed(at=unit.now, call=call.id, menu=NUMBER, key=keys, valid=valid or not keys))
    if not keys:
        _promise(unit, replace(call, wanted=""), rule, queue)
    elif not valid:
        _again(unit, call, rule, queue, rule.invalid_prompt)
    elif blocking_entry(unit, Direction.OUT, number):
        _again(unit, call, rule, queue, rule.refused_prompt)
    else:
        _ask_confirmation(unit, replace(asking.leave_menu(call), wanted=number), rule, queue, keys)


def _diallable(unit: Unit, number: str) -> bool:
    """Tell whether it is a whole number, of nobody's own: short codes and extensions are not called back."""
    digits = number.removeprefix("+")
    return digits.isdecimal() and SHORT < len(digits) <= E164_DIGITS and number not in unit.config.numbers


def _ask_confirmation(unit: Unit, call: Call, rule: CallbackRule, queue: QueueConfig, keys: str) -> None:
    read = digits_sounds(unit.config, queue.announce_language, keys)
    sounds = [*read, *_sounds(unit, rule.confirm_prompt)]
    step = str(uuid4())
    until = unit.now + (sum(sound.ms for sound in sounds) + TIMEOUT_MS) * 1000 + STEP_GRACE_US
    unit.save_call(asking.ask_key(call, step, CONFIRM, until, unit.now))
    paths = tuple(sound.path for sound in sounds)
    unit.tell(call.switch, AskKey(leg=call.line, sounds=paths, keys=TAKE + AGAIN, timeout_ms=TIMEOUT_MS, step=step))


def _confirmed(unit: Unit, call: Call, rule: CallbackRule, queue: QueueConfig, key: str) -> None:
    unit.events.append(KeyPressed(at=unit.now, call=call.id, menu=CONFIRM, key=key, valid=key in (TAKE, AGAIN)))
    if key == TAKE:
        _promise(unit, call, rule, queue)
    else:
        ask_number(unit, replace(asking.leave_menu(call), wanted=""), rule)


def _promise(unit: Unit, call: Call, rule: CallbackRule, queue: QueueConfig) -> None:
    """Go on as with a callback to the caller's own number; who hides that, or may not be called there, stays."""
    if can_promise(unit, call):
        there = Destination(way=Way.CALLBACK, target=call.queue or "", prompt=rule.prompt)
        go(unit, asking.leave_menu(call), there, RouteReason.KEY)
    else:
        _back_to_line(unit, call, queue, rule.refused_prompt)


def _again(unit: Unit, call: Call, rule: CallbackRule, queue: QueueConfig, told: str) -> None:
    if call.menu_tries < TRIES:
        ask_number(unit, call, rule, first=told)
    else:
        _back_to_line(unit, call, queue, told)


def _back_to_line(unit: Unit, call: Call, queue: QueueConfig, told: str) -> None:
    """The caller stands in the line as before, with the same limit, and hears a prompt if there is one."""
    enter(unit, replace(asking.leave_menu(call), wanted=""), queue, keep_wait=True)
    entered = replace(unit.new_calls[call.id], limit=call.limit)
    unit.save_call(entered)
    sounds = _sounds(unit, told)
    if sounds:
        unit.tell(call.switch, in_the_music(unit, entered, sounds))


def _sounds(unit: Unit, *prompts: str) -> list[PromptConfig]:
    return [unit.config.prompts[prompt] for prompt in prompts if prompt in unit.config.prompts]
