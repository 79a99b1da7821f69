"""What is recorded of a call, by its switch (REC-1)."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.events.base import CallEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingBegun(CallEvent):
    """The switch is told to record into `path` (below its recordings directory); `recording` names it.

    `kind` is call or voicemail. `queue` and `agent` are those of the conversation that it begins with, or whose
    mailbox it is; a message that isn't longer than `least_ms` is none.
    """

    type: ClassVar[str] = "recording_begun"
    recording: str
    path: str
    kind: str = "call"
    queue: str | None = None
    agent: str | None = None
    least_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted(CallEvent):
    """The switch records: at this moment the sound begins."""

    type: ClassVar[str] = "recording_started"
    recording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused(CallEvent):
    """Silence is recorded from now on: an agent's wish (`by`, a user, until `until` at the latest), or the policy."""

    type: ClassVar[str] = "recording_paused"
    recording: str
    cause: str
    by: str | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed(CallEvent):
    """What is said is recorded again: `cause` is agent, limit (the pause's end) or policy."""

    type: ClassVar[str] = "recording_resumed"
    recording: str
    cause: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped(CallEvent):
    """The switch has closed the file: its length in milliseconds, 0 where it does not tell."""

    type: ClassVar[str] = "recording_stopped"
    recording: str
    ms: int = 0
