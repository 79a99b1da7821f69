"""For how long tenants keep what grows."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table: without a row everything is kept as it was before."""

    @migrator.create_model
    class RetentionSetting(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"], unique=True)
        days = pw.JSONField()
        kept = pw.TextField()

        class Meta:
            table_name = "retention_setting"
