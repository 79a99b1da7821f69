"""Sounds that every installation has from the first minute: waiting music and an announcement made of tones.

`zuoxi init`, or `python -m tts SOUNDS_DIR` where only the switch is, writes `music/8000/default.wav`,
`music/16000/default.wav` and `fallback.wav` below SOUNDS_DIR, where switches look for them. Files that exist stay as
they are: they may be the operator's.
"""

import wave
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orchestrator.domain.music import DEFAULT_MUSIC
from tts.audio_limits import RATES

MUSIC_S = DEFAULT_MUSIC.ms / 1000
ANNOUNCEMENT_S = 4.0
FULL_SCALE = 32767
LINE_RATE = 8000


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
    """Four slow pentatonic lines over two soft chords; the long low notes leave no silence anywhere in the loop."""
    line = (12, 15, 19, 17, 15, 12, 10, 7, 12, 17, 22, 19, 17, 15, 12, 10)
    answer = (19, 22, 24, 22, 19, 17, 19, 15, 17, 19, 22, 17, 15, 12, 10, 12)
    steps = line + answer + line[::-1] + answer[::-1]
    struck = [Note(2.0 * i, 3.6, pitch(step), 0.10) for i, step in enumerate(steps)]
    chords = ((0, 7), (-4, 3), (-7, 5), (-2, 5)) * 8
    held = [Note(4.0 * i, 6.0, pitch(step), 0.05) for i, chord in enumerate(chords) for step in chord]
    return struck + held


def announcement() -> list[Note]:
    """Three falling tones, twice: "we cannot take your call", understood without words."""
    falling = (19, 15, 12)
    return [Note(2.0 * turn + 0.5 * i, 0.9, pitch(step), 0.25) for turn in (0, 1) for i, step in enumerate(falling)]


def samples_of(note: Note, rate: int) -> NDArray[np.float64]:
    """The note's samples: a soft attack, a long fading, one overtone."""
    at: NDArray[np.float64] = np.arange(round(note.length * rate)) / rate
    attack = np.minimum(1.0, at / 0.05)
    fading = np.cos(np.pi / 2 * at / note.length) ** 2
    angle = 2 * np.pi * note.hertz * at
    tone: NDArray[np.float64] = note.peak * attack * fading * (np.sin(angle) + 0.2 * np.sin(2 * angle))
    return tone


def render(notes: Iterable[Note], seconds: float, rate: int) -> NDArray[np.int16]:
    """Mix the notes into 16-bit samples; what outlasts the end goes on at the beginning, so the loop has no seam."""
    mix: NDArray[np.float64] = np.zeros(round(seconds * rate))
    for note in notes:
        samples = samples_of(note, rate)
        mix[(round(note.start * rate) + np.arange(len(samples))) % len(mix)] += samples
    whole: NDArray[np.int16] = np.rint(FULL_SCALE * mix.clip(-1.0, 1.0)).astype(np.int16)
    return whole


def write_wav(path: Path, samples: NDArray[np.int16], rate: int) -> None:
    """Write mono 16-bit PCM under its final name only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with wave.open(str(unfinished), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    unfinished.replace(path)


def music_file(sounds_dir: Path, rate: int) -> Path:
    """Name the music's file of a rate."""
    return sounds_dir / "music" / str(rate) / "default.wav"


def default_sounds(sounds_dir: Path) -> dict[Path, tuple[list[Note], float, int]]:
    """Name the files below `sounds_dir`, each with its notes, seconds and rate."""
    music = {music_file(sounds_dir, rate): (melody(), MUSIC_S, rate) for rate in RATES}
    return {**music, sounds_dir / "fallback.wav": (announcement(), ANNOUNCEMENT_S, LINE_RATE)}


def write_default_sounds(sounds_dir: Path) -> list[Path]:
    """Write what is missing below `sounds_dir` and return the files written."""
    missing = {path: what for path, what in default_sounds(sounds_dir).items() if not path.exists()}
    for path, (notes, seconds, rate) in missing.items():
        write_wav(path, render(notes, seconds, rate), rate)
    return list(missing)
