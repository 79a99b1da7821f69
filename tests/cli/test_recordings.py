"""`zuoxi recordings`: what is kept is what was stored (REC-1)."""

from pathlib import Path
from uuid import uuid4

import pytest

from orchestrator.database.connection import open_database
from orchestrator.database.models import Tenant
from orchestrator.database.recordings import recording_of, write_recordings
from tests.cli.conftest import Zuoxi
from tests.support.tapes import write_tape
from workers.jobs import store_recording


def _stored(data_dir: Path) -> Path:
    """Store a recording; returns its file."""
    name = str(uuid4())
    path = f"acme/20261128/{name}.wav"
    row = {"recording": name, "kind": "call", "call": "c1", "queue": None, "agent": None, "path": path}
    write_recordings("acme", [{**row, "begun": 1, "started": 1, "ended": 2, "told_ms": None, "pauses": []}])
    write_tape(data_dir / "recordings" / path, 0.2)
    store_recording("acme", name)
    return data_dir / "store" / str(recording_of("acme", name).key)


@pytest.fixture
def files(zuoxi: Zuoxi, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three stored recordings, each kept compressed and as it came."""
    monkeypatch.setenv("ZUOXI_RECORDINGS_KEEP_WAV", "true")
    assert zuoxi("init").exit_code == 0
    open_database(f"sqlite:///{data_dir}/zuoxi.db")
    Tenant.create(id="acme", name="Acme")
    return [_stored(data_dir) for _ in range(3)]


def test_intact_recordings_are_counted(zuoxi: Zuoxi, files: list[Path]) -> None:  # noqa: ARG001
    """REC-1: both files of each; a company without any has none."""
    done = zuoxi("recordings", "verify")
    assert (done.exit_code, done.output) == (0, "6 files intact, 0 changed, 0 lost.\n")
    assert zuoxi("recordings", "verify", "--tenant", "other").output == "0 files intact, 0 changed, 0 lost.\n"


def test_changed_and_lost_files_are_named(zuoxi: Zuoxi, files: list[Path]) -> None:
    """REC-1: one byte is enough; the command fails, so that a watch over it notices."""
    changed, lost, _ = files
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    lost.unlink()
    done = zuoxi("recordings", "verify")
    assert done.exit_code == 1
    assert "4 files intact, 1 changed, 1 lost." in done.output
    assert f"changed: acme recording {changed.stem}, call c1" in done.output
    assert f"lost: acme recording {lost.stem}, call c1" in done.output
