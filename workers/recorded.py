"""What the events of a call say of its recordings: pure, in any number and order of late ones."""

from collections.abc import Sequence
from typing import Any

from orchestrator.domain.events import (
    CallEnded,
    Event,
    RecordingBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)

Row = dict[str, Any]


def recordings_in(events: Sequence[Event], ended: CallEnded) -> list[Row]:
    """Return the columns of each recording that was begun."""
    begun = {event.recording: event for event in reversed(events) if isinstance(event, RecordingBegun)}
    return [_recording(event, events, ended) for event in reversed(begun.values())]


def _recording(begun: RecordingBegun, events: Sequence[Event], ended: CallEnded) -> Row:
    name = begun.recording
    started = [e.at for e in events if isinstance(e, RecordingStarted) and e.recording == name]
    stopped = [e for e in events if isinstance(e, RecordingStopped) and e.recording == name]
    over = stopped[-1].at if stopped else ended.at
    return {
        "recording": name,
        "kind": begun.kind,
        "call": begun.call,
        "queue": begun.queue,
        "agent": begun.agent,
        "path": begun.path,
        "begun": begun.at,
        "started": started[0] if started else None,
        "ended": over,
        "told_ms": (stopped[-1].ms or None) if stopped else None,
        "least_ms": begun.least_ms,
        "pauses": _pauses(name, events, over),
    }


def _pauses(name: str, events: Sequence[Event], over: int) -> list[list[int | str]]:
    """Return `[from, to, cause]` of each pause; one that nobody ended lasted to the end."""
    pauses: list[list[int | str]] = []
    open_ = False
    for event in events:
        match event:
            case RecordingPaused(recording=recording) if recording == name and not open_:
                pauses.append([event.at, over, event.cause])
                open_ = True
            case RecordingResumed(recording=recording) if recording == name and open_:
                pauses[-1][1] = event.at
                open_ = False
            case _:
                pass
    return pauses
