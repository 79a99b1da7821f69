"""The agents' service: an agent calls a number and changes the own state by keys (MOB-1, STATE-1)."""

from dataclasses import dataclass
from enum import StrEnum

from orchestrator.domain.agent import AgentState


class Question(StrEnum):
    """What a call to the service is asked: its `menu` says so (an IVR's menus have a dot in their names)."""

    NUMBER = "service_number"
    PIN = "service_pin"
    MENU = "service"


class Later(StrEnum):
    """What happens when the call is over: the mobile on which calls are to ring is busy until then."""

    NOTHING = ""
    ONLINE = "online"
    WRAPPED_UP = "wrapped_up"


#: The key that ends a wrap-up.
END_WRAP_UP = "9"

#: The states that keys choose.
STATE_KEYS = {
    "1": AgentState.ONLINE,
    "2": AgentState.BREAK,
    "3": AgentState.BUSY,
    "4": AgentState.OFFLINE,
}

MENU_KEYS = "".join(STATE_KEYS) + END_WRAP_UP

#: A call may give so many wrong answers to who it is, and leave a question unanswered so often.
TRIES = 3

#: How long (ms) an agent may take before the first key.
TIMEOUT_MS = 8_000

#: How long (ms) for each further one of several.
NEXT_DIGIT_MS = 4_000

#: The longest number of an agent, in digits: a mobile's.
LONGEST_NUMBER = 20


class Piece(StrEnum):
    """What is said, as prepared pieces (`announcements.piece_id`)."""

    NUMBER = "service_number"
    PIN = "service_pin"
    MENU = "service_menu"
    WRONG = "service_wrong"
    LOCKED = "service_locked"
    NO_PIN = "service_no_pin"
    REFUSED = "service_refused"
    ENGAGED = "service_engaged"
    NO_DEVICE = "service_no_device"
    NO_SEAT = "service_no_seat"
    NOT_WRAPPING_UP = "service_not_wrapping_up"
    ONLINE_LATER = "service_online_later"
    BYE = "service_bye"


def state_piece(state: AgentState) -> str:
    """Name the piece that tells the present state."""
    return f"state_{state.value}"


#: All of the service's pieces.
PIECES = frozenset({*(piece.value for piece in Piece), *(state_piece(state) for state in AgentState)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a call to the service is about.

    `agent` is who calls, as the number or the keys tell, empty = nobody known; `proved` by the PIN. `known` tells that
    the caller's number is the agent's mobile. `wrong` counts wrong PINs of this call. `later` waits for its end.
    """

    agent: str = ""
    known: bool = False
    proved: bool = False
    wrong: int = 0
    later: Later = Later.NOTHING
