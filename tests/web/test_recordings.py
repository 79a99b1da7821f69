"""Recordings over the API: who may listen, by links that end soon, and what of it is written down (REC-1)."""

from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.audit import changes_of
from orchestrator.database.models import Recording
from orchestrator.database.recordings import recording_of, write_recordings
from tests.support.tapes import write_tape
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from webui.app import Web
from workers.jobs import delete_recording, store_recording

NAME = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def stored(web: Web, live: LiveCalls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: ARG001
    """A call of acme's agent a1 that is over, with a stored recording of two seconds; returns the call."""
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    live.online("acme", "acme-a1")
    live.wait("acme", "call-1")
    live.talk("acme", "call-1")
    live.hang_up("acme", "call-1")
    live.write_records("acme")
    path = f"acme/20261128/{NAME}.wav"
    row = {"recording": NAME, "kind": "call", "call": "call-1", "queue": "q1", "agent": "acme-a1", "path": path}
    write_recordings(
        "acme", [{**row, "begun": 5, "started": 6, "ended": 9, "told_ms": 2000, "pauses": [[7, 8, "agent"]]}]
    )
    write_tape(tmp_path / "recordings" / path)
    store_recording("acme", NAME)
    return "call-1"


@pytest.fixture
def supervisor(log_in: LogIn) -> Person:
    """May listen."""
    return log_in("supervisor@acme")


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    """May do everything of a company."""
    return log_in("admin@acme")


def _link(person: Person, purpose: str = "listen") -> str:
    answer = person.post(f"/recordings/{NAME}/{purpose}")
    assert answer.status_code == 200, answer.text
    url: str = answer.json["url"]
    return url


def _changed(url: str, **change: object) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{urlencode(parse_qs(parts.query) | change, doseq=True)}"


def test_recordings_are_listed_with_their_call(stored: str, supervisor: Person) -> None:
    """REC-1: length, size, checksum, pauses and state of what was recorded of a call; the waveform of both sides."""
    (item,) = supervisor.get(f"/calls/{stored}/recordings").json["items"]
    assert (item["recording"], item["status"], item["ms"], item["channels"]) == (NAME, "stored", 2000, 2)
    assert item["pauses"] == [[7, 8, "agent"]]
    assert len(item["sha256"]) == 64
    assert [len(channel) for channel in supervisor.get(f"/recordings/{NAME}/peaks").json["channels"]] == [1000, 1000]


def test_calls_are_found_by_what_can_be_heard_of_them(stored: str, supervisor: Person, live: LiveCalls) -> None:
    """CDR-1, REC-1: the list marks them, and shows these or the others alone."""
    live.wait("acme", "call-2")
    live.hang_up("acme", "call-2")
    live.write_records("acme")
    assert {call["call"]: call["recorded"] for call in supervisor.get("/calls").json["items"]} == {
        stored: True,
        "call-2": False,
    }
    assert [call["call"] for call in supervisor.get("/calls?recorded=true").json["items"]] == [stored]
    assert [call["call"] for call in supervisor.get("/calls?recorded=false").json["items"]] == ["call-2"]
    assert supervisor.get("/calls?recorded=perhaps").status_code == 422


def test_a_link_plays_without_a_log_in_and_in_parts(stored: str, supervisor: Person, web: Web) -> None:  # noqa: ARG001
    """REC-1: the whole, and parts by Range, as a browser asks when somebody jumps."""
    url, anybody = _link(supervisor), web.app.test_client()
    whole = anybody.get(url)
    assert (whole.status_code, whole.mimetype, whole.data[:4]) == (200, "audio/ogg", b"OggS")
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert "no-store" in whole.headers["Cache-Control"]
    part = anybody.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    rest = anybody.get(url, headers={"Range": f"bytes={len(whole.data) - 10}-"})
    assert (rest.status_code, rest.data) == (206, whole.data[-10:])
    assert anybody.get(url, headers={"Range": "bytes=99999999-"}).status_code == 416


def test_a_changed_or_old_link_leads_nowhere(stored: str, supervisor: Person, web: Web) -> None:  # noqa: ARG001
    """REC-1, SAFE-3: bound to tenant, recording, purpose and time by its signature."""
    url, anybody = _link(supervisor), web.app.test_client()
    for change in (
        {"tenant": "other"}, {"purpose": "download"}, {"expires": 9_999_999_999}, {"signature": "0" * 64},
    ):  # fmt: skip
        assert anybody.get(_changed(url, **change)).status_code == 404, change
    assert anybody.get(_changed(url, signature="short")).status_code == 422
    assert anybody.get(url.replace(NAME, NAME.replace("1", "2"))).status_code == 404


def test_links_end_after_minutes(stored: str, supervisor: Person, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REC-1: what is left open in a browser's history can't be heard for long."""
    url, recordings = _link(supervisor), web.services.recordings
    end = int(parse_qs(urlsplit(url).query)["expires"][0])
    assert 598 <= end - recordings._now() / 1e6 <= 600
    monkeypatch.setattr(recordings, "_now", lambda: (end - 1) * 1_000_000)
    assert web.app.test_client().get(url).status_code == 200
    monkeypatch.setattr(recordings, "_now", lambda: end * 1_000_000)
    assert web.app.test_client().get(url).status_code == 404


def test_listening_and_downloading_are_apart_and_audited(
    stored: str, supervisor: Person, admin: Person, log_in: LogIn
) -> None:
    """REC-1, ROLE-1: supervisors listen, administrators download too, agents neither; each act is in the audit."""
    _link(supervisor)
    assert supervisor.post(f"/recordings/{NAME}/download").status_code == 403
    saved = admin.client.get(_link(admin, "download"))
    assert saved.headers["Content-Disposition"] == f"attachment; filename={NAME}.ogg"
    agent = log_in("agent@acme")
    assert agent.post(f"/recordings/{NAME}/listen").status_code == 403
    assert agent.get(f"/calls/{stored}/recordings").status_code == 403
    assert [row.after for row in changes_of("acme", "recordings", NAME)] == [{"act": "download"}, {"act": "listen"}]


def test_nobody_of_another_company_finds_it(stored: str, log_in: LogIn) -> None:
    """SAFE-3: neither by the call nor by the recording's own id."""
    other = log_in("admin@other")
    assert other.get(f"/calls/{stored}/recordings").status_code == 404
    for act in ("listen", "download"):
        assert other.post(f"/recordings/{NAME}/{act}").status_code == 404
    assert other.get(f"/recordings/{NAME}/peaks").status_code == 404
    assert other.put(f"/recordings/{NAME}/hold", json={"held": True}).status_code == 404
    assert other.delete(f"/recordings/{NAME}").status_code == 404


def test_what_is_held_is_not_deleted(stored: str, admin: Person, supervisor: Person, redis: "Redis") -> None:
    """REC-1: a legal hold refuses deletion; without it the sound goes, and who deleted it stays."""
    assert supervisor.delete(f"/recordings/{NAME}").status_code == 403
    assert admin.put(f"/recordings/{NAME}/hold", json={"held": True}).json["held"] is True
    refused = admin.delete(f"/recordings/{NAME}")
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "recording_held")
    admin.put(f"/recordings/{NAME}/hold", json={"held": False})
    assert admin.delete(f"/recordings/{NAME}").status_code == 204
    assert admin.post(f"/recordings/{NAME}/listen").json["error"]["id"] == "recording_not_stored"
    (job,) = Queue("maintenance", connection=redis, serializer=JSONSerializer).jobs
    delete_recording(*job.args)
    (item,) = admin.get(f"/calls/{stored}/recordings").json["items"]
    assert (item["status"], item["deleted_by_name"]) == ("deleted", "Admin@Acme")
    acts = [(row.before, row.after) for row in changes_of("acme", "recordings", NAME)]
    assert acts == [({"status": "stored"}, None), ({"held": True}, {"held": False}), ({"held": False}, {"held": True})]
    assert admin.delete(f"/recordings/{NAME}").status_code == 409


def test_a_lost_file_is_said(stored: str, supervisor: Person, tmp_path: Path) -> None:  # noqa: ARG001
    """REC-1: a store that has lost the sound is told apart from a wrong link."""
    url = _link(supervisor)
    for path in (tmp_path / "store").rglob("*.*"):
        if path.is_file():
            path.unlink()
    assert supervisor.client.get(url).json["error"]["id"] == "recording_not_stored"
    assert supervisor.get(f"/recordings/{NAME}/peaks").json["error"]["id"] == "recording_not_stored"


def test_what_is_not_stored_yet_has_no_link(stored: str, supervisor: Person) -> None:  # noqa: ARG001
    """REC-1: the refusal says so."""
    Recording.update(status="missing").execute()
    answer = supervisor.post(f"/recordings/{NAME}/listen")
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "recording_not_stored")
    assert recording_of("acme", NAME).status == "missing"


def test_the_policy_is_in_force_at_once(web: Web, admin: Person, supervisor: Person) -> None:
    """REC-1: company, queues and agents; the call path has it, the audit knows, and saving a queue keeps it."""
    before = admin.get("/config/recording").json
    assert (before["record"], before["pause_s"], before["days"]) == (False, 120, None)
    wish = before | {"record": True, "pause_s": 60, "days": 90, "queues": {"q1": False}, "agents": {"acme-a1": True}}
    assert supervisor.put("/config/recording", json=wish).status_code == 403
    saved = admin.put("/config/recording", json=wish).json
    assert (saved["queues"]["q1"], saved["agents"]["acme-a1"], saved["agents"]["acme-a2"]) == (False, True, None)
    queue = admin.get("/config/queues/q1").json
    assert queue["record"] is False
    assert admin.put("/config/queues/q1", json=queue | {"name": "Renamed"}).status_code == 200
    config = web.services.use_cases().work.configurations.tenant("acme")
    assert config is not None
    assert (config.record, config.record_pause_s) == (True, 60)
    assert (config.queues["q1"].record, config.agents["acme-a1"].record) == (False, True)
    (changed,) = changes_of("acme", "recording", "policy")
    assert (changed.before["record"], changed.after["days"]) == (False, 90)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"pause_s": 5}, "pause_s"),
        ({"days": 0}, "days"),
        ({"queues": {"nowhere": True}}, "queues"),
        ({"agents": {"other-a1": True}}, "agents"),
    ],
)
def test_a_wrong_policy_changes_nothing(admin: Person, wrong: dict[str, object], field: str) -> None:
    """REC-1, SAFE-3: the field is named, agents of other companies don't exist, and nothing is changed."""
    before = admin.get("/config/recording").json
    answer = admin.put("/config/recording", json=before | {"record": True} | wrong)
    assert answer.status_code == 422
    assert field in answer.json["error"]["fields"]
    assert admin.get("/config/recording").json == before


def test_an_agent_pauses_the_recording(live: LiveCalls, web: Web, admin: Person, log_in: LogIn) -> None:  # noqa: ARG001
    """REC-1: by button or API, the own call's only; the desk shows it at once."""
    wish = admin.get("/config/recording").json | {"record": True}
    admin.put("/config/recording", json=wish)
    live.online("acme", "acme-a1")
    live.wait("acme", "call-1")
    live.talk("acme", "call-1")
    agent = log_in("agent@acme")
    running = agent.get("/agents/me").json["call"]["recording"]
    assert (running["paused"], running["off"]) == (None, False)
    assert agent.post("/calls/call-1/recording/pause").status_code == 200
    paused = agent.get("/agents/me").json["call"]["recording"]
    assert paused["until"] - paused["paused"] == 120_000_000
    assert agent.post("/calls/call-1/recording/resume").status_code == 200
    assert agent.get("/agents/me").json["call"]["recording"]["paused"] is None
    again = agent.post("/calls/call-1/recording/resume")
    assert (again.status_code, again.json["error"]["id"]) == (409, "call_not_ready")
    assert log_in("supervisor@acme").post("/calls/call-1/recording/pause").status_code == 404
