"""Decode an audio file that a stranger sent: `python -m tts.decode_process LONGEST_S` from standard input.

Standard output is one line of JSON, then for each rate of RATES, in order, mono 16-bit samples. The line is
`{"samples": {"8000": n, ...}}`, or `{"error": ID}` with the id of a `tts.errors` and nothing after it.
"""

import io
import json
import sys
from collections.abc import Iterator

from tts.audio_limits import CPU_S, MEGABYTES, RATES
from tts.child import confine

confine(MEGABYTES, CPU_S)

import av
import numpy as np
from numpy.typing import NDArray

#: What FFmpeg may take the file for, and what its audio may be coded in: no playlists, no formats that open others.
FORMATS = "wav,mp3,ogg,flac,mov,aac,aiff,au,amr,caf,matroska"
CODECS = (
    "pcm_s16le,pcm_s16be,pcm_u8,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ima_wav,"
    "adpcm_ms,gsm_ms,mp3float,mp3,mp2,mp2float,vorbis,opus,libopus,flac,aac,aac_fixed,alac,amrnb,amrwb"
)

#: Peak of what we make: 3 dB below full scale.
PEAK = 10 ** (-3 / 20)

#: Below this peak (-60 dBFS) nothing is to be heard; amplified, it would be noise.
SILENCE = 0.001

Samples = NDArray[np.float32]


class Refused(Exception):  # noqa: N818 - ends the process, is no error of ours
    """The file is refused with the id of an error."""


def decode(file: bytes, longest_s: float) -> list[Samples]:
    """Return the first audio stream as mono samples at each rate; raises Refused."""
    try:
        with av.open(
            io.BytesIO(file), "r", options={"format_whitelist": FORMATS, "codec_whitelist": CODECS}
        ) as container:
            audio = container.streams.audio
            if not audio or audio[0].codec_context.name not in CODECS.split(","):
                raise Refused("not_audio")
            return _resampled(container, longest_s)
    except (av.FFmpegError, ValueError) as error:
        raise Refused("not_audio") from error


def _resampled(container: "av.container.InputContainer", longest_s: float) -> list[Samples]:
    resamplers = [av.AudioResampler(format="flt", layout="mono", rate=rate) for rate in RATES]
    parts: list[list[Samples]] = [[] for _ in RATES]
    for frame in _frames(container, longest_s):
        for resampler, part in zip(resamplers, parts, strict=True):
            part += [made.to_ndarray().astype(np.float32).reshape(-1) for made in resampler.resample(frame)]
    return [np.concatenate([*part, np.zeros(0, np.float32)]) for part in parts]


def _frames(container: "av.container.InputContainer", longest_s: float) -> Iterator["av.AudioFrame | None"]:
    """Yield the frames, then None, which has the resamplers give what they still hold."""
    seconds = 0.0
    for frame in container.decode(audio=0):
        seconds += frame.samples / frame.sample_rate
        if seconds > longest_s:
            raise Refused("sound_too_long")
        frame.pts = None  # what a broken file says of its times would make the resamplers invent silence
        yield frame
    if seconds:
        yield None


def loud(samples: Samples) -> NDArray[np.int16]:
    """Return 16-bit samples with the peak where it belongs; raises Refused."""
    samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    if not len(samples):
        raise Refused("empty_sound")
    peak = float(np.abs(samples).max())
    if peak < SILENCE:
        raise Refused("silent_sound")
    scaled: NDArray[np.int16] = np.rint(samples * (PEAK / peak * 32767)).astype("<i2")
    return scaled


def main() -> None:
    """Decode standard input."""
    out = sys.stdout.buffer
    try:
        made = [loud(samples) for samples in decode(sys.stdin.buffer.read(), float(sys.argv[1]))]
    except Refused as refused:
        out.write(json.dumps({"error": str(refused)}).encode() + b"\n")
        return
    counts = {str(rate): len(samples) for rate, samples in zip(RATES, made, strict=True)}
    out.write(json.dumps({"samples": counts}).encode() + b"\n")
    for samples in made:
        out.write(samples.tobytes())


if __name__ == "__main__":
    main()
