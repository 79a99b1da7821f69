"""Lists, details and reports over many call records: PostgreSQL with 10,000,000, SQLite with 1,000,000, each beside
10,000 in the same kind of database.

The ten million are written as a version before the division by month had them, so that all migrations since are
measured, too. Needs some 40 GB below the folder for temporary files and two hours. Settings of the environment:
CALLS=1000000 measures fewer. SERVER=postgresql://user@host:port/postgres takes that server in place of one of its own,
and leaves what it filled there: the next run only asks. SQLITE=folder does the same for SQLite. ONLY=tag asks the
questions that have this in their name. Run: make bench-scale
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from peewee import Database
from peewee_migrate import Router
from playhouse.pool import PooledDatabase

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import MIGRATIONS, migrate, pending_migrations
from orchestrator.database.partitions import make_months
from orchestrator.domain.report_sums import Span
from orchestrator.domain.reports import Step, begin
from tests.benchmarks.many_questions import DAY, TENANT, ZONE, Times, ask_all
from tests.benchmarks.many_records import END, SPAN, fill
from tests.support.databases import running_postgres
from workers.report_sums import sum_day

SMALL, LARGE, LARGE_SQLITE = 10_000, int(os.environ.get("CALLS", 10_000_000)), 1_000_000

SUMMED_DAYS = SPAN // DAY


def _summed() -> None:
    """Have all days of the largest tenant added up, as the job does in the course of time."""
    oldest = begin(END - SUMMED_DAYS * DAY, Step.DAY, ZONE)
    with _timed(f"adding up {SUMMED_DAYS} days of the largest tenant"):
        for day in range(begin(END, Step.DAY, ZONE), oldest, -DAY):
            sum_day(TENANT, Span(day, day + DAY), ZONE, END)


def _print(title: str, large: Times, small: Times) -> None:
    print(f"\n| {title}: ms | p50 | p95 | p50 with {SMALL:,} | ratio |\n|---|---|---|---|---|")
    for name, times in large.items():
        middle, high, other = _middle(times), _high(times), _middle(small[name])
        print(f"| {name} | {middle:.1f} | {high:.1f} | {other:.1f} | {middle / other:.1f} |")


def _middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def _high(times: list[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - began:,.0f} s", flush=True)


def _before_months(database: Database, total: int) -> None:
    """Fill the tables as they were before they were divided, without the checks that slow that down."""
    Router(database, migrate_dir=MIGRATIONS).run(max(f.stem for f in MIGRATIONS.glob("0*.py") if f.stem < "039"))
    indexes = database.execute_sql(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE NOT indisunique"
        " AND indrelid::regclass::text IN ('call_event', 'call_record', 'call_leg', 'queue_stay', 'offer')"
    ).fetchall()
    for name, _ in indexes:
        database.execute_sql(f"DROP INDEX {name}")
    with _timed(f"writing {total:,} calls"), database.connection_context():
        database.execute_sql("SET session_replication_role = replica")
        fill(database, total)
        database.execute_sql("SET session_replication_role = DEFAULT")
    with _timed("their indexes"):
        for _, statement in indexes:
            database.execute_sql(statement)


def _migrated(database: Database) -> None:
    """Run the migrations since, each by itself, as an upgrade runs them."""
    for name in pending_migrations(database):
        with _timed(f"migration {name}"):
            Router(database, migrate_dir=MIGRATIONS).run(name)


def _postgres() -> None:
    with _server() as server:
        small = _asked_in(server, "small", _fill_small)
        large = _asked_in(server, "large", _fill_large)
    _print(f"PostgreSQL with {LARGE:,} calls", large, small)


@contextmanager
def _server() -> Iterator[str]:
    """Yield the URL of the server that was named, or of one of our own."""
    if "SERVER" in os.environ:
        yield os.environ["SERVER"]
    else:
        with running_postgres() as server:
            yield server.url


def _asked_in(server: str, name: str, fill_it: Callable[[Database], None]) -> Times:
    """Ask a database of the server; it gets its name once it is full, so that one left half full is made anew."""
    there = _administered(server, f"SELECT datname FROM pg_database WHERE datname = '{name}'")  # noqa: S608
    if not there:
        _administered(server, f"DROP DATABASE IF EXISTS filling_{name}")
        _administered(server, f"CREATE DATABASE filling_{name}")
        database = open_database(f"{server.rpartition('/')[0]}/filling_{name}")
        fill_it(database)
        _sizes(database)
        _close(database)
        _administered(server, f"ALTER DATABASE filling_{name} RENAME TO {name}")
    database = open_database(f"{server.rpartition('/')[0]}/{name}")
    _migrated(database)
    _summed()
    with _timed("VACUUM ANALYZE"):
        database.execute_sql("VACUUM ANALYZE")
    found = ask_all()
    _close(database)
    return found


def _administered(server: str, statement: str) -> list[object]:
    database = open_database(server)
    cursor = database.execute_sql(statement)
    found = cursor.fetchall() if cursor.description else []
    _close(database)
    return list(found)


def _fill_small(database: Database) -> None:
    migrate(database)
    for days in range(0, SPAN // DAY + 1, 28):
        make_months(database, END - days * DAY)
    fill(database, SMALL)


def _fill_large(database: Database) -> None:
    _before_months(database, LARGE)
    _sizes(database)
    _migrated(database)


def _sizes(database: Database) -> None:
    (size,) = database.execute_sql("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    print(f"the database has {size}", flush=True)


def _close(database: Database) -> None:
    if isinstance(database, PooledDatabase):
        database.close_all()
    else:
        database.close()


def _sqlite() -> None:
    small, large = SMALL, min(LARGE, LARGE_SQLITE)
    with _folder() as folder:
        found = {total: _asked_in_file(folder / f"{total}.db", total) for total in (small, large)}
    _print(f"SQLite with {large:,} calls", found[large], found[small])


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield the folder that was named, or one that is gone afterwards."""
    if "SQLITE" in os.environ:
        yield Path(os.environ["SQLITE"])
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def _asked_in_file(file: Path, total: int) -> Times:
    """Ask a SQLite database; its file gets its name once it is full."""
    if not file.exists():
        filling = file.with_suffix(".filling")
        filling.unlink(missing_ok=True)
        database = open_database(f"sqlite:///{filling}")
        migrate(database)
        with _timed(f"SQLite: writing {total:,} calls"):
            fill(database, total)
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        _close(database)
        filling.rename(file)
    database = open_database(f"sqlite:///{file}")
    _migrated(database)
    _summed()
    database.execute_sql("ANALYZE")
    found = ask_all()
    _close(database)
    return found


def main() -> None:
    """Measure both."""
    _postgres()
    _sqlite()


if __name__ == "__main__":
    main()
