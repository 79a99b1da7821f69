"""What is made of a recording (REC-1)."""

from pathlib import Path

import av
import numpy as np
import pytest

from orchestrator.recordings.errors import BrokenSoundError, NotThereError
from orchestrator.recordings.sound import POINTS, compress, peaks
from orchestrator.recordings.wav import read_wav
from tests.support.tapes import AGENT, CUSTOMER, loudness, write_tape


@pytest.mark.parametrize("rate", [8000, 16000])
def test_compressed_channels_stay_apart(tmp_path: Path, rate: int) -> None:
    """REC-1: the customer is heard left, the agent right, and hardly on the other side; the length stays."""
    wav = read_wav(write_tape(tmp_path / "a.wav", 3, rate))
    assert (wav.channels, wav.rate, wav.ms) == (2, rate, 3000)
    compress(wav, tmp_path / "a.ogg")
    assert (tmp_path / "a.ogg").stat().st_size < (tmp_path / "a.wav").stat().st_size / 4
    with av.open(str(tmp_path / "a.ogg")) as container:
        heard = container.streams.audio[0].rate
        parts = [frame.to_ndarray() for frame in container.decode(audio=0)]
    left, right = np.concatenate(parts, axis=1)
    assert abs(len(left) / heard - 3) < 0.05
    assert loudness(left, CUSTOMER, heard) > 0.4 > 10 * loudness(left, AGENT, heard)
    assert loudness(right, AGENT, heard) > 0.4 > 10 * loudness(right, CUSTOMER, heard)


def test_waveform_has_both_channels_and_follows_the_sound(tmp_path: Path) -> None:
    """REC-1: at most POINTS places a channel; silence is 0, a tone at half scale 63."""
    path = write_tape(tmp_path / "a.wav", 2)
    content = bytearray(path.read_bytes())
    content[44 + 32000 : 44 + 64000] = bytes(32000)
    path.write_bytes(content)
    left, right = peaks(read_wav(path))
    assert len(left) == len(right) == POINTS
    assert left[100] in (62, 63)
    assert set(left[501:]) == set(right[501:]) == {0}


def test_few_samples_make_few_points(tmp_path: Path) -> None:
    """REC-1: a recording of an instant has as many places as samples."""
    assert [len(channel) for channel in peaks(read_wav(write_tape(tmp_path / "a.wav", 0.01)))] == [80, 80]


def test_a_file_whose_switch_died_is_read_to_its_end(tmp_path: Path) -> None:
    """REC-1: the header says that nothing follows, but sound does."""
    path = write_tape(tmp_path / "a.wav", 2)
    content = bytearray(path.read_bytes())
    content[40:44] = bytes(4)
    path.write_bytes(content)
    assert read_wav(path).ms == 2000
    content[40:44] = b"\xff\xff\xff\x7f"
    path.write_bytes(content[:-1])
    assert read_wav(path).frames == 15_999


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEfmt ", b"ID3 no sound at all" * 9])
def test_what_is_no_sound_is_broken(tmp_path: Path, content: bytes) -> None:
    """REC-1: empty files, cut headers and other things are told apart from what is not there."""
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(BrokenSoundError):
        read_wav(tmp_path / "a.wav")
    with pytest.raises(NotThereError):
        read_wav(tmp_path / "b.wav")
