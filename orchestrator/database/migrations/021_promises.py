"""Promises to call back are found at once, however many events there are: an index of those few."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the index."""
    migrator.sql("CREATE INDEX call_event_promised ON call_event (tenant, at) WHERE type = 'callback_promised'")
