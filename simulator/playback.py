"""How long something plays, and the playback application."""

import re
import wave
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.observations import is_loop, sound_of

if TYPE_CHECKING:
    from simulator.sessions import Session

DEFAULT_SECONDS = 1.0
"""Length of a prompt that cannot be looked at and does not tell its length in its name."""

_LENGTH_IN_NAME = re.compile(r"(\d{2,6})\.\w+\Z")
_LOOPS = re.compile(r"loops=(-?\d+)")
_TONE = re.compile(r"%\((\d+),(\d+)")

LINE_RATE = 8000
"""Samples a second of telephone lines: of the files that a switch takes for them, and of a place in one."""


def duration(path: str) -> float | None:
    """Seconds that a path plays, None for endless.

    Files are looked at when they exist, themselves or below 8000; else digits before the extension are milliseconds
    (p1200.wav). A missing file in a directory that exists raises FileNotFoundError; in a directory that this machine
    does not have it is taken to exist on the simulated one, and a loop of it to be endless.
    """
    scheme, separator, rest = path.partition("://")
    if not separator:
        return _file_duration(path)
    if scheme == "file_string":
        if is_loop(path) and not _looked_at(rest.split("!")[0]):
            return None
        parts = [duration(part) for part in rest.split("!")]
        return None if None in parts else sum(part for part in parts if part is not None)
    if scheme == "silence_stream":
        milliseconds = int(rest.split(",")[0])
        return None if milliseconds < 0 else milliseconds / 1000
    return _tone_duration(rest) if scheme == "tone_stream" else None


def _tone_duration(tones: str) -> float | None:
    loops = _LOOPS.search(tones)
    times = int(loops.group(1)) if loops else 1
    once = sum(int(on) + int(off) for on, off in _TONE.findall(tones)) / 1000
    return None if times < 0 else once * times


def _looked_at(path: str) -> Path | None:
    """The file that is played: one for the line's rate comes before the one that was named (mod_sndfile)."""
    named = Path(path)
    return next((file for file in (named.parent / str(LINE_RATE) / named.name, named) if file.is_file()), None)


def _file_duration(path: str) -> float:
    file = _looked_at(path)
    if file:
        return _length_of(file)
    if Path(path).parent.is_dir():
        raise FileNotFoundError(path)
    named = _LENGTH_IN_NAME.search(path)
    return int(named.group(1)) / 1000 if named else DEFAULT_SECONDS


def _length_of(file: Path) -> float:
    try:
        with wave.open(str(file), "rb") as sound:
            return sound.getnframes() / (sound.getframerate() or 1)
    except (wave.Error, EOFError):
        return DEFAULT_SECONDS


async def playback(session: "Session", data: str) -> str:
    """The playback application; its result is the Application-Response.

    Samples after `@@` are the place to begin at. From the end of a list's first file or beyond its second one begins.
    """
    if session.is_cut:
        return "PLAYBACK ERROR"
    path, _, samples = data.partition("@@")
    try:
        seconds = duration(path)
        if seconds is not None and samples:
            first = duration(path.removeprefix("file_string://").split("!")[0]) or 0.0
            seconds -= min(first, int(samples) / LINE_RATE)
    except FileNotFoundError:
        return "FILE NOT FOUND"
    if not session.channel.answered:
        session.early_media()
    ended = await play(session, path, seconds)
    return "PLAYBACK ERROR" if ended == "cut" else "FILE PLAYED"


async def play(session: "Session", path: str, seconds: float | None) -> str:
    """Play between PLAYBACK_START and PLAYBACK_STOP; says what ended it."""
    kind = [("Playback-File-Type", "local_stream")] if path.startswith("local_stream://") else []
    about = [*kind, ("Playback-File-Path", path)]
    session.publish("PLAYBACK_START", [], about)
    before, began = session.timeline.latest, session.channel.now()
    session.timeline.note(sound_of(path), path)
    session.playing += 1
    ended = await session.wait(seconds)
    session.playing -= 1
    played_ms = (session.channel.now() - began) // 1000
    session.channel.variables |= {
        "playback_seconds": str(played_ms // 1000),
        "playback_ms": str(played_ms),
        "playback_samples": str(played_ms * 8),
    }
    status = "break" if ended in ("break", "digit") else "done"
    session.publish("PLAYBACK_STOP", [], [*about, ("Playback-Status", status)])
    session.timeline.note(before if before in ("bridge", "ringing") else "silence")
    return ended
