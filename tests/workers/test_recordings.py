"""The jobs that store recordings, delete them, and take up what was left undone (REC-1)."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from peewee import Database
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.connection import bound_database
from orchestrator.database.models import Recording, Tenant
from orchestrator.database.recordings import Status, begin_deletion, hold_recording, recording_of, write_recordings
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import (
    Event,
    RecordingBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)
from orchestrator.job_board import JobBoard
from orchestrator.jobs import STORE_RECORDING, Jobs, QueueName
from orchestrator.recordings.errors import BrokenSoundError, NotThereError
from tests.support.tapes import write_tape
from tests.workers.stories import NINE, S, arrived, ended, stream
from workers import recordings as jobs
from workers.bills import now_us
from workers.jobs import care_for_recordings, delete_recording, store_recording, write_events
from workers.worker import JobWorker

DAY = 24 * 3600 * S


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Path:
    """The switch's folder; the store is beside it."""
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZUOXI_REDIS_URL", redis_url)
    return tmp_path / "recordings"


@pytest.fixture
def demo(database: Database, folder: Path) -> Tenant:  # noqa: ARG001
    """A tenant, of each kind of database."""
    return Tenant.create(id="demo", name="Demo")


def _kept(folder: Path, kind: str) -> list[Path]:
    return sorted((folder.parent / "store").rglob(f"*.{kind}"))


def _tape(folder: Path, seconds: float = 2.0, ended_at: int = NINE, told_ms: int | None = None) -> str:
    """A recording whose call has ended, with the switch's file if it has a length; returns its name."""
    name = str(uuid4())
    path = f"demo/20260105/{name}.wav"
    row = {"recording": name, "kind": "call", "call": "c1", "queue": "sales", "agent": "1002", "path": path}
    times = {"begun": ended_at - 2 * S, "started": ended_at - 2 * S, "ended": ended_at, "told_ms": told_ms}
    assert write_recordings("demo", [{**row, **times, "pauses": []}]) == [name]
    if seconds:
        write_tape(folder / path, seconds)
    return name


@pytest.mark.usefixtures("demo")
def test_a_recording_is_stored_once(folder: Path) -> None:
    """REC-1: compressed, with checksum, length, size and waveform; the switch's file is gone; again changes nothing."""
    name = _tape(folder)
    store_recording("demo", name)
    row = recording_of("demo", name)
    (sound,) = _kept(folder, "ogg")
    assert row.status == Status.STORED
    assert (row.ms, row.channels, row.problem, row.size) == (2000, 2, "", sound.stat().st_size)
    assert row.sha256 == sha256(sound.read_bytes()).hexdigest()
    assert len(_kept(folder, "json")) == 1
    assert _kept(folder, "wav") == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    before = row.stored_at
    store_recording("demo", name)
    assert recording_of("demo", name).stored_at == before


@pytest.mark.usefixtures("demo")
def test_the_wav_is_kept_too_where_wanted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REC-1: `recordings_keep_wav` keeps the file as it came, with a checksum of its own."""
    monkeypatch.setenv("ZUOXI_RECORDINGS_KEEP_WAV", "true")
    name = _tape(folder)
    store_recording("demo", name)
    (wav,) = _kept(folder, "wav")
    assert recording_of("demo", name).wav_sha256 == sha256(wav.read_bytes()).hexdigest()


@pytest.mark.usefixtures("demo")
def test_what_is_missing_or_broken_is_seen_and_tried_again(folder: Path) -> None:
    """REC-1: the row says what is wrong, the job fails for another try, and once the file is there all is well."""
    name = _tape(folder, seconds=0)
    with pytest.raises(NotThereError):
        store_recording("demo", name)
    assert recording_of("demo", name).status == Status.MISSING
    path = folder / recording_of("demo", name).path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    with pytest.raises(BrokenSoundError):
        store_recording("demo", name)
    assert recording_of("demo", name).status == Status.BROKEN
    write_tape(path)
    store_recording("demo", name)
    row = recording_of("demo", name)
    assert (row.status, row.problem) == (Status.STORED, "")


@pytest.mark.usefixtures("demo")
def test_a_file_shorter_than_the_switch_told_is_marked(folder: Path) -> None:
    """REC-1: it is stored all the same."""
    name = _tape(folder, seconds=2, told_ms=60_000)
    store_recording("demo", name)
    row = recording_of("demo", name)
    assert (row.status, row.problem) == (Status.STORED, "short")


@pytest.mark.usefixtures("demo")
def test_a_worker_killed_between_storing_and_noting_does_it_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REC-1, SAFE-1: the files are there, the row isn't written: the next try ends in one stored recording."""
    name = _tape(folder)

    def dies(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "mark_stored", dies)
        with pytest.raises(KeyboardInterrupt):
            store_recording("demo", name)
    assert recording_of("demo", name).status == Status.EXPECTED
    store_recording("demo", name)
    assert recording_of("demo", name).status == Status.STORED
    assert len(_kept(folder, "ogg")) == 1


@pytest.mark.usefixtures("demo")
def test_no_path_leaves_the_tenants_folder(folder: Path) -> None:
    """SAFE-3: a row that names another place is refused, not followed."""
    name = _tape(folder)
    write_tape(folder / "other" / "20260105" / f"{name}.wav")
    Recording.update(path=f"demo/../other/20260105/{name}.wav").execute()
    with pytest.raises(ValueError, match="not in the folder of demo"):
        store_recording("demo", name)
    assert (folder / "other" / "20260105" / f"{name}.wav").exists()


def test_retention_deletes_what_is_too_old_and_not_held(folder: Path, demo: Tenant, redis: "Redis") -> None:
    """REC-1: after the tenant's days the files go, and the row says when and by whom; a hold keeps them."""
    now = now_us()
    old, held, young = (_tape(folder, ended_at=now - days * DAY) for days in (31, 31, 29))
    for name in (old, held, young):
        store_recording("demo", name)
    hold_recording("demo", held, True)
    care_for_recordings()
    assert recording_of("demo", old).status == Status.STORED, "without a limit nothing is deleted"
    demo.recordings_days = 30
    demo.save()
    for _ in range(2):
        care_for_recordings()
    gone = recording_of("demo", old)
    assert (gone.status, gone.deleted_by, gone.key) == (Status.DELETED, "retention", None)
    assert gone.deleted_at is not None
    assert {recording_of("demo", name).status for name in (held, young)} == {Status.STORED}
    assert len(_kept(folder, "ogg")) == len(_kept(folder, "json")) == 2
    assert Queue("recordings", connection=redis, serializer=JSONSerializer).count == 0


@pytest.mark.usefixtures("demo")
def test_what_was_lost_is_taken_up_again(folder: Path, redis: "Redis") -> None:
    """REC-1, SAFE-1: jobs lost with Redis are enqueued again, each once; deletions that were begun are ended."""
    lost, dying, fresh = _tape(folder), _tape(folder), _tape(folder, ended_at=now_us())
    store_recording("demo", dying)
    assert begin_deletion("demo", dying, "7", NINE)
    for _ in range(2):
        care_for_recordings()
    queue = Queue("recordings", connection=redis, serializer=JSONSerializer)
    assert queue.job_ids == [f"recording_demo_{lost}"]
    assert recording_of("demo", fresh).status == Status.EXPECTED
    assert recording_of("demo", dying).status == Status.DELETED
    assert _kept(folder, "ogg") == []


@pytest.mark.usefixtures("demo")
def test_what_is_deleted_before_it_was_stored_leaves_no_file(folder: Path) -> None:
    """REC-1: neither at the switch nor in the store, whichever job comes first."""
    name = _tape(folder)
    begin_deletion("demo", name, "7", NINE)
    store_recording("demo", name)
    delete_recording("demo", name)
    assert recording_of("demo", name).status == Status.DELETED
    assert [path for path in folder.parent.rglob("*.*") if path.suffix in (".wav", ".ogg", ".json")] == []


def _events(call: str, name: str) -> list[Event]:
    at = NINE + 10 * S
    marks = {"call": call, "recording": name}
    return [
        arrived(call, NINE),
        RecordingBegun(at=at, path=f"demo/20260105/{name}.wav", queue="sales", agent="1002", **marks),
        RecordingStarted(at=at + 1000, **marks),
        RecordingPaused(at=at + 5 * S, cause="agent", by="7", until=at + 125 * S, **marks),
        RecordingResumed(at=at + 9 * S, cause="agent", by="7", **marks),
        RecordingPaused(at=at + 20 * S, cause="policy", **marks),
        RecordingStopped(at=at + 30 * S, ms=30_000, **marks),
        ended(call, at + 30 * S, Outcome.CONNECTED, began=NINE),
    ]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("order", [list, reversed], ids=["in order", "late ones first"])
def test_events_become_a_recording(folder: Path, order: Callable[[list[object]], object]) -> None:
    """REC-1: with its pauses, once, however often and in which batches the events come; what was stored stays so."""
    name = str(uuid4())
    messages = stream(_events("c1", name))
    for message in order([*messages]):  # type: ignore[attr-defined]
        write_events("demo", [message])
    row = recording_of("demo", name)
    at = NINE + 10 * S
    assert (row.call, row.begun, row.started, row.ended, row.told_ms) == ("c1", at, at + 1000, at + 30 * S, 30_000)
    assert row.pauses == [[at + 5 * S, at + 9 * S, "agent"], [at + 20 * S, at + 30 * S, "policy"]]
    write_tape(folder / row.path, 30)
    store_recording("demo", name)
    write_events("demo", messages)
    assert recording_of("demo", name).status == Status.STORED


@pytest.mark.usefixtures("demo")
def test_a_stop_that_nobody_saw_is_the_calls_end(folder: Path) -> None:  # noqa: ARG001
    """REC-1, SAFE-1: the recording of a call whose RECORD_STOP was missed is known from the call's own end."""
    name = str(uuid4())
    events = [event for event in _events("c1", name) if not isinstance(event, RecordingStopped | RecordingStarted)]
    write_events("demo", stream([replace(event) for event in events]))
    row = recording_of("demo", name)
    assert (row.started, row.told_ms, row.ended) == (None, None, NINE + 40 * S)
    assert row.status == Status.EXPECTED


def test_a_full_disk_leaves_the_switchs_file(folder: Path, demo: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """REC-1, SAFE-1: what could not be stored stays where it is, for the next try."""
    name = _tape(folder)

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfileobj", full)
        with pytest.raises(OSError, match="no space"):
            store_recording("demo", name)
    row = recording_of("demo", name)
    assert (row.status, row.problem, (folder / row.path).exists()) == (Status.EXPECTED, "storage", True)
    assert _kept(folder, "part") == []
    store_recording("demo", name)
    assert recording_of("demo", name).status == Status.STORED


@pytest.mark.usefixtures("demo")
def test_a_switch_that_ended_takes_its_recording_along(folder: Path, redis: "Redis") -> None:
    """REC-1: looked for as any other, for the file may come; then it is lost, and no job waits for anybody's help."""
    name = str(uuid4())
    marks = {"call": "c1", "recording": name}
    path = f"demo/20260105/{name}.wav"
    begun = RecordingBegun(at=NINE + 10 * S, path=path, queue="sales", agent="1002", **marks)
    write_events("demo", stream([arrived("c1", NINE), begun, ended("c1", NINE + 30 * S, Outcome.LOST, began=NINE)]))
    with pytest.raises(NotThereError):
        store_recording("demo", name)
    row = recording_of("demo", name)
    assert (row.status, row.problem) == (Status.MISSING, "switch_ended")
    Jobs(redis).add(STORE_RECORDING, "demo", name, job_id="last")
    redis.hset("rq:job:last", "retries_left", 0)
    worker = JobWorker(redis, bound_database(), [QueueName.RECORDINGS])
    worker.work(burst=True, logging_level="WARNING")
    assert JobBoard(redis).dead_letters() == []
    write_tape(folder / path)
    store_recording("demo", name)
    assert recording_of("demo", name).status == Status.STORED
