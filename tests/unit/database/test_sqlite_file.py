"""A SQLite file that is renamed, removed or put back while processes have it open, or whose disk is full (SAFE-1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database, OperationalError

from orchestrator.database import sqlite_file
from orchestrator.database.connection import answers, open_database, trouble
from orchestrator.database.migrate import migrate
from orchestrator.database.models import Tenant
from orchestrator.database.sqlite_file import DatabaseGoneError
from tests.support.databases import migrated_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file lies."""
    return tmp_path / "zuoxi.db"


@pytest.fixture
def running(path: Path) -> Iterator[Database]:
    """A database that a process has written into already."""
    path.write_bytes(migrated_file())
    database = open_database(f"sqlite:///{path}")
    Tenant.create(id="before", name="Before")
    yield database
    database.close()


def tenants() -> list[str]:
    return [row.id for row in Tenant.select().order_by(Tenant.id)]


@pytest.mark.parametrize("removed", [False, True])
def test_nothing_is_written_into_a_file_that_is_gone(running: Database, path: Path, removed: bool) -> None:
    """SAFE-1, CDR-1: it would be lost at the next start; no empty file takes its place either."""
    path.unlink() if removed else path.rename(path.with_suffix(".old"))
    for _ in range(2):
        with pytest.raises(DatabaseGoneError), running.atomic():
            Tenant.create(id="lost", name="Lost")
        with pytest.raises(DatabaseGoneError):
            Tenant.create(id="lost", name="Lost")
    assert not answers(running)
    assert not path.exists()


def test_a_file_that_is_put_back_is_opened_by_itself(running: Database, path: Path) -> None:
    """SAFE-1: renamed and back; what was written before is there, and work goes on."""
    path.rename(path.with_suffix(".old"))
    assert not answers(running)
    path.with_suffix(".old").rename(path)
    assert answers(running)
    Tenant.create(id="later", name="Later")
    assert tenants() == ["before", "later"]


def test_another_file_in_its_place_is_left_alone(running: Database, path: Path) -> None:
    """SAFE-1: what SQLite keeps beside the first file belongs to that one; a transaction that runs ends in its own."""
    other = path.with_suffix(".other")
    running.execute_sql("VACUUM INTO ?", (str(other),))
    with running.atomic():
        Tenant.create(id="late", name="Late")
        path.rename(path.with_suffix(".old"))
        other.rename(path)
    with pytest.raises(DatabaseGoneError, match="another file"):
        tenants()
    assert not answers(running)
    path.with_suffix(".old").rename(path)
    assert tenants() == ["before", "late"]


def test_only_migrating_makes_a_file(path: Path) -> None:
    """OPS-1: a worker, a page or a command that finds none says so, and leaves none behind."""
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(DatabaseGoneError, match=str(path)):
        database.execute_sql("SELECT 1")
    assert not path.exists()
    assert migrate(database)
    database.close()


def test_its_folder_is_made_too(tmp_path: Path) -> None:
    """OPS-1: `zuoxi run` with its data elsewhere has no folder for the database yet."""
    database = open_database(f"sqlite:///{tmp_path}/not/there/zuoxi.db")
    assert migrate(database)
    database.close()


def test_a_full_disk_is_what_is_told(running: Database) -> None:
    """OPS-1: SQLite ends the transaction itself; what cannot be ended again must not hide why. Room, and it goes on."""
    pages = running.execute_sql("PRAGMA page_count").fetchone()[0]
    running.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OperationalError, match="disk is full"), running.atomic():
        Tenant.create(id="long", name="Long" * 100_000)
    assert tenants() == ["before"]
    running.execute_sql("PRAGMA max_page_count = 1000000")
    with running.atomic():
        Tenant.create(id="later", name="Later")
    assert tenants() == ["before", "later"]


def test_no_jobs_are_done_without_room(running: Database, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDR-1: a database that answers, but has no room to write, would fail every job at once until none has a try."""
    assert trouble(running) == ""
    monkeypatch.setattr(sqlite_file, "LEAST_ROOM", 2**80)
    assert trouble(running) == "the disk of the database is full"
    path.rename(path.with_suffix(".old"))
    assert trouble(running) == "database does not answer"
