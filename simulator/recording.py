"""Call recordings: start, mask, stop, and the events about them; optionally a real (quiet) stereo WAV file."""

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.sessions import Session

_RATE = 8000


@dataclass(slots=True)
class _Running:
    started_us: int
    masked: bool = False


class Recordings:
    """The recordings running on one leg, by file path."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.running: dict[str, _Running] = {}

    def start(self, path: str) -> None:
        """Begin to record."""
        self.running[path] = _Running(self._session.channel.now())
        self._session.publish("RECORD_START", [], [("Record-File-Path", path)])

    def mask(self, path: str, *, masked: bool) -> bool:
        """Blank what follows (card numbers); False if no such recording runs."""
        if path not in self.running:
            return False
        self.running[path].masked = masked
        return True

    def stop(self, path: str) -> bool:
        """End one recording; False if it does not run. The completion cause is as meaningless as the real one."""
        running = self.running.pop(path, None)
        if running is None:
            return False
        channel = self._session.channel
        length_ms = (channel.now() - running.started_us) // 1000
        size = self._write(path, length_ms)
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

    def _write(self, path: str, length_ms: int) -> int:
        frames = length_ms * _RATE // 1000
        size = 44 + frames * 4
        if self._session.switch.recordings_are_written:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            with wave.open(path, "wb") as file:
                file.setnchannels(2)
                file.setsampwidth(2)
                file.setframerate(_RATE)
                file.writeframes(bytes(frames * 4))
        return size
