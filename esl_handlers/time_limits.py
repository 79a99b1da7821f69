"""How the end of a talk that can't be paid for any more is spelled (docs/freeswitch.md section 15)."""

from collections.abc import Sequence

from esl_handlers.switch_commands.base import SwitchCommand
from esl_handlers.switch_commands.legs import CancelScheduled, ScheduleHangUp, ScheduleSound
from esl_handlers.switch_commands.sounds import WarningTone
from orchestrator.domain.commands import LimitTalk


def limit_talk(end: LimitTalk, _: object) -> Sequence[SwitchCommand]:
    """Return the new limit in place of the old one, and the tone over the talk.

    The caller's dead-man transfer was cancelled when the call was taken: nothing else is scheduled for a leg.
    """
    said: list[SwitchCommand] = [CancelScheduled(uuid=end.leg)]
    if end.after_s:
        said.append(ScheduleHangUp(uuid=end.leg, after_s=end.after_s))
    if end.warn:
        said.append(ScheduleSound(uuid=end.leg, after_s=1, sound=WarningTone()))
    return said
