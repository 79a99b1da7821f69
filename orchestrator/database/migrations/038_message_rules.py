"""How a company takes messages, and how long the sound of one must be to be one."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null where nothing was said, which is as before."""
    migrator.add_fields("tenant", messages=pw.JSONField(null=True))
    migrator.add_fields("recording", least_ms=pw.IntegerField(null=True))
