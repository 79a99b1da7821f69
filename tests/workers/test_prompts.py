"""The jobs that make prompts."""

import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from peewee import Database
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.configuration import configuration
from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import PromptVersion, Tenant
from orchestrator.database.prompts import (
    Content,
    Kind,
    PromptView,
    add_prompt,
    discard_draft,
    prompt_view,
    publish_draft,
    replace_draft,
)
from orchestrator.speech import SpeechJobs
from tests.support.speech_service import speech_service
from tests.tts.audio_files import encode
from tts.cache import Sounds
from tts.pieces import PIECES, Language
from workers.jobs import make_prompt

HELLO = Content(text="您好，欢迎致电。", language="zh")


@pytest.fixture
def sounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sounds:
    """The sounds directory that jobs find by the settings."""
    monkeypatch.setenv("ZUOXI_SOUNDS_DIR", str(tmp_path / "sounds"))
    return Sounds(tmp_path / "sounds")


@pytest.fixture
def demo(database: Database, sounds: Sounds) -> Tenant:  # noqa: ARG001
    """A tenant, of each kind of database."""
    return Tenant.create(id="demo", name="Demo")


@pytest.fixture
def sqlite_url(tmp_path: Path, sounds: Sounds) -> Iterator[str]:  # noqa: ARG001
    """The URL of a SQLite database with a tenant."""
    url = f"sqlite:///{tmp_path}/zuoxi.db"
    database = open_database(url)
    migrate(database)
    Tenant.create(id="demo", name="Demo")
    yield url
    database.close()


def _made(content: Content, kind: Kind = Kind.PROMPT, key: str = "p1") -> PromptVersion:
    add_prompt("demo", key, key, kind, content, now=1)
    make_prompt("demo", key, 1)
    return _draft(key)


def _view(key: str = "p1") -> PromptView:
    return prompt_view("demo", key)


def _draft(key: str = "p1") -> PromptVersion:
    draft = _view(key).draft
    assert draft is not None
    return draft


def _samples(sounds: Sounds, sha: str) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    with wave.open(str(sounds.file("demo", sha, 8000))) as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2")


@pytest.mark.usefixtures("demo")
def test_a_text_is_spoken_and_used_once_published(sounds: Sounds) -> None:
    """TTS-1: the draft can be heard, callers hear it only after publishing."""
    version = _made(HELLO)
    assert (version.status, version.error) == ("ready", "")
    samples = _samples(sounds, version.sha)
    assert version.ms == pytest.approx(len(samples) / 8, abs=1)
    assert 800 < version.ms < 5000
    assert np.sqrt(np.mean(np.square(samples / 32767))) > 0.02
    assert configuration("demo").prompts == {}
    assert publish_draft(_view(), now=2)
    prompt = configuration("demo").prompts["p1"]
    assert (prompt.id, prompt.name, prompt.path, prompt.ms) == ("p1", "p1", version.path, version.ms)
    assert prompt.path == f"prompts/demo/{version.sha}.wav"


@pytest.mark.usefixtures("sqlite_url")
def test_chinese_and_english_sound_different(sounds: Sounds) -> None:
    """TTS-1: both languages and both voices speak out of the box, each in its own way."""
    contents = [
        HELLO,
        Content(text=HELLO.text, language="zh", voice="male"),
        Content(text="Welcome, please hold the line.", language="en"),
        Content(text="您前面还有3位", language="zh"),
    ]
    spectra = []
    for n, content in enumerate(contents):
        samples = _samples(sounds, _made(content, key=f"p{n}").sha) / 32767
        spectrum = np.abs(np.fft.rfft(samples, 1 << 16))
        spectra.append(spectrum / np.linalg.norm(spectrum))
    alike = [float(a @ b) for i, a in enumerate(spectra) for b in spectra[i + 1 :]]
    assert max(alike) < 0.95


@pytest.mark.usefixtures("sqlite_url")
def test_equal_speech_is_made_once(sounds: Sounds) -> None:
    """TTS-1: what is said alike is found by its content, also when it is written differently."""
    first = _made(Content(text="请拨 400-820-8820", language="zh"), key="p1")
    file = sounds.file("demo", first.sha, 8000)
    inode = file.stat().st_ino
    second = _made(Content(text="请拨  400-820-8820 ", language="zh"), key="p2")
    assert first.sha == second.sha
    assert file.stat().st_ino == inode


@pytest.mark.usefixtures("sqlite_url")
def test_a_failure_is_seen_and_the_old_prompt_stays(sounds: Sounds) -> None:
    """TTS-1: a draft that fails names the reason; callers go on hearing the version before, and so after discarding."""
    published = _made(HELLO)
    publish_draft(_view(), now=2)
    replace_draft(_view(), Content(upload=sounds.keep_upload("demo", b"no sound"), file_name="x.mp3"), now=3)
    make_prompt("demo", "p1", 2)
    assert (_draft().status, _draft().error) == ("failed", "not_audio")
    assert not publish_draft(_view(), now=4)
    assert configuration("demo").prompts["p1"].path == published.path
    discard_draft(_view())
    assert _view().draft is None
    assert configuration("demo").prompts["p1"].path == published.path


@pytest.mark.usefixtures("sqlite_url")
def test_a_silent_text_fails() -> None:
    """TTS-1: a text that no voice can say is told as such, not published as silence."""
    assert _made(Content(text="……", language="zh")).error in ("silent_sound", "empty_sound")


@pytest.mark.usefixtures("sqlite_url")
@pytest.mark.parametrize(("kind", "seconds", "error"), [(Kind.PROMPT, 301, "sound_too_long"), (Kind.MUSIC, 301, "")])
def test_music_may_last_longer_than_a_prompt(sounds: Sounds, kind: Kind, seconds: int, error: str) -> None:
    """QUEUE-1, TTS-1: five minutes for prompts, thirty for music, also when the sound is there already."""
    upload = sounds.keep_upload("demo", encode("mp3", seconds=seconds, rate=16_000, layout="mono"))
    version = _made(Content(upload=upload, file_name="a.mp3"), kind)
    assert version.error == error
    if kind is Kind.MUSIC:
        assert version.ms == pytest.approx(301_000, abs=300)
        assert _made(Content(upload=upload), key="p2").error == "sound_too_long"


@pytest.mark.usefixtures("sqlite_url")
def test_doing_a_job_again_changes_nothing(sounds: Sounds) -> None:
    """TTS-1, SAFE-1: a job delivered twice, late, or for something that is gone does no harm."""
    version = _made(HELLO)
    before = version.updated
    make_prompt("demo", "p1", 1)
    make_prompt("demo", "p1", 7)
    make_prompt("demo", "gone", 1)
    make_prompt("other", "p1", 1)
    assert _draft().updated == before
    assert sounds.find("other", version.sha) is None


@pytest.mark.usefixtures("sqlite_url")
def test_a_failed_version_can_be_made_again(sounds: Sounds) -> None:
    """TTS-1: what was missing is there now: the same version becomes ready."""
    file = encode("ogg")
    upload = sounds.keep_upload("demo", file)
    sounds.prune("demo", set(), older_s=-1)
    assert _made(Content(upload=upload)).error == "upload_missing"
    sounds.keep_upload("demo", file)
    make_prompt("demo", "p1", 1)
    assert _draft().status == "ready"


@pytest.mark.usefixtures("sqlite_url")
@pytest.mark.parametrize(
    ("settings", "error", "told"),
    [
        ({"ENGINE": "piper", "PIPER_PROGRAM": "no-such-program"}, "engine_not_set_up", "ZUOXI_SPEECH_PIPER_PROGRAM"),
        ({"ENGINE": "http"}, "engine_not_set_up", "ZUOXI_SPEECH_HTTP_URL"),
        ({"TIMEOUT_S": "0.001"}, "engine_failed", "0.001 s"),
    ],
)
def test_an_engine_that_cannot_speak_says_why(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], error: str, told: str
) -> None:
    """TTS-1: the setting that is missing is named, a slow engine is stopped."""
    for name, value in settings.items():
        monkeypatch.setenv(f"ZUOXI_SPEECH_{name}", value)
    version = _made(HELLO)
    assert (version.status, version.error) == ("failed", error)
    assert told in str(version.error_details)


@pytest.mark.usefixtures("sqlite_url")
@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [(encode("mp3"), 200, ""), (b"oops", 500, "HTTP 500"), (b"<html>", 200, "no audio")],
)
def test_a_service_is_asked_as_set(monkeypatch: pytest.MonkeyPatch, answer: bytes, status: int, told: str) -> None:
    """TTS-1, SAFE-2: text is data in the service's JSON, whatever it holds; its answer is checked like any file."""
    with speech_service(answer, status) as (url, asked):
        monkeypatch.setenv("ZUOXI_SPEECH_ENGINE", "http")
        monkeypatch.setenv("ZUOXI_SPEECH_HTTP_URL", url)
        monkeypatch.setenv("ZUOXI_SPEECH_HTTP_BODY", '{"input": "{text}", "voice": "{voice}", "rate": 1}')
        monkeypatch.setenv("ZUOXI_SPEECH_HTTP_VOICES", '{"zh": ["lili"]}')
        version = _made(Content(text='好", "voice": "{voice}', language="zh"))
    assert version.error == ("engine_failed" if told else "")
    assert told in version.error_details.get("reason", "")
    assert asked == [b'{"input":"\xe5\xa5\xbd\\", \\"voice\\": \\"{voice}","voice":"lili","rate":1}']


@pytest.mark.usefixtures("sqlite_url")
@pytest.mark.parametrize("language", list(Language))
def test_pieces_of_announcements_are_prepared(language: Language) -> None:
    """QUEUE-5, TTS-1: the shortest and the longest pieces become sounds, none longer than a sentence (MOB-1)."""
    by_length = sorted(PIECES[language].items(), key=lambda piece: len(piece[1]))
    chosen = dict(by_length[:4] + by_length[-8:])
    for name, text in chosen.items():
        add_prompt(
            "demo", f"{language}-{name}", f"{language} {name}", Kind.PIECE, Content(text=text, language=language), 1
        )
        make_prompt("demo", f"{language}-{name}", 1)
    drafts = [_draft(f"{language}-{name}") for name in chosen]
    assert {draft.status for draft in drafts} == {"ready"}
    assert all(80 < draft.ms < 10_000 for draft in drafts), [draft.ms for draft in drafts]


def _until_ready(key: str, limit_s: float = 30) -> PromptVersion:
    deadline = time.monotonic() + limit_s
    while _draft(key).status not in ("ready", "failed"):
        assert time.monotonic() < deadline, f"{key} within {limit_s} s"
        time.sleep(0.05)  # between two looks; the deadline ends the loop
    return _draft(key)


@pytest.mark.usefixtures("sounds")
def test_the_worker_makes_what_the_pages_ask_for(
    redis: "Redis", redis_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    """TTS-1, SAFE-1: from the queue to the sound; a worker killed in the midst is taken over from."""
    jobs = SpeechJobs(redis)
    keys = [f"p{n}" for n in range(8)]
    for key in keys:
        add_prompt("demo", key, key, Kind.PROMPT, Content(text=f"第{key}条", language="zh"), 1)
        jobs.make_prompt("demo", key, 1)
    environment = {
        "PATH": "/usr/bin:/bin",
        "ZUOXI_REDIS_URL": redis_url,
        "ZUOXI_DATABASE_URL": sqlite_url,
        "ZUOXI_SOUNDS_DIR": str(tmp_path / "sounds"),
    }
    worker = subprocess.Popen([sys.executable, "-m", "workers"], env=environment)
    try:
        _until_ready("p0")
    finally:
        worker.kill()
        worker.wait()
    waiting = Queue("speech", connection=redis, serializer=JSONSerializer).count
    worker = subprocess.Popen([sys.executable, "-m", "workers"], env=environment)
    try:
        # What the killed worker had begun is found again only after its limit: that one is not waited for.
        for key in keys[-waiting:] if waiting else []:
            assert _until_ready(key).status == "ready"
    finally:
        worker.kill()
        worker.wait()
