"""What the switch is asked to record."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.commands.base import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded(Command):
    """Base of what is done with the recording of a channel: `path` below the recordings directory names it.

    `marks` are the channel's variables that tell of it, for a rebuild.
    """

    path: str
    marks: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecording(_Recorded):
    """Record the customer's channel, customer left, the other side right; no harm if it is recorded already."""

    type: ClassVar[str] = "start_recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecording(_Recorded):
    """Record silence from now on."""

    type: ClassVar[str] = "pause_recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecording(_Recorded):
    """Record what is said again."""

    type: ClassVar[str] = "resume_recording"


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
