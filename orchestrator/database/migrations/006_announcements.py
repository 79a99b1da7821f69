"""Queues that tell callers their position and the estimated wait."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null for queues made before, which announce nothing."""
    migrator.add_fields(
        "queue",
        announce_position=pw.BooleanField(null=True),
        announce_wait=pw.BooleanField(null=True),
        announce_after_s=pw.IntegerField(null=True),
        announce_every_s=pw.IntegerField(null=True),
        announce_language=pw.TextField(null=True),
    )
