"""Corrections of charges name what they correct."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns: null for what is charged first, and for corrections of before, which can't tell."""
    migrator.add_fields(
        "charge",
        corrects=pw.BigIntegerField(null=True),
        from_tariff=pw.TextField(null=True),
        from_version=pw.IntegerField(null=True),
    )
