"""What agents do with their calls: hold, ask somebody, send on; and who of the tenant joins them."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.consult import ConsultState
from orchestrator.domain.events.base import CallEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeld(CallEvent):
    """The caller of `agent` is on hold from now on; `by` is the user who asked for it."""

    type: ClassVar[str] = "call_held"
    agent: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnded(CallEvent):
    """The caller is on hold no more, after `held` microseconds; `how` tells what ended it."""

    type: ClassVar[str] = "hold_ended"
    agent: str
    held: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultChanged(CallEvent):
    """How far `agent` has come with asking the agent `asked`, or a `number` outside (`asked` empty).

    `leg` names the consultation, `cause` tells why it ended.
    """

    type: ClassVar[str] = "consult_changed"
    agent: str
    asked: str
    leg: str
    consult: ConsultState
    cause: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised(CallEvent):
    """User `by`, who is agent `supervisor`, listens to `agent` in a mode (SUP-1), or does no more (`stopped`).

    `failed`: the supervisor's phone did not answer, with the switch's `cause`.
    """

    type: ClassVar[str] = "supervised"
    agent: str
    supervisor: str
    mode: str
    by: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTransferred(CallEvent):
    """`agent` has left the call, which goes on to somewhere (`way`, `target`), or to whoever was consulted."""

    type: ClassVar[str] = "call_transferred"
    agent: str
    way: str
    target: str
    by: str
