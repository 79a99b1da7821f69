"""Uploaded files become what switches play, or are refused with the reason."""

import numpy as np
import pytest

from tests.tts.audio_files import encode, endless_wav, wav
from tts.audio import convert
from tts.audio_limits import LARGEST_FILE, RATES
from tts.errors import (
    EmptySoundError,
    NotAudioError,
    SilentSoundError,
    SoundError,
    TooLargeError,
    TooLongError,
)

#: What people upload.
TAKEN = ("wav", "mp3", "ogg", "opus", "flac", "m4a", "alaw")

#: -3 dBFS.
PEAK = 0.7079


def _floats(samples: bytes) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.frombuffer(samples, "<i2") / 32767


@pytest.mark.parametrize("kind", TAKEN)
def test_every_kind_becomes_the_same_sound(kind: str) -> None:
    """TTS-1, QUEUE-1: mono at both rates, as long as the file, the same tone, peak at -3 dBFS."""
    rate = 8000 if kind == "alaw" else 48_000
    sound = convert(encode(kind, seconds=2, rate=rate), 60)
    assert sound.ms == pytest.approx(2000, abs=120)  # encoders add silence at the ends
    assert tuple(sound.samples) == RATES
    for at, samples in sound.samples.items():
        heard = _floats(samples)
        assert np.abs(heard).max() == pytest.approx(PEAK, abs=0.01)
        spectrum = np.abs(np.fft.rfft(heard[at // 2 : -at // 2]))
        assert np.fft.rfftfreq(len(heard[at // 2 : -at // 2]), 1 / at)[spectrum.argmax()] == pytest.approx(440, abs=2)


@pytest.mark.parametrize("peak", [0.01, 0.99])
def test_quiet_and_loud_files_are_equally_loud(peak: float) -> None:
    """TTS-1: nothing is clipped, nothing is whispered."""
    heard = _floats(convert(encode("flac", peak=peak), 60).samples[8000])
    assert np.abs(heard).max() == pytest.approx(PEAK, abs=0.01)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", EmptySoundError),
        (b"Hello, I am no sound at all." * 100, NotAudioError),
        (b"<script>alert(1)</script>", NotAudioError),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), NotAudioError),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", NotAudioError),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", NotAudioError),
        (wav(b""), EmptySoundError),
        (wav(bytes(16_000)), SilentSoundError),
        (b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(200), NotAudioError),
        (encode("mp3")[:10], NotAudioError),
        (encode("ac3"), NotAudioError),
        (encode("mka"), NotAudioError),
        (bytes(LARGEST_FILE + 1), TooLargeError),
    ],
    ids=[
        "empty", "text", "html", "picture", "playlist", "concat", "no samples", "silence", "broken header",
        "a few bytes", "format not taken", "codec not taken", "too large",
    ],
)  # fmt: skip
def test_what_is_no_sound_is_refused(file: bytes, reason: type[SoundError]) -> None:
    """TTS-1, SAFE-2: the reason is told; playlists that name other files are not even looked into."""
    with pytest.raises(reason):
        convert(file, 60)


def test_a_long_sound_is_refused() -> None:
    """TTS-1: the limit is told; what a header promises doesn't count, what can be decoded does."""
    with pytest.raises(TooLongError) as refused:
        convert(encode("flac", seconds=3), 2)
    assert refused.value.details == {"seconds": "2"}
    assert convert(endless_wav(100_000), 2).ms == 1000


@pytest.mark.parametrize("kind", TAKEN)
def test_a_file_that_breaks_off_never_harms(kind: str) -> None:
    """SAFE-2: cut and damaged files are refused or give the part that is there; the process outside lives on."""
    whole = encode(kind, seconds=1, rate=8000 if kind == "alaw" else 48_000)
    damaged = bytes(byte ^ 0xA5 if place % 97 == 0 else byte for place, byte in enumerate(whole))
    for file in (whole[: len(whole) // 2], damaged, whole[len(whole) // 3 :]):
        try:
            assert convert(file, 60).ms > 0
        except SoundError as refused:
            assert refused.id  # noqa: PT017 - either end is right
