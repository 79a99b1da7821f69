"""What is made of a recording: the compressed file that is kept, and the peaks that its waveform is drawn from."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from orchestrator.recordings.errors import BrokenSoundError
from orchestrator.recordings.wav import Samples, Wav

#: Places of a waveform, at most.
POINTS = 1000

#: Bits a second of a compressed channel: speech of a telephone line sounds the same in it.
BITS_A_CHANNEL = 20_000

#: Rates that Opus has; others are brought to the next higher one.
RATES = (8000, 12000, 16000, 24000, 48000)

#: Frames read at once: half a minute of a telephone line.
AT_ONCE = 240_000

FORMAT = "audio/ogg"


def compress(wav: Wav, target: Path) -> None:
    """Write a recording as Opus in Ogg, its channels apart as before; raises BrokenSoundError."""
    layout = "stereo" if wav.channels == 2 else "mono"
    rate = next((rate for rate in RATES if rate >= wav.rate), RATES[-1])
    try:
        with av.open(str(target), "w", format="ogg") as container:
            stream = container.add_stream("libopus", rate=rate, layout=layout, options={"application": "voip"})
            stream.bit_rate = BITS_A_CHANNEL * wav.channels
            for frame in _frames(wav, layout, rate):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except (av.FFmpegError, ValueError) as error:
        raise BrokenSoundError(f"{wav.path}: {error}") from error


def _frames(wav: Wav, layout: str, rate: int) -> Iterator["av.AudioFrame"]:
    resampler = av.AudioResampler(format="s16", layout=layout, rate=rate)
    for samples in wav.blocks(AT_ONCE):
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = wav.rate
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def peaks(wav: Wav, points: int = POINTS) -> list[list[int]]:
    """Return for each channel the loudest sample (0-127) of each of at most `points` equal parts, in order."""
    part = -(-wav.frames // points)
    loudest = [_loudest(samples) for samples in wav.blocks(part)]
    return [[int(value) for value in channel] for channel in np.stack(loudest, axis=1)]


def _loudest(samples: Samples) -> NDArray[np.int32]:
    highest: NDArray[np.int32] = np.abs(samples.astype(np.int32)).max(axis=0) * 127 // 32768
    return highest
