"""Trunks, and which of them owned numbers belong to."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add table and column: numbers belong to no trunk until the operator says so."""
    migrator.add_fields("number", trunk=pw.TextField(null=True))

    @migrator.create_model
    class Trunk(pw.Model):
        id = pw.BigAutoField()
        name = pw.TextField(unique=True)
        rewrite = pw.JSONField(default=list)

        class Meta:
            table_name = "trunk"
