"""What a caller is told and asked: announcements, the keys of menus and questions. Each moves the call by the table."""

from dataclasses import replace

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallTrigger
from orchestrator.domain.config import Destination


def announce(call: Call, step: str, then: Destination, until: int, now: int) -> Call:
    """A prompt is played; afterwards the call goes to `then`."""
    return replace(call.move(CallTrigger.ANNOUNCED, now), step=step, step_due=until, then=then)


def hear(call: Call, now: int) -> Call:
    """The prompt was played."""
    return replace(call.move(CallTrigger.HEARD, now), step=None, step_due=None, then=None)


def ask_key(call: Call, step: str, menu: str, until: int, now: int, trigger: CallTrigger = CallTrigger.ASKED) -> Call:
    """A menu (or with another trigger the survey) asks for a key; asking the same again counts as one more try."""
    tries = call.menu_tries + 1 if call.menu == menu else 1
    moved = call.move(trigger, now)
    return replace(moved, step=step, step_due=until, menu=menu, menu_tries=tries)


def press(call: Call, key: str, now: int) -> Call:
    """A key was pressed in the menu, or none (empty)."""
    moved = replace(call.move(CallTrigger.KEYED, now), step=None, step_due=None, again=False)
    return replace(moved, keys=(*call.keys, key), menus=(*call.menus, call.menu)) if key else moved


def uncounted(call: Call, now: int) -> Call:
    """The question was cut off and is to be asked again: that is no try of the caller's."""
    return replace(press(call, "", now), menu_tries=call.menu_tries - 1, again=True)


def leave_menu(call: Call) -> Call:
    """The menu has led somewhere: entering it again begins with the first try."""
    return replace(call, menu="", menu_tries=0)
