"""Call recordings: start, mask, stop, and the events about them; optionally a real WAV file.

The simulated switch plays no sound: the file has a tone for each side, and silence where it was masked. A conversation
is stereo, a message that is left with `record` has one channel.
"""

import asyncio
import math
import struct
import wave
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.sessions import Session

_RATE = 8000
_SAMPLE = 2

#: Silence is looked for so often (s).
_SLICE_S = 0.05

#: Tones (Hz) of the leg itself (left) and of what it hears (right).
TONES = (440, 1300)


@dataclass(slots=True)
class _Running:
    started_us: int
    channels: int = 2
    masked_us: int | None = None
    silences: list[tuple[int, int]] = field(default_factory=list)

    def unmask(self, now_us: int) -> None:
        """What was masked until now stays silent."""
        if self.masked_us is not None:
            self.silences.append((self.masked_us, now_us))
            self.masked_us = None


class Recordings:
    """The recordings running on one leg, by file path."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.running: dict[str, _Running] = {}

    def start(self, path: str, channels: int = 2) -> None:
        """Begin to record."""
        self.running[path] = _Running(self._session.channel.now(), channels)
        self._session.publish("RECORD_START", [], [("Record-File-Path", path)])

    def mask(self, path: str, *, masked: bool) -> bool:
        """Blank what follows (card numbers); False if no such recording runs."""
        if path not in self.running:
            return False
        running, now = self.running[path], self._session.channel.now()
        if not masked:
            running.unmask(now)
        elif running.masked_us is None:
            running.masked_us = now
        return True

    def stop(self, path: str) -> bool:
        """End one recording; False if it does not run. The completion cause is as meaningless as the real one."""
        running = self.running.pop(path, None)
        if running is None:
            return False
        channel = self._session.channel
        running.unmask(channel.now())
        length_ms = (channel.now() - running.started_us) // 1000
        size = self._write(path, length_ms, running)
        cause = "success-maxtime" if self._session.alive else "success-silence"
        channel.variables |= {
            "record_file_size": str(size),
            "record_samples": str(length_ms * _RATE // 1000),
            "record_seconds": str(length_ms // 1000),
            "record_ms": str(length_ms),
            "record_completion_cause": cause,
        }
        after = [("Record-File-Path", path), ("Record-Completion-Cause", cause)]
        self._session.publish("RECORD_STOP", [], after)
        return True

    def stop_all(self) -> None:
        """Hang-up ends them all, before HANGUP_COMPLETE."""
        for path in list(self.running):
            self.stop(path)

    def _write(self, path: str, length_ms: int, running: _Running) -> int:
        frames = length_ms * _RATE // 1000
        if self._session.switch.recordings_are_written:
            with suppress(OSError):  # a full disk: the real switch goes on too, with what it could write
                _write_wav(Path(path), frames, running)
        return 44 + frames * _SAMPLE * running.channels


def _write_wav(path: Path, frames: int, running: _Running) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(running.channels)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(_sound(frames, running))


def _sound(frames: int, running: _Running) -> bytes:
    """Return the tones, silent where they were masked."""
    second, frame = _second(running.channels), _SAMPLE * running.channels
    sound = bytearray((second * (frames // _RATE + 1))[: frames * frame])
    for begin, end in running.silences:
        first, last = (max(0, (at - running.started_us) * _RATE // 1_000_000) for at in (begin, end))
        last = min(last, frames)
        sound[first * frame : last * frame] = bytes(max(0, last - first) * frame)
    return bytes(sound)


@cache
def _second(channels: int) -> bytes:
    """One second of the tones of so many channels at a quarter of full scale."""
    tones = TONES[:channels]
    waves = ([round(8192 * math.sin(2 * math.pi * tone * n / _RATE)) for n in range(_RATE)] for tone in tones)
    return b"".join(struct.pack(f"<{channels}h", *samples) for samples in zip(*waves, strict=True))


async def record(session: "Session", argument: str) -> str:
    """The application `record FILE LIMIT_S THRESHOLD SILENCE_S`: until a key, the limit, silence or the hang-up."""
    path, *rest = argument.split()
    limit, _, silence = (int(given) for given in (*rest, "0", "0", "0")[:3])
    session.recordings.start(path, channels=1)
    session.playing += 1
    await _speak(session, limit or math.inf, silence or math.inf)
    session.playing -= 1
    session.recordings.stop(path)
    return "_none_"


async def _speak(session: "Session", limit_s: float, silence_s: float) -> None:
    """Let the caller speak until something ends it; silence counts from when it began, in slices of time."""
    now = asyncio.get_running_loop().time
    until, heard = now() + limit_s, now()
    while now() < min(until, heard + silence_s):
        if session.person.speaks:
            heard = now()
        if await session.wait(max(0.0, min(_SLICE_S, until - now()))) != "done":
            return
