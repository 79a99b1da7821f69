"""Recordings as switches leave them: a tone for each party, in channels of their own."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000

#: Tones of the customer (left) and the agent (right), Hz.
CUSTOMER, AGENT = 440.0, 1300.0


def tone(hertz: float, seconds: float, rate: int = RATE) -> NDArray[np.int16]:
    """A tone at half of full scale."""
    times = np.arange(int(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hertz * times) * 16384).astype(np.int16)


def write_tape(path: Path, seconds: float = 2.0, rate: int = RATE, *, silent: bool = False) -> Path:
    """Write a stereo wav file with the two tones, or of silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    both = np.stack([tone(CUSTOMER, seconds, rate), tone(AGENT, seconds, rate)], axis=1) * (0 if silent else 1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(both.astype("<i2").tobytes())
    return path


def loudness(samples: NDArray[np.floating], hertz: float, rate: int) -> float:
    """How much of a tone is in samples of one channel (-1 to 1): its amplitude."""
    if not len(samples):
        return 0.0
    times = np.arange(len(samples)) / rate
    return float(2 * abs(np.mean(samples * np.exp(-2j * np.pi * hertz * times))))
