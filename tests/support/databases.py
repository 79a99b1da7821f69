"""Databases for tests: SQLite in a file, and a private PostgreSQL where one is installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

import psycopg
import pytest
from peewee import Database
from playhouse.pool import PooledDatabase

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from tests.support.redis_server import free_port


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


class Postgres:
    """A PostgreSQL of our own on a free port of 127.0.0.1; it can be stopped and started again."""

    def __init__(self, folder: Path, initdb: Path) -> None:
        self._folder, self._bin = folder, initdb.parent
        self._user = _unprivileged()
        self.port = free_port()
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-U", "zuoxi", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        """What open_database takes."""
        return f"postgresql://zuoxi@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start and return once it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self._folder}"
        self._run("pg_ctl", "-w", "-l", f"{self._folder}/log", "-o", options, "start")

    def stop(self) -> None:
        """Stop like a crash."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._bin / program, "-D", self._folder / "data", *arguments]
        subprocess.run(command, user=self._user, cwd=self._folder, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A running PostgreSQL, gone afterwards; skips the test where none is installed."""
    initdb = _initdb()
    if initdb is None:
        pytest.skip("no PostgreSQL here: initdb is neither on the PATH nor below /usr/lib/postgresql")
    with tempfile.TemporaryDirectory(prefix="pg") as directory:
        server = Postgres(Path(directory), initdb)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL for the whole session."""
    with running_postgres() as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database without tables, of each kind."""
    if request.param == "sqlite":
        (tmp_path / "zuoxi.db").touch()
        database = open_database(f"sqlite:///{tmp_path}/zuoxi.db")
    else:
        database = open_database(request.getfixturevalue("postgres_url"))
        database.execute_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database with all tables, of each kind: a copy of one that was migrated once, which is quicker."""
    if request.param == "sqlite":
        (tmp_path / "zuoxi.db").write_bytes(migrated_file())
        url = f"sqlite:///{tmp_path}/zuoxi.db"
    else:
        url = _copy_of_migrated(request.getfixturevalue("postgres_url"))
    database = open_database(url)
    yield database
    database.close()


@cache
def migrated_file() -> bytes:
    """Return a SQLite file with all tables."""
    with tempfile.TemporaryDirectory() as directory:
        database = open_database(f"sqlite:///{directory}/zuoxi.db")
        migrate(database)
        database.close()
        return (Path(directory) / "zuoxi.db").read_bytes()


def _copy_of_migrated(server: str) -> str:
    """Make the database `copy` of a server anew and return its URL."""
    _migrate_once(server)
    _administer(server, "DROP DATABASE IF EXISTS copy WITH (FORCE)", "CREATE DATABASE copy TEMPLATE migrated")
    return server.rpartition("/")[0] + "/copy"


@cache
def _migrate_once(server: str) -> None:
    _administer(server, "CREATE DATABASE migrated")
    database = open_database(server.rpartition("/")[0] + "/migrated")
    migrate(database)
    cast("PooledDatabase", database).close_all()


def _administer(server: str, *statements: LiteralString) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
