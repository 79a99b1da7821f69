"""Tokens with rights of their own, and tokens that belong to a company instead of a person."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Tokens that there are keep all rights of their people (scopes null)."""
    migrator.drop_not_null("api_token", "user")
    migrator.add_fields("api_token", scopes=pw.JSONField(null=True), created_by=pw.TextField(null=True))
