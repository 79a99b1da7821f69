"""Applications that are over."""

from typing import cast

import pytest
from structlog.testing import capture_logs

from esl_handlers.spelling import BACKGROUND
from esl_handlers.steps import Steps, is_music
from esl_handlers.switch_commands import Music, Playlist, SoundFile
from esl_handlers.switch_events import ExecuteCompleted
from orchestrator.service.use_cases import UseCases


@pytest.mark.parametrize("music", [Music("/s/waltz.wav", 60_000), Music("/s/waltz.wav", 7_200_000)])
def test_a_music_is_known_by_its_list(music: Music) -> None:
    """QUEUE-1: at its end it begins again."""
    assert is_music(music.text())


@pytest.mark.parametrize("files", [("/s/next.wav",), ("/s/at.wav", "/s/3.wav"), ("/s/3.wav", "/s/3.wav", "/s/in.wav")])
def test_an_announcement_is_no_music(files: tuple[str, ...]) -> None:
    """QUEUE-5: at its end the music that is queued behind it plays, and is not begun anew."""
    assert not is_music(Playlist(tuple(map(SoundFile, files))).text())
    assert not is_music("")


@pytest.mark.parametrize(("response", "said"), [("FILE NOT FOUND", 1), ("FILE PLAYED", 0)])
def test_a_sound_that_the_switch_does_not_find_is_told(response: str, said: int) -> None:
    """OPS-1, QUEUE-1: a caller who hears nothing instead of music is no secret of the switch's own log."""
    with capture_logs() as logs:
        Steps(cast("UseCases", None)).completed("fs1", _completed(response))
    assert [entry["call"] for entry in logs] == ["c1"] * said


def _completed(response: str) -> ExecuteCompleted:
    """Music, whose end means nothing else."""
    values = {
        "core_uuid": "k",
        "at": 0,
        "uuid": "c1",
        "cc_call": "c1",
        "app": "playback",
        "app_uuid": f"{BACKGROUND}-1",
    }
    return ExecuteCompleted.of({**values, "response": response})
