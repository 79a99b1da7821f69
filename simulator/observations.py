"""What the person on a leg heard, moment by moment: the tests' proof that a caller never noticed anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Sound = Literal["silence", "ringing", "music", "tone", "prompt", "bridge", "hold", "conference", "gone"]


@dataclass(frozen=True, slots=True)
class Heard:
    """From `at_us` (microseconds since 1970) on, this is what was heard; `detail` names file, stream or peer."""

    at_us: int
    sound: Sound
    detail: str = ""


@dataclass(slots=True)
class Timeline:
    """Everything one leg heard, oldest first; equal neighbours are written once."""

    now: Callable[[], int]
    entries: list[Heard] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None

    def note(self, sound: Sound, detail: str = "") -> None:
        """Record that another sound began."""
        if self.entries and (self.entries[-1].sound, self.entries[-1].detail) == (sound, detail):
            return
        self.entries.append(Heard(self.now(), sound, detail))
        self.changed()

    @property
    def latest(self) -> Sound:
        """What is heard now; silence before anything was."""
        return self.entries[-1].sound if self.entries else "silence"

    def heard(self, sound: str) -> bool:
        """Whether that sound was heard at any time."""
        return any(entry.sound == sound for entry in self.entries)


def is_loop(path: str) -> bool:
    """Whether a playback is a list of one file, again and again."""
    files = path.removeprefix("file_string://").split("!")
    return len(files) > 1 and len(set(files)) == 1


def sound_of(path: str) -> Sound:
    """What a playback of this path sounds like to a person."""
    if path.startswith("local_stream://") or is_loop(path):
        return "music"
    if path.startswith("tone_stream://"):
        return "tone"
    return "silence" if path.startswith("silence_stream://") else "prompt"
