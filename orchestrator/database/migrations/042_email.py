"""People have an e-mail address, where links to choose a password go."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the column."""
    migrator.add_fields("user", email=pw.TextField(null=True))
