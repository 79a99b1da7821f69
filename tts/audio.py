"""From any audio file to what switches play without transcoding: mono, 16 bits, at every rate of RATES."""

import json
from dataclasses import dataclass

from tts import errors
from tts.audio_limits import LARGEST_FILE, TIMEOUT_S
from tts.child import ChildTimeoutError, run_child

#: Reasons that the decoding process may give.
REASONS: dict[str, type[errors.SoundError]] = {
    kind.id: kind
    for kind in (errors.NotAudioError, errors.EmptySoundError, errors.SilentSoundError, errors.TooLongError)
}


@dataclass(frozen=True, slots=True)
class Sound:
    """16-bit mono samples by rate (Hz), peak at -3 dBFS; `ms` is the length in milliseconds."""

    ms: int
    samples: dict[int, bytes]


def convert(file: bytes, longest_s: int) -> Sound:
    """Make a sound of an audio file (wav, mp3, ogg, flac, m4a and others), decoded in a confined process.

    Raises TooLargeError, EmptySoundError, NotAudioError, TooLongError, SilentSoundError, TooMuchWorkError.
    """
    if not file:
        raise errors.EmptySoundError
    if len(file) > LARGEST_FILE:
        raise errors.TooLargeError(megabytes=str(LARGEST_FILE // 1024 // 1024))
    try:
        done = run_child("tts.decode_process", str(longest_s), data=file, timeout_s=TIMEOUT_S)
    except ChildTimeoutError as slow:
        raise errors.TooMuchWorkError from slow
    if done.returncode != 0:
        raise errors.TooMuchWorkError
    head, _, samples = done.stdout.partition(b"\n")
    return _sound(json.loads(head), samples, longest_s)


def _sound(head: dict[str, dict[str, int] | str], samples: bytes, longest_s: int) -> Sound:
    match head:
        case {"samples": dict(counts)}:
            return _split({int(rate): count for rate, count in counts.items()}, samples)
        case {"error": "sound_too_long"}:
            raise errors.TooLongError(seconds=str(longest_s))
        case _:
            raise REASONS[str(head["error"])]


def _split(counts: dict[int, int], samples: bytes) -> Sound:
    parts, at = {}, 0
    for rate, count in counts.items():
        parts[rate] = samples[at : at + 2 * count]
        at += 2 * count
    rate, count = next(iter(counts.items()))
    return Sound(ms=count * 1000 // rate, samples=parts)
