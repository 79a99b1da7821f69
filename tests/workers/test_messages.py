"""Messages that are none are thrown away by the worker that would store them (QUEUE-1)."""

from pathlib import Path
from uuid import uuid4

import pytest
from peewee import Database

from orchestrator.database.models import Tenant
from orchestrator.database.recordings import Status, recording_of, write_recordings
from orchestrator.database.voicemails import list_messages, write_messages
from tests.support.tapes import write_tape
from tests.workers.stories import NINE, S
from workers.jobs import store_recording


@pytest.fixture
def folder(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Path:  # noqa: ARG001
    """The switch's folder, and a tenant, of each kind of database; the store is beside it."""
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZUOXI_REDIS_URL", redis_url)
    Tenant.create(id="demo", name="Demo")
    return tmp_path / "recordings"


@pytest.mark.parametrize(
    ("least_ms", "told_ms", "seconds", "status"),
    [
        (None, 2000, 2.0, Status.DELETED),
        (None, 2500, 2.5, Status.STORED),
        (4000, 2500, 2.5, Status.DELETED),
        (4000, None, 3.9, Status.DELETED),
        (1000, 1500, 1.5, Status.STORED),
    ],
)
def test_a_message_that_is_too_short_is_none(
    folder: Path, least_ms: int | None, told_ms: int | None, seconds: float, status: Status
) -> None:
    """QUEUE-1: what is no longer than the company wants is thrown away with its file; whoever reads sees no message."""
    name = _message(folder, seconds, told_ms, least_ms)
    store_recording("demo", name)
    row = recording_of("demo", name)
    assert row.status == status
    stored = status is Status.STORED
    assert (len([*(folder.parent / "store").rglob("*.ogg")]), len(list_messages("demo", None).items)) == (
        stored,
        stored,
    )
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_silence_is_no_message(folder: Path) -> None:
    """QUEUE-1: the caller has said nothing until silence ended it."""
    name = _message(folder, 5.0, 5000, None, silent=True)
    store_recording("demo", name)
    assert recording_of("demo", name).status == Status.DELETED


def _message(folder: Path, seconds: float, told_ms: int | None, least_ms: int | None, silent: bool = False) -> str:
    name = str(uuid4())
    path = f"demo/20260105/{name}.wav"
    row = {"recording": name, "kind": "voicemail", "call": "c1", "queue": "sales", "agent": None, "path": path}
    times = {"begun": NINE - 5 * S, "started": NINE - 4 * S, "ended": NINE, "told_ms": told_ms, "least_ms": least_ms}
    rows = [{**row, **times, "pauses": []}]
    write_recordings("demo", rows)
    write_messages("demo", rows)
    write_tape(folder / path, seconds, silent=silent)
    return name
