"""Seats: orders that run out, companies suspended, seats assigned, calls refused."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null where nothing was said."""
    migrator.add_fields("billing_order", until=pw.DateField(null=True))
    migrator.add_fields("tenant", suspended=pw.BigIntegerField(null=True), suspended_reason=pw.TextField(null=True))
    migrator.add_fields("agent", seat=pw.BooleanField(null=True))
    migrator.add_fields("user", chat_seat=pw.BooleanField(null=True))
    migrator.add_fields("call_record", refused=pw.TextField(null=True))
