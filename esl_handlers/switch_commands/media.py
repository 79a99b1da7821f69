"""Commands about what a leg hears and what is recorded of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esl_handlers.switch_commands import safe, sounds
from esl_handlers.switch_commands.base import ApiCommand, ExecuteCommand


@dataclass(frozen=True, slots=True)
class Play(ExecuteCommand):
    """Queue a sound; it is played after what was queued before.

    Its end is an ExecuteCompleted: `FILE PLAYED` (also when broken off), `FILE NOT FOUND`, or
    `PLAYBACK ERROR` when a bridge, transfer or hangup cut it.
    """

    application: ClassVar[str] = "playback"

    uuid: str
    sound: sounds.Sound
    event_uuid: str

    def _argument(self) -> str:
        return self.sound.text()


@dataclass(frozen=True, slots=True)
class Record(ExecuteCommand):
    """Record what the leg says into a file, until it hangs up, presses a terminator, is silent or says enough.

    Set playback_terminators on it first. `silence_s` seconds below `loudness` (of the switch's energy, 1-10000) count
    as silence. Proved by RecordingStarted and RecordingStopped; its end is an ExecuteCompleted, too.
    """

    application: ClassVar[str] = "record"

    uuid: str
    path: str
    event_uuid: str
    longest_s: int
    silence_s: int
    loudness: int = 200

    def _argument(self) -> str:
        loudness = safe.whole(self.loudness, "a loudness", 1, 10_000)
        limit, silence = safe.seconds(self.longest_s, "a limit"), safe.seconds(self.silence_s, "a silence")
        return " ".join((safe.file(self.path), limit, loudness, silence))


@dataclass(frozen=True, slots=True)
class RingReady(ExecuteCommand):
    """Tell a caller's phone that it rings (180)."""

    application: ClassVar[str] = "ring_ready"

    uuid: str
    event_uuid: str


@dataclass(frozen=True, slots=True)
class PreAnswer(ExecuteCommand):
    """Open early media (183): the caller hears prompts before the call is answered."""

    application: ClassVar[str] = "pre_answer"

    uuid: str
    event_uuid: str


@dataclass(frozen=True, slots=True)
class PlayAndGetDigits(ExecuteCommand):
    """Play a prompt and collect keys, one try; the result is in ExecuteCompleted.digits.

    `keys` are the keys that are accepted and `terminators` those that end the entry early, without
    being part of it. `result` names the variable of the result: take a fresh name each time, since
    what was pressed wrongly before stays in `<result>_invalid`. The whole takes the prompt's length
    plus `timeout_ms` for the first key and `digit_timeout_ms` for each further one.
    """

    application: ClassVar[str] = "play_and_get_digits"

    uuid: str
    event_uuid: str
    prompt: sounds.SoundFile | sounds.Silence | sounds.Playlist
    result: str
    keys: str = "0123456789*"
    terminators: str = "#"
    least: int = 1
    most: int = 1
    timeout_ms: int = 5000
    digit_timeout_ms: int = 3000

    def _argument(self) -> str:
        """Words of the application; the pattern is ours, so its `$` can expand nothing."""
        return " ".join((
            safe.whole(self.least, "the fewest keys", 1, 32),
            safe.whole(self.most, "the most keys", self.least, 32),
            "1",
            safe.whole(self.timeout_ms, "a time limit", 1, 60_000),
            safe.digits(self.terminators) if self.terminators else "none",
            self.prompt.text(),
            sounds.Silence(10).text(),
            safe.variable(self.result),
            f"^[{safe.digits(self.keys)}]+$",
            safe.whole(self.digit_timeout_ms, "a time limit", 1, 60_000),
        ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overlay(ApiCommand):
    """Play a file over what a leg hears, which goes on underneath: mixed, or instead of it."""

    uuid: str
    sound: sounds.SoundFile
    mixed: bool = False

    def _words(self) -> tuple[str, ...]:
        words = "uuid_displace", safe.uuid(self.uuid), "start", self.sound.text(), "0"
        return (*words, "mux") if self.mixed else words


@dataclass(frozen=True, slots=True)
class _Recording(ApiCommand):
    """Start or stop a recording, or hide a part of it; `path` names it."""

    action: ClassVar[str]

    uuid: str
    path: str

    def _words(self) -> tuple[str, ...]:
        return "uuid_record", safe.uuid(self.uuid), self.action, safe.file(self.path)


class StartRecording(_Recording):
    """Record a leg; set RECORD_STEREO=true on it first. Proved by RecordingStarted."""

    __slots__ = ()
    action = "start"


class StopRecording(_Recording):
    """End a recording; proved by RecordingStopped."""

    __slots__ = ()
    action = "stop"


class MaskRecording(_Recording):
    """Write silence from now on, while a card number is said; no event tells."""

    __slots__ = ()
    action = "mask"


class UnmaskRecording(_Recording):
    """Record again what is said."""

    __slots__ = ()
    action = "unmask"
