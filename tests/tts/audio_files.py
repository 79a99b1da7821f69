"""Audio files for these tests, made by FFmpeg in memory."""

import io
import math
import struct
import wave
from fractions import Fraction

import av
import numpy as np

#: Container and codec.
KINDS = {
    "wav": ("wav", "pcm_s16le"),
    "mp3": ("mp3", "libmp3lame"),
    "ogg": ("ogg", "vorbis"),
    "opus": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
    "m4a": ("ipod", "aac"),
    "ac3": ("ac3", "ac3"),
    "mka": ("matroska", "ac3"),
    "alaw": ("wav", "pcm_alaw"),
}


def tone(
    seconds: float, rate: int = 44_100, hertz: float = 440.0, peak: float = 0.3
) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """A sine."""
    at = np.arange(round(seconds * rate)) / rate
    return (peak * np.sin(2 * math.pi * hertz * at)).astype(np.float32)


def encode(kind: str, seconds: float = 2.0, rate: int = 48_000, layout: str = "stereo", peak: float = 0.3) -> bytes:
    """A tone in a file of one of KINDS."""
    container, codec = KINDS[kind]
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, options={"strict": "experimental"})
        stream.layout = layout
        samples = tone(seconds, rate, peak=peak)
        planes = np.stack([samples] * stream.layout.nb_channels)
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate)
        for start in range(0, len(samples), 1024):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes[:, start : start + 1024]), "fltp", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            for ready in resampler.resample(frame):
                out.mux(stream.encode(ready))
        out.mux(stream.encode(None))
    return file.getvalue()


def wav(samples: bytes, rate: int = 8000, channels: int = 1) -> bytes:
    """A WAV file of 16-bit samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return file.getvalue()


def endless_wav(seconds: int, rate: int = 8000) -> bytes:
    """A WAV header that promises more than follows."""
    whole = wav(b"\0\x20\0\xe0" * (rate // 2))
    return whole[:40] + struct.pack("<I", 2 * rate * seconds) + whole[44:]
