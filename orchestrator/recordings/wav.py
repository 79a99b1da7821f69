"""Reading the wav files that switches write: 16 bits, one or two channels; also one cut short as its switch died."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from orchestrator.recordings.errors import BrokenSoundError, NotThereError

Samples = NDArray[np.int16]

_PCM = 1
_EXTENSIBLE = 0xFFFE
_WIDTH = 2


@dataclass(frozen=True, slots=True)
class Wav:
    """What a file holds: `start` is where its samples begin (bytes), `frames` how many there are of each channel."""

    path: Path
    channels: int
    rate: int
    start: int
    frames: int

    @property
    def ms(self) -> int:
        """Length in milliseconds."""
        return self.frames * 1000 // self.rate

    def blocks(self, frames: int) -> Iterator[Samples]:
        """Yield the samples in order, at most `frames` at a time, one column a channel."""
        left = self.frames
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left > 0:
                wanted = min(frames, left)
                read = np.frombuffer(file.read(wanted * self.channels * _WIDTH), "<i2")
                left -= wanted
                yield read.reshape(-1, self.channels)


def read_wav(path: Path) -> Wav:
    """Find out what a file holds; raises NotThereError, BrokenSoundError.

    A switch writes the length into the header at the end. A length that says more than there is, or nothing, is that
    of a switch that died: then all the rest of the file is sound.
    """
    try:
        with path.open("rb") as file:
            return _measured(path, file, path.stat().st_size)
    except FileNotFoundError as missing:
        raise NotThereError(str(path)) from missing


def _measured(path: Path, file: BinaryIO, size: int) -> Wav:
    if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WAVE":
        raise BrokenSoundError(f"{path} is no wav file")
    form: tuple[int, int] | None = None
    while len(head := file.read(8)) == 8:
        name, length = head[:4], struct.unpack("<I", head[4:])[0]
        if name == b"fmt ":
            form = _form(path, file.read(length))
        elif name == b"data" and form:
            return _held(path, form, file.tell(), length, size)
        else:
            file.seek(length, 1)
        file.seek(length % 2, 1)
    raise BrokenSoundError(f"{path} holds no sound")


def _form(path: Path, chunk: bytes) -> tuple[int, int]:
    if len(chunk) < 16:
        raise BrokenSoundError(f"the header of {path} is cut off")
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
    if kind not in (_PCM, _EXTENSIBLE) or channels not in (1, 2) or bits != 8 * _WIDTH or not rate:
        raise BrokenSoundError(f"{path} is not of 16 bits with one or two channels")
    return channels, rate


def _held(path: Path, form: tuple[int, int], start: int, length: int, size: int) -> Wav:
    channels, rate = form
    there = size - start
    frames = (there if length == 0 or length > there else length) // (channels * _WIDTH)
    if not frames:
        raise BrokenSoundError(f"{path} holds no sound")
    return Wav(path, channels, rate, start, frames)
