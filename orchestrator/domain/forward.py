"""A call that is put through to a telephone outside: whom it rings, until when, and how that can end."""

from dataclasses import dataclass
from enum import StrEnum

from orchestrator.domain.config import Destination


class ForwardResult(StrEnum):
    """How ringing a telephone outside ended; `ended` is a talk that one of the two ended."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    INVALID = "invalid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ENDED = "ended"


#: What the causes of an outside leg mean; any other: it could not be reached.
RESULTS = {
    "USER_BUSY": ForwardResult.BUSY,
    "NO_ANSWER": ForwardResult.NO_ANSWER,
    "NO_USER_RESPONSE": ForwardResult.NO_ANSWER,
    "ALLOTTED_TIMEOUT": ForwardResult.NO_ANSWER,
    "ORIGINATOR_CANCEL": ForwardResult.NO_ANSWER,
    "CALL_REJECTED": ForwardResult.REFUSED,
    "UNALLOCATED_NUMBER": ForwardResult.INVALID,
    "INVALID_NUMBER_FORMAT": ForwardResult.INVALID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """The outside leg of a call. `due` (us UTC) is when it has rung long enough, once `won` when it must be joined.

    `otherwise` is where the caller goes if this comes to nothing. It rings `ring_s` seconds and is shown `caller_id`; a
    leg that was not rung for the caller (an agent handed it over) has neither, and is never rung again.
    """

    leg: str
    number: str
    due: int
    otherwise: Destination
    won: bool = False
    caller_id: str = ""
    ring_s: int = 0
