"""Pieces that a newer version brought come into use by themselves (TTS-1, QUEUE-1)."""

from pathlib import Path

import pytest
from peewee import Database
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from orchestrator.database.models import Prompt, PromptVersion, Tenant
from orchestrator.database.prompts import (
    Content,
    Kind,
    Status,
    add_prompt,
    list_prompts,
    prompt_view,
    replace_draft,
)
from orchestrator.settings import Settings
from orchestrator.store.configurations import RedisConfigurations
from orchestrator.store.connection import connect
from tests.support.speech_service import speech_service
from tts.engine import Language
from tts.pieces import PIECES
from workers.jobs import complete_pieces, find_missing_pieces

#: What this version brought, as far as the company is concerned.
NEW = ("message_greeting", "press_one")


@pytest.fixture(autouse=True)
def company(database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company that has put all Chinese pieces but the new ones into use, in the voice `male`."""
    monkeypatch.setenv("ZUOXI_REDIS_URL", redis_url)
    monkeypatch.setenv("ZUOXI_SOUNDS_DIR", str(tmp_path / "sounds"))
    Tenant.create(id="demo", name="Demo")
    with database.atomic():
        _speak_the_others()


def _speak_the_others() -> None:
    for name, text in PIECES[Language.ZH].items():
        if name not in NEW:
            content = Content(text=text, language="zh", voice="male")
            add_prompt("demo", f"piece-zh-{name}", f"zh {name}", Kind.PIECE, content, now=1)
    PromptVersion.update(status=Status.READY.value, sha="old", path="old.wav", ms=1000).execute()
    Prompt.update(current=1).execute()


def _do(redis: "Redis") -> list[tuple[str, ...]]:
    """Look for what is missing and do what was enqueued; returns the arguments of the jobs."""
    find_missing_pieces()
    queue = Queue("speech", connection=redis, serializer=JSONSerializer)
    jobs: list[Job] = queue.jobs
    for job in jobs:
        complete_pieces(*job.args)
        job.delete()
    return [tuple(job.args) for job in jobs]


def _in_force() -> tuple[int, dict[str, str]]:
    """The version in force and the paths of the pieces that are new."""
    with connect(Settings().redis_url) as redis:
        config = RedisConfigurations(redis).tenant("demo")
    if config is None:
        return 0, {}
    keys = (f"piece-zh-{name}" for name in NEW)
    return config.version, {key: config.prompts[key].path for key in keys if key in config.prompts}


def test_missing_pieces_are_made_and_used_without_anybody(redis: "Redis") -> None:
    """TTS-1, QUEUE-1: in the voice of the others, for the next call; what people have is left alone."""
    changed = prompt_view("demo", "piece-zh-10")
    replace_draft(changed, Content(text="拾", language="zh"), now=2)
    assert _do(redis) == [("demo", "zh")]
    version, paths = _in_force()
    assert set(paths) == {f"piece-zh-{name}" for name in NEW}
    assert all(path.startswith("prompts/demo/") for path in paths.values())
    greeting = prompt_view("demo", "piece-zh-message_greeting")
    assert greeting.current is not None
    assert (greeting.current.voice, greeting.draft) == ("male", None)
    draft = prompt_view("demo", "piece-zh-10").draft
    assert draft is not None
    assert (draft.number, draft.status) == (2, "pending")
    assert _do(redis) == []
    complete_pieces("demo", "zh")
    assert _in_force() == (version, paths)
    assert not [view for view in list_prompts("demo", (Kind.PIECE,)) if view.prompt.key.startswith("piece-en-")]


def test_a_job_that_was_killed_between_two_pieces_goes_on(redis: "Redis") -> None:
    """SAFE-1: whatever is there already, made or not, is taken up."""
    content = Content(text=PIECES[Language.ZH]["press_one"], language="zh", voice="male")
    add_prompt("demo", "piece-zh-press_one", "zh press_one", Kind.PIECE, content, now=1)
    assert _do(redis) == [("demo", "zh")]
    assert set(_in_force()[1]) == {f"piece-zh-{name}" for name in NEW}


def test_an_engine_that_fails_is_seen_and_asked_again_later(redis: "Redis", monkeypatch: pytest.MonkeyPatch) -> None:
    """TTS-1: one piece tells why; the service isn't asked for the rest; nothing in use changes."""
    with speech_service(b"out of order", 500) as (url, asked):
        monkeypatch.setenv("ZUOXI_SPEECH_ENGINE", "http")
        monkeypatch.setenv("ZUOXI_SPEECH_HTTP_URL", url)
        monkeypatch.setenv("ZUOXI_SPEECH_HTTP_BODY", '{"input": "{text}", "voice": "{voice}"}')
        monkeypatch.setenv("ZUOXI_SPEECH_HTTP_VOICES", '{"zh": ["lili"]}')
        assert _do(redis) == [("demo", "zh")]
    assert len(asked) == 1
    failed = [view.draft for view in list_prompts("demo", (Kind.PIECE,)) if view.draft]
    assert [(draft.status, draft.error) for draft in failed] == [("failed", "engine_failed")]
    assert _in_force() == (0, {})
    monkeypatch.setenv("ZUOXI_SPEECH_ENGINE", "espeak")
    assert _do(redis) == [("demo", "zh")]
    assert set(_in_force()[1]) == {f"piece-zh-{name}" for name in NEW}


def test_who_has_begun_no_language_gets_none(redis: "Redis") -> None:
    """TTS-1: nothing is spoken for companies that want no announcements."""
    Tenant.create(id="other", name="Other")
    assert _do(redis) == [("demo", "zh")]
    assert list_prompts("other", (Kind.PIECE,)) == []
