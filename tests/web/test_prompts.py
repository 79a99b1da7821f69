"""Prompts and music by the API: drafts, listening, publishing, refusals."""

import io
import wave
from typing import Any

import numpy as np
import pytest
from redis import Redis
from rq import Queue as JobQueue
from rq.serializers import JSONSerializer

from orchestrator.database.audit import changes_of
from orchestrator.database.models import Prompt, Queue
from orchestrator.domain.music import DEFAULT_MUSIC
from orchestrator.store.configurations import RedisConfigurations
from orchestrator.store.connection import TextRedis
from tests.tts.audio_files import encode
from tests.web.conftest import LogIn, Person
from tts.audio_limits import LARGEST_FILE
from tts.default_music import write_default_sounds
from webui.services import Services
from workers import jobs

HELLO = {"name": "欢迎", "kind": "prompt", "text": "您好，欢迎致电 400-820-8820。", "language": "zh"}


@pytest.fixture
def admin(log_in: LogIn, services: Services, monkeypatch: pytest.MonkeyPatch) -> Person:
    """The administrator of tenant acme; jobs run in this process find the application's sounds."""
    monkeypatch.setenv("ZUOXI_SOUNDS_DIR", str(services.settings.sounds_dir))
    return log_in("admin@acme")


@pytest.fixture
def work(redis: "Redis") -> Any:  # noqa: ANN401 - a function
    """Do the jobs that wait, as a worker would, and return their names."""

    def done() -> list[str]:
        queue = JobQueue("speech", connection=redis, serializer=JSONSerializer)
        waiting = queue.jobs
        for job in waiting:
            getattr(jobs, job.func_name.split(".")[-1])(*job.args)
        queue.empty()
        return [job.func_name for job in waiting]

    return done


def _created(admin: Person, **values: str) -> Any:  # noqa: ANN401 - JSON
    answer = admin.post("/prompts", json={**HELLO, **values})
    assert answer.status_code == 201, answer.text
    return answer.json


def _upload(person: Person, file: bytes, path: str = "/prompts/upload", **fields: str) -> Any:  # noqa: ANN401
    form = {"name": "音乐", "kind": "music", **fields} if path.endswith("prompts/upload") else fields
    data = {**form, "file": (io.BytesIO(file), "../../我的 歌.mp3")}
    return person.post(path, data=data, content_type="multipart/form-data")


def _error(answer: Any) -> tuple[int, str]:  # noqa: ANN401
    return answer.status_code, answer.json["error"]["id"]


def test_a_text_is_heard_before_it_is_published(admin: Person, work: Any, text_redis: TextRedis) -> None:  # noqa: ANN401
    """TTS-1: pending, ready, heard, published; then the call path knows it."""
    prompt = _created(admin)
    path = f"/prompts/{prompt['id']}"
    assert (prompt["current"], prompt["draft"]["status"], prompt["draft"]["text"]) == (None, "pending", HELLO["text"])
    assert _error(admin.post(f"{path}/publish")) == (409, "draft_not_ready")
    assert admin.get(f"{path}/audio").status_code == 404
    assert work() == ["workers.jobs.make_prompt"]
    draft = admin.get(path).json["draft"]
    assert (draft["status"], draft["error"]) == ("ready", None)
    heard = admin.get(f"{path}/audio?version=draft")
    assert (heard.status_code, heard.mimetype) == (200, "audio/wav")
    with wave.open(io.BytesIO(heard.data)) as sound:
        assert sound.getframerate() == 16_000
        assert sound.getnframes() / 16 == pytest.approx(draft["ms"], abs=2)
        assert np.abs(np.frombuffer(sound.readframes(10**6), "<i2")).max() > 20_000
    published = admin.post(f"{path}/publish").json
    assert (published["current"]["status"], published["draft"]) == ("ready", None)
    config = RedisConfigurations(text_redis).tenant("acme")
    assert config is not None
    in_force = config.prompts[prompt["id"]]
    assert (in_force.name, in_force.ms) == ("欢迎", draft["ms"])
    assert admin.post(f"{path}/publish").status_code == 200
    [change] = changes_of("acme", "prompts", prompt["id"])
    assert (change.before, change.after["name"]) == (None, "欢迎")
    assert change.who == admin.get("/session").json["user"]["id"]


def test_a_bad_draft_leaves_callers_the_old_sound(admin: Person, work: Any) -> None:  # noqa: ANN401
    """TTS-1: a failure is told in the user's language, the version in use can still be heard, the draft discarded."""
    prompt = _created(admin)
    path = f"/prompts/{prompt['id']}"
    work()
    admin.post(f"{path}/publish")
    old = admin.get(f"{path}/audio").data
    assert _upload(admin, b"no audio at all", f"{path}/draft/upload").json["draft"]["status"] == "pending"
    work()
    draft = admin.get(path, headers={"Accept-Language": "en"}).json["draft"]
    assert (draft["status"], draft["error"]["id"]) == ("failed", "not_audio")
    assert "mp3" in draft["error"]["message"]
    assert _error(admin.post(f"{path}/publish")) == (409, "draft_not_ready")
    assert admin.get(f"{path}/audio").data == old
    assert admin.post(f"{path}/draft/retry").json["draft"]["status"] == "pending"
    assert work() == ["workers.jobs.make_prompt"]
    assert admin.delete(f"{path}/draft").status_code == 204
    assert admin.get(path).json["draft"] is None
    assert _error(admin.post(f"{path}/draft/retry")) == (404, "not_found")
    assert admin.put(f"{path}/draft", json={"text": "再见", "language": "zh", "voice": "male"}).status_code == 200
    work()
    assert admin.post(f"{path}/publish").json["current"]["text"] == "再见"
    assert admin.get(f"{path}/audio").data != old


def test_a_prompt_never_published_goes_with_its_draft(admin: Person) -> None:
    """TTS-1: listening without saving leaves nothing behind."""
    prompt = _created(admin)
    assert admin.delete(f"/prompts/{prompt['id']}/draft").status_code == 204
    assert admin.get(f"/prompts/{prompt['id']}").status_code == 404
    assert Prompt.select().count() == 0


def test_music_is_uploaded_and_not_deleted_while_played(admin: Person, work: Any) -> None:  # noqa: ANN401
    """QUEUE-1: waiting music by own upload; deleting names the queues that play it and changes nothing."""
    answer = _upload(admin, encode("m4a"))
    assert answer.status_code == 201
    prompt = answer.json
    assert prompt["draft"]["file_name"] == "../../我的 歌.mp3"
    work()
    path = f"/prompts/{prompt['id']}"
    assert admin.post(f"{path}/publish").json["current"]["ms"] == pytest.approx(2000, abs=100)
    Queue.update(music=prompt["id"]).where(Queue.tenant == "acme", Queue.key == "q1").execute()
    assert admin.get("/prompts?kind=music").json["items"][0]["used_by"] == [
        {"where": "queue", "id": "q1", "name": "acme q1"}
    ]
    assert admin.get("/prompts?kind=prompt").json["items"] == []
    refused = admin.delete(path)
    assert _error(refused) == (409, "prompt_in_use")
    assert "acme q1" in refused.json["error"]["message"]
    Queue.update(music="default").execute()
    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404


def test_audio_comes_in_parts_and_under_a_safe_name(admin: Person, work: Any) -> None:  # noqa: ANN401
    """TTS-1, SAFE-2: players ask for ranges; a name of any letters makes no header."""
    prompt = _created(admin, name='a"; filename=evil.exe; x="张三/../b')
    work()
    path = f"/prompts/{prompt['id']}/audio"
    part = admin.get(path, headers={"Range": "bytes=0-43"})
    assert (part.status_code, len(part.data), part.data[:4]) == (206, 44, b"RIFF")
    assert admin.get(path, headers={"Range": "bytes=999999999-"}).status_code == 416
    header = admin.get(f"{path}?download=true").headers["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert "evil.exe;" not in header.split("filename*=")[-1]
    assert '"张三' not in header


def test_names_are_unique_and_can_change(admin: Person) -> None:
    """TTS-1: two prompts with one name could not be told apart in a queue's settings."""
    first, second = _created(admin), _created(admin, name="再见")
    assert _error(admin.post("/prompts", json=HELLO)) == (409, "prompt_name_taken")
    assert _error(admin.patch(f"/prompts/{second['id']}", json={"name": "欢迎"})) == (409, "prompt_name_taken")
    assert admin.patch(f"/prompts/{first['id']}", json={"name": "新"}).json["name"] == "新"
    assert [item["name"] for item in admin.get("/prompts").json["items"]] == ["再见", "新"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"text": ""}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"language": "fr"}, "language"),
        ({"kind": "piece"}, "kind"),
    ],
)
def test_bad_fields_are_named(admin: Person, values: dict[str, str], field: str) -> None:
    """TTS-1, SAFE-2: what can't be right is refused with the field's name, and nothing is kept."""
    answer = admin.post("/prompts", json={**HELLO, **values})
    assert _error(answer) == (422, "invalid")
    assert field in answer.json["error"]["fields"]
    assert Prompt.select().count() == 0


def test_an_unknown_voice_is_refused(admin: Person) -> None:
    """TTS-1: the list of voices is what can be chosen."""
    assert _error(admin.post("/prompts", json={**HELLO, "voice": "../x"})) == (422, "unknown_voice")
    listed = {item["language"]: item["voices"] for item in admin.get("/prompts/voices").json["items"]}
    assert listed["zh"][0] == "female"


@pytest.mark.parametrize(
    ("size", "status", "error"),
    [(0, 422, "empty_sound"), (LARGEST_FILE + 1, 413, "sound_too_large"), (LARGEST_FILE * 2, 413, "sound_too_large")],
)
def test_files_have_a_size(admin: Person, size: int, status: int, error: str) -> None:
    """TTS-1, SAFE-2: empty files and files above 20 MB are refused; other requests stay small."""
    assert _error(_upload(admin, bytes(size))) == (status, error)
    assert Prompt.select().count() == 0
    if size:
        assert _error(admin.post("/prompts", data=bytes(size), content_type="application/json"))[0] == 413


def test_an_upload_without_a_file_names_what_is_missing(admin: Person) -> None:
    """TTS-1: the field is told."""
    for form in ({"name": "x"}, {"name": "x", "file": "no file"}):
        answer = admin.post("/prompts/upload", data=form, content_type="multipart/form-data")
        assert _error(answer) == (422, "invalid"), form
        assert "file" in answer.json["error"]["fields"]


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_who_may_do_what(admin: Person, log_in: LogIn, role: str) -> None:
    """ROLE-1: supervisors look and listen, administrators change, agents neither."""
    prompt = _created(admin)
    person = log_in(f"{role}@acme")
    assert person.get("/prompts").status_code == (200 if role == "supervisor" else 403)
    for answer in (
        person.post("/prompts", json=HELLO),
        person.post(f"/prompts/{prompt['id']}/publish"),
        person.delete(f"/prompts/{prompt['id']}"),
        _upload(person, b"x"),
    ):
        assert _error(answer) == (403, "forbidden")


def test_prompts_of_another_tenant_do_not_exist(admin: Person, log_in: LogIn, work: Any) -> None:  # noqa: ANN401
    """SAFE-3: neither seen nor heard nor changed, by its id or any other."""
    prompt = _created(admin)
    work()
    stranger = log_in("admin@other")
    assert stranger.get("/prompts").json["items"] == []
    path = f"/prompts/{prompt['id']}"
    for answer in (
        stranger.get(path),
        stranger.get(f"{path}/audio"),
        stranger.patch(path, json={"name": "x"}),
        stranger.delete(path),
        stranger.put(f"{path}/draft", json={"text": "x", "language": "en"}),
        _upload(stranger, encode("wav"), f"{path}/draft/upload"),
        stranger.post(f"{path}/draft/retry"),
        stranger.delete(f"{path}/draft"),
        stranger.post(f"{path}/publish"),
    ):
        assert _error(answer) == (404, "not_found")
    assert admin.get(path).json["draft"]["status"] == "ready"


@pytest.mark.parametrize("key", ["..", "..%2f..%2fetc%2fpasswd", "%2e%2e", "p1%00", "'; DROP TABLE prompt; --"])
def test_no_id_is_a_path(admin: Person, key: str) -> None:
    """SAFE-2: hostile ids lead to nothing."""
    for answer in (admin.get(f"/prompts/{key}"), admin.get(f"/prompts/{key}/audio")):
        assert answer.status_code in (404, 405)


def test_pieces_are_spoken_then_put_into_use_together(
    admin: Person,
    work: Any,  # noqa: ANN401
    text_redis: TextRedis,
) -> None:
    """QUEUE-5: no announcement is put together from two voices; the call path finds every piece by its name."""
    assert _error(admin.post("/prompts/pieces/fr", json={})) == (404, "not_found")
    begun = admin.post("/prompts/pieces/zh", json={"voice": "male"})
    assert (begun.status_code, begun.json["waiting"]) == (202, begun.json["total"])
    assert _error(admin.post("/prompts/pieces/zh/publish")) == (409, "draft_not_ready")
    assert work() == ["workers.jobs.make_prompt"] * begun.json["total"]
    done = admin.post("/prompts/pieces/zh/publish").json
    assert (done["in_use"], done["ready"], done["failed"], done["voice"]) == (done["total"], 0, 0, "male")
    telling = {"key": "told", "name": "Told", "announce_position": True}
    lacking = admin.post("/config/queues", json=telling | {"announce_language": "en"})
    assert (lacking.status_code, list(lacking.json["error"]["fields"])) == (422, ["announce_language"])
    assert admin.post("/config/queues", json=telling).status_code == 201
    assert _error(admin.delete("/prompts/piece-zh-callers")) == (409, "prompt_in_use")
    config = RedisConfigurations(text_redis).tenant("acme")
    assert config is not None
    assert config.prompts["piece-zh-two"].path.startswith("prompts/acme/")
    assert admin.get("/prompts").json["items"] == []


def test_the_default_music_is_heard_before_it_is_chosen(admin: Person, services: Services) -> None:
    """QUEUE-1: as every upload; not found where nobody has made it."""
    path = "/prompts/default-music/audio"
    assert admin.get(path).status_code == 404
    write_default_sounds(services.settings.sounds_dir)
    heard = admin.get(path)
    assert (heard.status_code, heard.mimetype) == (200, "audio/wav")
    with wave.open(io.BytesIO(heard.data)) as music:
        assert music.getnframes() * 1000 // music.getframerate() == DEFAULT_MUSIC.ms
