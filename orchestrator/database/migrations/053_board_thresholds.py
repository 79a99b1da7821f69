"""From which figures on the wallboards warn."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table."""

    @migrator.create_model
    class BoardThresholds(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"], unique=True)
        company = pw.JSONField()
        queues = pw.JSONField()

        class Meta:
            table_name = "board_thresholds"
