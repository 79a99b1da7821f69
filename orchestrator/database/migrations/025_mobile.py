"""Agents' mobiles and how they are rung, and the PINs of the agents' service."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null where nothing was said, which is as before."""
    migrator.add_fields("agent", mobile=pw.TextField(null=True), pin=pw.TextField(null=True))
    migrator.add_fields("tenant", mobile=pw.JSONField(null=True))
    migrator.add_fields("queue", mobile_prompt=pw.TextField(null=True), mobile_shows=pw.TextField(null=True))
    migrator.add_fields("trunk", passes_on=pw.BooleanField(null=True))
