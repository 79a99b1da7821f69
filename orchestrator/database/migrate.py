"""Bringing the tables up to date, forward only, from empty or from any earlier version."""

from pathlib import Path

from peewee import Database
from peewee_migrate import Router

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> list[str]:
    """Run the migrations that the database has not had yet and return their names."""
    return list(_router(database).run())


def pending_migrations(database: Database) -> list[str]:
    """Name the migrations that `migrate` would run."""
    return list(_router(database).diff)


def _router(database: Database) -> Router:
    return Router(database, migrate_dir=MIGRATIONS)
