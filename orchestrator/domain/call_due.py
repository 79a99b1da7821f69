"""When something must happen to a call because of its present state."""

from typing import TYPE_CHECKING

from orchestrator.domain.call_states import CallState

if TYPE_CHECKING:
    from orchestrator.domain.call import Call

#: How long the switch may take to prove an answer or a hang-up by its event before it is told again.
SWITCH_ANSWERS_US = 5_000_000

#: How long a caller waits for an agent whose web phone is lost in the middle of a call.
DEVICE_BACK_US = 15_000_000


def earliest(*moments: int | None) -> int | None:
    """Return the first of those moments that there are."""
    return min((moment for moment in moments if moment is not None), default=None)


def due_in_state(call: "Call") -> int | None:
    """Return the deadline of the present state, us UTC, None if it has none."""
    match call.state:
        case CallState.WAITING:
            return earliest(call.limit, call.prompt_due, call.announce_due)
        case CallState.ANNOUNCING | CallState.MENU | CallState.SURVEY | CallState.LEAVING_MESSAGE:
            return call.step_due
        case CallState.OFFERED | CallState.PLACED if call.offer:
            return earliest(call.offer.due, call.limit)
        case CallState.RESTING | CallState.CALLING_BACK:
            return call.promised.due(call.limit)
        case CallState.CONNECTING | CallState.CALLING | CallState.RESUMING:
            return call.join_due
        case CallState.HELD:
            return _due_on_hold(call)
        case CallState.FORWARDING if call.forward:
            return call.forward.due
        case CallState.RECOVERING:
            return call.since + DEVICE_BACK_US
        case CallState.ARRIVED | CallState.ENDING | CallState.TRANSFERRING:
            return call.since + SWITCH_ANSWERS_US
        case _:
            return None


def _due_on_hold(call: "Call") -> int | None:
    asked = call.consult.due if call.consult else None
    unproved = None if call.parked else call.since + SWITCH_ANSWERS_US
    return earliest(asked, unproved)
