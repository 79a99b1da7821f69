"""Tables that people have asked for as files."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table."""

    @migrator.create_model
    class Export(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        export = pw.TextField(unique=True)
        asked_by = pw.TextField()
        kind = pw.TextField()
        wanted = pw.JSONField()
        format = pw.TextField()
        language = pw.TextField()
        created = pw.BigIntegerField()
        status = pw.TextField()
        lines = pw.BigIntegerField()
        total = pw.BigIntegerField(null=True)
        began = pw.BigIntegerField(null=True)
        ended = pw.BigIntegerField(null=True)
        key = pw.TextField(null=True)
        size = pw.BigIntegerField(null=True)
        error = pw.TextField()
        expires = pw.BigIntegerField()

        class Meta:
            table_name = "export"
            indexes = (
                (("tenant", "asked_by", "created", "id"), False),
                (("status", "created"), False),
                (("expires",), False),
            )
