"""Calls that agents place: what a tenant allows, and which way a call went."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null for tenants without rules, and for records before, which are all of calls that came in."""
    migrator.add_fields("tenant", calling_out=pw.JSONField(null=True))
    migrator.add_fields("call_record", direction=pw.TextField(null=True))
