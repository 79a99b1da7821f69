"""Drafts of call forms are found without looking at all forms; alerts, and until when each person has read them."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the index of drafts, the table of alerts, and the column."""
    migrator.sql("CREATE INDEX call_form_draft ON call_form (saved) WHERE closed IS NULL")
    migrator.add_fields("user", alerts_read=pw.BigIntegerField(null=True))

    @migrator.create_model
    class Alert(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        key = pw.TextField()
        kind = pw.TextField()
        what = pw.TextField()
        agent = pw.TextField(null=True)
        number = pw.TextField()
        count = pw.IntegerField()
        first = pw.BigIntegerField()
        last = pw.BigIntegerField()
        ms = pw.BigIntegerField()
        n = pw.BigIntegerField()

        class Meta:
            table_name = "alert"
            indexes = ((("tenant", "key"), True), (("tenant", "last", "id"), False))
