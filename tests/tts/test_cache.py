"""Sounds on disk."""

import os
import stat
import wave
from pathlib import Path

import pytest

from tests.tts.audio_files import encode
from tts.audio import convert
from tts.cache import Sounds, sha_of_file, sha_of_speech
from tts.engine import Language
from tts.errors import MissingFileError
from tts.espeak import Espeak

SHA = "ab" * 32


@pytest.fixture
def sounds(tmp_path: Path) -> Sounds:
    """An empty store."""
    return Sounds(tmp_path)


def test_a_sound_is_found_where_the_switch_looks(sounds: Sounds, tmp_path: Path) -> None:
    """TTS-1: mod_sndfile puts the rate before the file's name; the switch's user may read it; no part is left."""
    stored = sounds.put("acme", SHA, convert(encode("wav"), 60))
    path = tmp_path / sounds.switch_path("acme", SHA)
    for rate in (8000, 16_000):
        file = path.parent / str(rate) / path.name
        with wave.open(str(file)) as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, rate)
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert stored == sounds.find("acme", SHA)
    assert stored.ms == 2000
    assert list(tmp_path.rglob("*.part")) == []


def test_a_sound_with_a_rate_missing_is_not_there(sounds: Sounds) -> None:
    """TTS-1: a job that was killed between two files is done again."""
    sounds.put("acme", SHA, convert(encode("wav"), 60))
    sounds.file("acme", SHA, 16_000).unlink()
    assert sounds.find("acme", SHA) is None


def test_one_tenants_sound_is_no_other_tenants(sounds: Sounds) -> None:
    """SAFE-3: equal content is made for each tenant alone."""
    sounds.put("acme", SHA, convert(encode("wav"), 60))
    assert sounds.find("other", SHA) is None


@pytest.mark.parametrize("name", ["../acme", "..", "", "a/b", "a\0b", "/etc", "ab" * 33, "AB" * 32, "x\n"])
def test_no_name_leaves_the_folder(sounds: Sounds, name: str) -> None:
    """SAFE-2: what is no tenant or no name of a sound is refused before any file is touched."""
    for act in (
        lambda: sounds.file("acme", name, 8000),
        lambda: sounds.switch_path("acme", name),
        lambda: sounds.upload("acme", name),
    ):
        with pytest.raises(ValueError, match="names no sound"):
            act()
    if len(name) < 60:
        with pytest.raises(ValueError, match="names no sound"):
            sounds.find(name, SHA)


def test_uploads_are_kept_until_they_are_converted(sounds: Sounds) -> None:
    """TTS-1: the same bytes come back under the name of their content; one that is gone is a clear error."""
    name = sounds.keep_upload("acme", b"bytes")
    assert name == sha_of_file(b"bytes")
    assert sounds.upload("acme", name) == b"bytes"
    with pytest.raises(MissingFileError):
        sounds.upload("other", name)


def test_only_what_nobody_uses_is_removed(sounds: Sounds) -> None:
    """TTS-1: sounds in use stay however old; others go when nobody touched them for long."""
    made = convert(encode("wav"), 60)
    used, unused, fresh = "aa" * 32, "bb" * 32, "cc" * 32
    for sha in (used, unused, fresh):
        sounds.put("acme", sha, made)
    for sha in (used, unused):
        for rate in (8000, 16_000):
            os.utime(sounds.file("acme", sha, rate), (0, 0))
    assert sounds.prune("acme", {used}, older_s=3600) == 2
    assert [sounds.find("acme", sha) is not None for sha in (used, unused, fresh)] == [True, False, True]


def test_speech_is_named_by_all_that_makes_it() -> None:
    """TTS-1: another text, voice, language or engine is another sound; nothing runs together."""
    espeak = Espeak(9)
    names = {
        sha_of_speech(espeak, Language.ZH, "female", "您好"),
        sha_of_speech(espeak, Language.ZH, "female", "您"),
        sha_of_speech(espeak, Language.ZH, "male", "您好"),
        sha_of_speech(espeak, Language.EN, "female", "您好"),
    }
    assert len(names) == 4
