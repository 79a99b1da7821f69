"""Legs know the telephone outside that they rang, by which they are charged."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the column."""
    migrator.add_fields("call_leg", number=pw.TextField(null=True))
