"""What happens between a caller and a telephone outside."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.events.base import CallEvent
from orchestrator.domain.forward import ForwardResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardStarted(CallEvent):
    """A telephone outside is rung, with an owned number shown; `rings_out` is until when (us UTC)."""

    type: ClassVar[str] = "forward_started"
    leg: str
    number: str
    caller_id: str
    trunk: str
    rings_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded(CallEvent):
    """Caller and telephone outside hear each other."""

    type: ClassVar[str] = "forwarded"
    leg: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardEnded(CallEvent):
    """The outside leg is over; `cause` is the switch's."""

    type: ClassVar[str] = "forward_ended"
    leg: str
    number: str
    result: ForwardResult
    cause: str
