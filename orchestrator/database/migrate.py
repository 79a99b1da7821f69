"""Bringing the tables up to date, forward only, from empty or from any earlier version."""

import time
from pathlib import Path

import structlog
from peewee import Database
from peewee_migrate import Router

from orchestrator.database.sqlite_file import FileDatabase

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> list[str]:
    """Run the migrations that the database has not had yet, each in a transaction, and return their names.

    An upgrade tells which one is at work, for of millions of calls one may take minutes. SQLite's file is made here,
    and nowhere else.
    """
    if isinstance(database, FileDatabase):
        database.make_file()
    router = _router(database)
    names, upgrade = list(router.diff), bool(router.done)
    log = structlog.get_logger("migration")
    for n, name in enumerate(names, 1):
        if upgrade:
            log.info("begun", name=name, n=n, of=len(names))
        began = time.monotonic()
        router.run_one(name, router.migrator, fake=False)
        if upgrade:
            log.info("done", name=name, seconds=round(time.monotonic() - began, 1))
    return names


def pending_migrations(database: Database) -> list[str]:
    """Name the migrations that `migrate` would run."""
    return list(_router(database).diff)


def _router(database: Database) -> Router:
    return Router(database, migrate_dir=MIGRATIONS)
