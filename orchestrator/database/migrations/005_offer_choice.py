"""Why an offer went to its agent."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the column: null for offers made before."""
    migrator.add_fields("offer", choice=pw.JSONField(null=True))
