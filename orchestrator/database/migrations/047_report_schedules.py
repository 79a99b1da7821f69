"""Reports that are sent by e-mail, and files that go with messages."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table, and give messages a file."""

    @migrator.create_model
    class ReportSchedule(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        name = pw.TextField()
        period = pw.TextField()
        hour = pw.IntegerField()
        report = pw.JSONField()
        recipients = pw.JSONField()
        format = pw.TextField()
        language = pw.TextField()
        active = pw.BooleanField()
        since = pw.BigIntegerField()
        created_by = pw.TextField()
        last_due = pw.BigIntegerField(null=True)
        last_at = pw.BigIntegerField(null=True)
        last_key = pw.TextField()
        error = pw.TextField()

        class Meta:
            table_name = "report_schedule"
            indexes = ((("tenant", "name"), True),)

    migrator.add_fields("mail", file_name=pw.TextField(null=True), file=pw.BlobField(null=True))
