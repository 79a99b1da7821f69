"""Databases for tests: SQLite in a file, and a private PostgreSQL where one is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate


def _initdb() -> Path | None:
    """Find initdb on the PATH or where Debian keeps it."""
    if found := shutil.which("initdb"):
        return Path(found)
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: name a user for it, None when we are not root."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own on a free port, gone afterwards; skips where none is installed."""
    initdb = _initdb()
    if initdb is None:
        pytest.skip("no PostgreSQL here: initdb is neither on the PATH nor below /usr/lib/postgresql")
    user = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="pg") as directory:
        data = Path(directory) / "data"
        if user:
            shutil.chown(directory, user)
        run = {"user": user, "cwd": directory, "check": True, "stdout": subprocess.DEVNULL}
        subprocess.run([initdb, "-D", data, "-U", "zuoxi", "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {directory}"
        control = [initdb.parent / "pg_ctl", "-D", data, "-w"]
        subprocess.run([*control, "-l", f"{directory}/log", "-o", options, "start"], **run)
        try:
            yield f"postgresql://zuoxi@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database without tables, of each kind."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path}/zuoxi.db")
    else:
        database = open_database(request.getfixturevalue("postgres_url"))
        database.execute_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    yield database
    database.close()


@pytest.fixture
def database(empty_database: Database) -> Database:
    """An open database with all tables, of each kind."""
    migrate(empty_database)
    return empty_database
