"""E-mail: who is told of what, and every message with what became of it."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the tables."""

    @migrator.create_model
    class NoticeSetting(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"], unique=True)
        language = pw.TextField()
        recipients = pw.JSONField()

        class Meta:
            table_name = "notice_setting"

    @migrator.create_model
    class Mail(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        key = pw.TextField()
        recipient = pw.TextField()
        subject = pw.TextField()
        text = pw.TextField()
        html = pw.TextField()
        created = pw.BigIntegerField()
        sent = pw.BigIntegerField(null=True)
        error = pw.TextField()

        class Meta:
            table_name = "mail"
            indexes = ((("tenant", "key", "recipient"), True), (("sent", "created"), False))
