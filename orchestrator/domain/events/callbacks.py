"""What happens to a promise to call back."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.events.base import CallEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPromised(CallEvent):
    """The caller may hang up: `number` is called back from the place `entered` in the queue's line."""

    type: ClassVar[str] = "callback_promised"
    queue: str
    priority: int
    number: str
    caller_id: str
    entered: int
    expires: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTried(CallEvent):
    """An agent is on the line, the customer is rung by channel `leg`."""

    type: ClassVar[str] = "callback_tried"
    queue: str
    agent: str
    leg: str
    number: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackMissed(CallEvent):
    """The customer was not reached; the next try is due at `again`, None = there is none."""

    type: ClassVar[str] = "callback_missed"
    queue: str
    number: str
    cause: str
    tries: int
    again: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackOrdered(CallEvent):
    """The user `by` wants it `cancelled` or called `next`."""

    type: ClassVar[str] = "callback_ordered"
    order: str
    by: str
