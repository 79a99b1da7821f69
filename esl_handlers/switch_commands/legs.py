"""Commands that move legs about: answer, join, park, end, and what is to happen later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from esl_handlers.switch_commands import safe, sounds
from esl_handlers.switch_commands.base import ApiCommand

BRIDGE_SAFETY: Mapping[str, str] = {
    "park_after_bridge": "true",
    "hangup_after_bridge": "false",
    "uuid_bridge_park_on_cancel": "true",
}
"""What a caller must carry before a bridge: with less, callers are lost (docs/freeswitch.md, section 6)."""


@dataclass(frozen=True, slots=True)
class AnswerCall(ApiCommand):
    """Answer an incoming leg; proved by ChannelAnswered."""

    uuid: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_answer", safe.uuid(self.uuid)


@dataclass(frozen=True, slots=True)
class SetVariables(ApiCommand):
    """Set channel variables, stored literally; an empty value removes one. Few and short: each event repeats them."""

    uuid: str
    variables: Mapping[str, str]

    def _words(self) -> tuple[str, ...]:
        return "uuid_setvar_multi", safe.uuid(self.uuid), safe.channel_values(self.variables)


@dataclass(frozen=True, slots=True)
class Break(ApiCommand):
    """Stop what plays; with `everything` also drop what is queued, without any event for it."""

    uuid: str
    everything: bool = False

    def _words(self) -> tuple[str, ...]:
        return ("uuid_break", safe.uuid(self.uuid), *(("all",) if self.everything else ()))


@dataclass(frozen=True, slots=True)
class Bridge(ApiCommand):
    """Join two legs, caller first; the caller must carry BRIDGE_SAFETY. Proved by ChannelBridged."""

    a_leg: str
    b_leg: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_bridge", safe.uuid(self.a_leg), safe.uuid(self.b_leg)


@dataclass(frozen=True, slots=True)
class Park(ApiCommand):
    """Bring a leg (and with `both` its partner) back to the park, whatever it does; proved by ChannelParked."""

    uuid: str
    both: bool = False

    def _words(self) -> tuple[str, ...]:
        return ("uuid_transfer", safe.uuid(self.uuid), *(("-both",) if self.both else ()), "park", "inline")


@dataclass(frozen=True, slots=True)
class JoinConference(ApiCommand):
    """Move a leg (and with `both` its partner) into a conference."""

    uuid: str
    conference: str
    both: bool = False

    def _words(self) -> tuple[str, ...]:
        room = f"conference:{safe.word(self.conference, 'a conference')}@default"
        return ("uuid_transfer", safe.uuid(self.uuid), *(("-both",) if self.both else ()), room, "inline")


@dataclass(frozen=True, slots=True)
class Eavesdrop(ApiCommand):
    """Let a leg listen to another one, in the mode that its variables say."""

    uuid: str
    to: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_transfer", safe.uuid(self.uuid), f"eavesdrop:{safe.uuid(self.to)}", "inline"


@dataclass(frozen=True, slots=True)
class Kill(ApiCommand):
    """End a leg; proved by ChannelHungUp. A leg that is just being originated may not exist yet: kill it again."""

    uuid: str
    cause: str = "NORMAL_CLEARING"

    def _words(self) -> tuple[str, ...]:
        return "uuid_kill", safe.uuid(self.uuid), safe.cause(self.cause)


@dataclass(frozen=True, slots=True)
class HangUpAll(ApiCommand):
    """End every leg, ringing ones too, whose variable has this value."""

    variable: str
    value: str
    cause: str = "NORMAL_CLEARING"

    def _words(self) -> tuple[str, ...]:
        value = safe.list_value(self.variable, self.value)
        return "hupall", safe.cause(self.cause), safe.variable(self.variable), value


@dataclass(frozen=True, slots=True)
class CancelScheduled(ApiCommand):
    """Cancel everything scheduled for a leg: the dead-man transfer, but a time limit too."""

    uuid: str

    def _words(self) -> tuple[str, ...]:
        return "sched_del", safe.uuid(self.uuid)


@dataclass(frozen=True, slots=True)
class ScheduleTransfer(ApiCommand):
    """Send a leg to an extension of the dialplan later, unless cancelled; up to 1 s early."""

    uuid: str
    after_s: int
    extension: str
    context: str

    def _words(self) -> tuple[str, ...]:
        where = safe.word(self.extension, "an extension"), "XML", safe.word(self.context, "a context")
        return "sched_transfer", f"+{safe.seconds(self.after_s, 'a delay')}", safe.uuid(self.uuid), *where


@dataclass(frozen=True, slots=True)
class ScheduleHangUp(ApiCommand):
    """End a leg later, unless cancelled; up to 1 s early."""

    uuid: str
    after_s: int
    cause: str = "ALLOTTED_TIMEOUT"

    def _words(self) -> tuple[str, ...]:
        delay = f"+{safe.seconds(self.after_s, 'a delay')}"
        return "sched_hangup", delay, safe.uuid(self.uuid), safe.cause(self.cause)


@dataclass(frozen=True, slots=True)
class ScheduleSound(ApiCommand):
    """Play a sound later over the talk, to both sides."""

    uuid: str
    after_s: int
    sound: sounds.SoundFile | sounds.WarningTone

    def _words(self) -> tuple[str, ...]:
        delay = f"+{safe.seconds(self.after_s, 'a delay')}"
        return "sched_broadcast", delay, safe.uuid(self.uuid), self.sound.text(), "both"


@dataclass(frozen=True, slots=True)
class SendDigits(ApiCommand):
    """Send keys to the phone on this leg."""

    uuid: str
    keys: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_send_dtmf", safe.uuid(self.uuid), safe.digits(self.keys)


@dataclass(frozen=True, slots=True)
class PressDigits(ApiCommand):
    """Act as if the phone on this leg had pressed keys; switches a supervisor between modes."""

    uuid: str
    keys: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_recv_dtmf", safe.uuid(self.uuid), safe.digits(self.keys)


@dataclass(frozen=True, slots=True)
class Mute(ApiCommand):
    """Silence what this leg's phone says, or let it through again."""

    uuid: str
    on: bool = True

    def _words(self) -> tuple[str, ...]:
        change = ("start", "read", "mute", "1") if self.on else ("stop",)
        return "uuid_audio", safe.uuid(self.uuid), *change
