"""What the switch is asked to play or to ask."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.commands.base import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayMusic(Command):
    """Play a waiting music, instead of what plays now, until the call is joined or ended.

    `music` is a path below the sounds directory, `ms` long, played again and again, the first time from `at_ms` on.
    With `behind` it begins when what plays now is over.
    """

    type: ClassVar[str] = "play_music"
    music: str
    ms: int
    at_ms: int = 0
    behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRinging(Command):
    """Let the caller hear that it rings, instead of what plays now, until the call is joined or goes on.

    With `behind` it begins when what plays now is over.
    """

    type: ClassVar[str] = "play_ringing"
    behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlaying(Command):
    """Stop what plays and drop what is queued to be played."""

    type: ClassVar[str] = "stop_playing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce(Command):
    """Play sounds (paths below the sounds directory) instead of what plays now; `step` names the playback."""

    type: ClassVar[str] = "announce"
    sounds: tuple[str, ...]
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskKey(Command):
    """Play a prompt and wait for one of `keys`; `step` names the question."""

    type: ClassVar[str] = "ask_key"
    sounds: tuple[str, ...]
    keys: str
    timeout_ms: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDigits(Command):
    """Play a prompt and wait for up to `most` (1-32) digits, ended by # or a pause; `step` names the question."""

    type: ClassVar[str] = "ask_digits"
    sounds: tuple[str, ...]
    most: int
    timeout_ms: int
    digit_timeout_ms: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptMusic(Command):
    """Play sounds in the middle of the waiting music (`PlayMusic`), which then goes on at `at_ms`."""

    type: ClassVar[str] = "interrupt_music"
    sounds: tuple[str, ...]
    music: str
    ms: int
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PressKey(Command):
    """Have the switch take a key (0-9 * #) as if it had been pressed on the channel's telephone."""

    type: ClassVar[str] = "press_key"
    key: str
