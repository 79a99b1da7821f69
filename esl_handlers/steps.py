"""Announcements, menus and messages that are over."""

import structlog

from esl_handlers.spelling import BACKGROUND
from esl_handlers.switch_events import ExecuteCompleted, PlaybackStopped
from orchestrator.service.use_cases import UseCases

#: Applications that play, ask or take a message; all others end without meaning anything here.
STEPS = ("playback", "play_and_get_digits", "record")


#: What the switch says of a file that is not there: the caller heard nothing.
NOT_FOUND = "FILE NOT FOUND"


class Steps:
    """Handlers of callers' applications."""

    def __init__(self, use: UseCases) -> None:
        """`use` knows which step a call is in."""
        self._use = use
        self._log = structlog.get_logger("sounds")

    def completed(self, switch: str, event: ExecuteCompleted) -> None:
        """An application ended: at its end, by a key, or because the caller hung up (then the hang-up counts)."""
        if event.response == NOT_FOUND:
            self._log.error("sound missing on the switch", switch=switch, call=event.cc_call, queue=event.cc_queue)
        step = event.app_uuid or BACKGROUND
        if event.app not in STEPS or step.startswith(BACKGROUND) or event.answer_state == "hangup":
            return
        if event.cc_tenant and event.cc_call:
            key = event.digits or event.invalid_digits or ""
            self._use.steps.step_over(event.cc_tenant, event.cc_call, step, key)

    def stopped(self, switch: str, event: PlaybackStopped) -> None:
        """A music has come to the end of its list; everything else that stops says so elsewhere."""
        if event.status == "done" and is_music(event.path or "") and event.cc_tenant and event.cc_call:
            self._use.steps.music_over(event.cc_tenant, event.cc_call)


def is_music(path: str) -> bool:
    """Tell whether a music plays: a list of one file. An announcement is a list of several."""
    files = path.removeprefix("file_string://").split("!")
    return len(files) > 1 and len(set(files)) == 1
