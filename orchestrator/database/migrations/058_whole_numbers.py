"""Calls are found by the number they came to as by the caller's: a whole number is looked up, not searched."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the index."""
    migrator.add_index("call_record", "tenant", "number", "arrived")
