"""Applications that are over."""

import pytest

from esl_handlers.steps import is_music
from esl_handlers.switch_commands import Music, Playlist, SoundFile


@pytest.mark.parametrize("music", [Music("/s/waltz.wav", 60_000), Music("/s/waltz.wav", 7_200_000)])
def test_a_music_is_known_by_its_list(music: Music) -> None:
    """QUEUE-1: at its end it begins again."""
    assert is_music(music.text())


@pytest.mark.parametrize("files", [("/s/next.wav",), ("/s/at.wav", "/s/3.wav"), ("/s/3.wav", "/s/3.wav", "/s/in.wav")])
def test_an_announcement_is_no_music(files: tuple[str, ...]) -> None:
    """QUEUE-5: at its end the music that is queued behind it plays, and is not begun anew."""
    assert not is_music(Playlist(tuple(map(SoundFile, files))).text())
    assert not is_music("")
