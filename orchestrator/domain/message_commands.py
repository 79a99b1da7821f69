"""What the switch is asked to do for a message that a caller leaves."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage(Command):
    """Play a tone of `beep_ms`, then record the caller into `path` (below the recordings directory).

    The key #, `silence_s` seconds of silence or `longest_s` seconds end it; `step` names it.
    """

    type: ClassVar[str] = "take_message"
    path: str
    step: str
    beep_ms: int
    longest_s: int
    silence_s: int
