"""What can be played, as the switch names it (docs/freeswitch.md, section 2)."""

from __future__ import annotations

from dataclasses import dataclass

from esl_handlers.errors import UnsafeArgumentError
from esl_handlers.switch_commands.safe import file, whole

#: A list may have so many files; the switch takes 128.
MOST_FILES = 100

HOUR_MS = 3_600_000

#: Samples a second of telephone lines.
LINE_RATE = 8000


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file on the switch's disk."""

    path: str

    def text(self) -> str:
        """The sound as the switch names it."""
        return file(self.path)


@dataclass(frozen=True, slots=True)
class Silence:
    """Silence, in milliseconds up to a minute."""

    ms: int

    def text(self) -> str:
        """The sound as the switch names it."""
        return f"silence_stream://{whole(self.ms, 'a silence', 1, 60_000)}"


@dataclass(frozen=True, slots=True)
class RingBackTone:
    """What a caller hears while it rings (1 s of 450 Hz each 5 s), until it is stopped."""

    def text(self) -> str:
        """The sound as the switch names it."""
        return "tone_stream://%(1000,4000,450);loops=-1"


@dataclass(frozen=True, slots=True)
class WarningTone:
    """Two short tones, to be heard over a talk."""

    def text(self) -> str:
        """The sound as the switch names it."""
        return "tone_stream://%(200,100,950);loops=2"


@dataclass(frozen=True, slots=True)
class Beep:
    """A tone of 1000 Hz, in milliseconds up to two seconds."""

    ms: int

    def text(self) -> str:
        """The sound as the switch names it."""
        return f"tone_stream://%({whole(self.ms, 'a tone', 1, 2000)},0,1000)"


@dataclass(frozen=True, slots=True)
class Playlist:
    """Sounds one after the other without a gap."""

    sounds: tuple[SoundFile | Silence, ...]

    def text(self) -> str:
        """The sound as the switch names it."""
        if not self.sounds:
            raise UnsafeArgumentError("A playlist needs at least one sound.")
        return "file_string://" + "!".join(sound.text() for sound in self.sounds)


@dataclass(frozen=True, slots=True)
class Music:
    """A file of `ms`, for an hour again and again without a gap, the first time from `at_ms` on.

    Not the switch's own local_stream, which falls silent for seconds whenever it has played all its files. The switch
    counts the place in the samples of the file that it takes; these are those of telephone lines.
    """

    path: str
    ms: int
    at_ms: int = 0

    def text(self) -> str:
        """The sound as the switch names it: a list of itself."""
        times = min(MOST_FILES, max(2, -(-HOUR_MS // max(1, self.ms))))
        samples = self.at_ms * LINE_RATE // 1000
        place = f"@@{whole(samples, 'a place in a music', 1, HOUR_MS * LINE_RATE // 1000)}" if samples else ""
        return Playlist((SoundFile(self.path),) * times).text() + place


Sound = SoundFile | Music | Silence | RingBackTone | Beep | Playlist
