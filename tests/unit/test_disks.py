"""Room left on the disks, told before it is gone (OPS-1)."""

import tempfile
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from orchestrator.disks import rooms, scarce
from orchestrator.settings import Settings
from workers.jobs import watch_disks

#: More than any disk has, megabytes.
ENDLESS = 10**12


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation on one disk, with SQLite."""
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ZUOXI_DATABASE_URL", f"sqlite:///{tmp_path}/db/zuoxi.db")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Settings()


def test_every_place_that_is_written_to_is_looked_at(settings: Settings, tmp_path: Path) -> None:
    """OPS-1: also one that is made with its first file, and a database of one's own only where it is a file."""
    found = {room.place: room for room in rooms(settings)}
    assert set(found) == {"data", "database", "sounds", "recordings", "store", "temporary"}
    assert {room.folder for room in found.values()} == {tmp_path}
    assert all(room.free > 0 for room in found.values())
    elsewhere = settings.model_copy(update={"database_url": "postgresql://zuoxi@db/zuoxi"})
    assert "database" not in {room.place for room in rooms(elsewhere)}


def test_little_room_is_logged(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-1: once a disk, with what is left; nothing while there is enough."""
    assert scarce(settings.model_copy(update={"disk_free_mb": 0})) == []
    monkeypatch.setenv("ZUOXI_DISK_FREE_MB", str(ENDLESS))
    with capture_logs() as logs:
        watch_disks()
    (line,) = logs
    assert (line["event"], line["place"], line["log_level"]) == ("little room left", "data", "warning")
