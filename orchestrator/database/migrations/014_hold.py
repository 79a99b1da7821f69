"""How long callers were on hold."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the column: null for calls before, which could not be held."""
    migrator.add_fields("call_record", hold_us=pw.BigIntegerField(null=True))
