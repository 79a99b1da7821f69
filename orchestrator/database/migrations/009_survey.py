"""What callers are asked afterwards, and the score they give."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null for queues that ask nothing and calls without a score."""
    migrator.add_fields("queue", survey=pw.JSONField(null=True))
    migrator.add_fields("call_record", score=pw.IntegerField(null=True))
