"""How queues call back."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the column: null for queues that call nobody back."""
    migrator.add_fields("queue", callback=pw.JSONField(null=True))
