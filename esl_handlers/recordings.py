"""What a switch tells of recordings. Their files are named by ids, which stand for them everywhere."""

from pathlib import PurePosixPath
from uuid import UUID

from esl_handlers.switch_events import RecordingStarted, RecordingStopped
from orchestrator.service.use_cases import UseCases


class Recordings:
    """Handlers of recordings."""

    def __init__(self, use: UseCases) -> None:
        """`use` writes down."""
        self._use = use

    def started(self, switch: str, event: RecordingStarted) -> None:
        """The sound begins."""
        name = _name(event.path)
        if event.cc_tenant and event.cc_call and name:
            self._use.recordings.started(event.cc_tenant, event.cc_call, name)

    def stopped(self, switch: str, event: RecordingStopped) -> None:
        """The file is closed."""
        name = _name(event.path)
        if event.cc_tenant and event.cc_call and name:
            self._use.recordings.stopped(event.cc_tenant, event.cc_call, name, event.record_ms or 0)


def _name(path: str) -> str:
    """Return the recording's id, "" for files that are none of ours."""
    stem = PurePosixPath(path).stem
    try:
        return str(UUID(stem))
    except ValueError:
        return ""
