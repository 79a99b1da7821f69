"""Ranks of agents in a queue."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null where all agents have the first rank."""
    migrator.add_fields("queue", ranks=pw.JSONField(null=True), widen_s=pw.IntegerField(null=True))
