"""Opening the database: SQLite, or PostgreSQL through psycopg 3 (psycopg2 would freeze gevent's hub)."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from peewee import Database, OperationalError, PeeweeException, PostgresqlDatabase
from playhouse.db_url import parse
from playhouse.pool import PooledDatabase
from playhouse.postgres_ext import PooledPsycopg3Database
from psycopg.errors import QueryCanceled

from orchestrator.database.models import TABLES
from orchestrator.database.sqlite_file import FileDatabase

#: A writer waits this long (ms) for another one before it fails. Readers never wait in WAL mode.
BUSY_MS = 10_000

#: PostgreSQL: who finds all of the process' connections in use waits this long (s) for one.
WAIT_S = 10

SQLITE_PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": BUSY_MS}


def open_database(url: str) -> Database:
    """Open the database of the process and bind all tables to it; opening another one binds them anew.

    `url` is `sqlite:///FILE` (relative) or `sqlite:////FILE` (absolute), or `postgresql://USER:PASSWORD@HOST/NAME`.
    Nothing is connected yet: that happens on first use, once a thread or greenlet; `connection_context()` gives the
    connection back. Raises ValueError for other URLs.
    """
    database = _make(url)
    database.bind(TABLES)
    return database


def bound_database() -> Database:
    """Return the database that the tables are bound to; raises RuntimeError before `open_database`."""
    database: Database | None = TABLES[0]._meta.database
    if database is None:
        raise RuntimeError("no database is open: call open_database first")
    return database


def answers(database: Database) -> bool:
    """Tell whether the database answers; a broken connection is dropped, so that the next use opens another."""
    try:
        database.execute_sql("SELECT 1")
    except PeeweeException:
        if isinstance(database, PooledDatabase):
            database.manual_close()
        else:
            database.close()
        return False
    return True


def trouble(database: Database) -> str:
    """Say why no job should be done now: the database does not answer, or its file has no room; empty if it's well."""
    if not answers(database):
        return "database does not answer"
    full = isinstance(database, FileDatabase) and not database.has_room()
    return "the disk of the database is full" if full else ""


def _make(url: str) -> Database:
    match urlsplit(url).scheme:
        case "sqlite":
            # Taking the write lock at the start of a transaction is what makes waiting for it possible.
            return FileDatabase(parse(url)["database"], pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE")
        case "postgresql" | "postgres":
            where = parse(url, unquote_password=True)
            pooled: Database = PooledPsycopg3Database(**where, stale_timeout=300, timeout=WAIT_S)
            return pooled
        case scheme:
            raise ValueError(f"database_url begins with {scheme!r}: use sqlite:///FILE or postgresql://...")


class TooSlowError(Exception):
    """The database was not ready in the time that it had."""


@contextmanager
def quickly(database: Database, ms: int) -> Iterator[None]:
    """Let no statement of a block take longer than so many ms, raises TooSlowError. Not inside of a transaction.

    SQLite, which has no such limit, takes as long as it takes.
    """
    if not isinstance(database, PostgresqlDatabase):
        yield
        return
    try:
        with database.atomic():
            database.execute_sql(f"SET LOCAL statement_timeout = {ms}")
            yield
    except OperationalError as error:
        if isinstance(error.__context__, QueryCanceled):
            raise TooSlowError from error
        raise


@contextmanager
def one_writer(database: Database, name: str) -> Iterator[None]:
    """Run a transaction that no other of the same name runs beside, in any process."""
    with database.atomic():
        if isinstance(database, PostgresqlDatabase):
            database.execute_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (name,))
        yield
