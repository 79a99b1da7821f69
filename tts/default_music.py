"""Sounds that every installation has from the first minute: waiting music and an announcement made of tones.

`python -m tts SOUNDS_DIR` writes `music/8000/default.wav`, `music/16000/default.wav` and `fallback.wav`
below SOUNDS_DIR, where freeswitch-conf looks for them. Files that exist stay as they are: they may be the operator's.
"""

import math
import wave
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

RATES = (8000, 16000)
LOOP_SECONDS = 32.0
FULL_SCALE = 32767


class Note(NamedTuple):
    """One struck tone: start and length in seconds, frequency in Hz, peak from 0 to 1."""

    start: float
    length: float
    hertz: float
    peak: float


def pitch(step: int) -> float:
    """Frequency in Hz, `step` semitones above the A of 220 Hz, in equal temperament."""
    return float(220 * 2 ** (step / 12))


def melody() -> list[Note]:
    """A slow pentatonic line over two soft chords; the long low notes leave no silence anywhere in the loop."""
    line = (12, 15, 19, 17, 15, 12, 10, 7, 12, 17, 22, 19, 17, 15, 12, 10)
    struck = [Note(2.0 * i, 3.6, pitch(step), 0.10) for i, step in enumerate(line)]
    chords = ((0, 7), (-4, 3), (-7, 5), (-2, 5)) * 2
    held = [Note(4.0 * i, 6.0, pitch(step), 0.05) for i, chord in enumerate(chords) for step in chord]
    return struck + held


def announcement() -> list[Note]:
    """Three falling tones, twice: "we cannot take your call", understood without words."""
    falling = (19, 15, 12)
    return [Note(2.0 * turn + 0.5 * i, 0.9, pitch(step), 0.25) for turn in (0, 1) for i, step in enumerate(falling)]


def sample_of(note: Note, at: float) -> float:
    """The note's value `at` seconds after its start: a soft attack, a long fading, one overtone."""
    attack = min(1.0, at / 0.05)
    fading = math.cos(math.pi / 2 * at / note.length) ** 2
    angle = 2 * math.pi * note.hertz * at
    return note.peak * attack * fading * (math.sin(angle) + 0.2 * math.sin(2 * angle))


def render(notes: Iterable[Note], seconds: float, rate: int) -> "array[int]":
    """Mix the notes into 16-bit samples; what outlasts the end goes on at the beginning, so the loop has no seam."""
    total = round(seconds * rate)
    mix = [0.0] * total
    for note in notes:
        first = round(note.start * rate)
        for i in range(round(note.length * rate)):
            mix[(first + i) % total] += sample_of(note, i / rate)
    return array("h", (round(FULL_SCALE * max(-1.0, min(1.0, value))) for value in mix))


def write_wav(path: Path, samples: "array[int]", rate: int) -> None:
    """Write mono 16-bit PCM under its final name only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with wave.open(str(unfinished), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    unfinished.replace(path)


def write_default_sounds(sounds_dir: Path) -> list[Path]:
    """Write what is missing below `sounds_dir` and return the files written."""
    wanted = {sounds_dir / f"music/{rate}/default.wav": (melody(), LOOP_SECONDS, rate) for rate in RATES}
    wanted[sounds_dir / "fallback.wav"] = (announcement(), 4.0, 8000)
    missing = {path: what for path, what in wanted.items() if not path.exists()}
    for path, (notes, seconds, rate) in missing.items():
        write_wav(path, render(notes, seconds, rate), rate)
    return list(missing)
