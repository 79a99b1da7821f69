"""Callers who go before others: by a list of their numbers, and by the number they dial."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table and add the column: null where nothing was said."""

    @migrator.create_model
    class CallerPriority(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        number = pw.TextField()
        entry = pw.TextField()
        priority = pw.IntegerField()
        description = pw.TextField(default="")
        created = pw.BigIntegerField()
        created_by = pw.TextField()

        class Meta:
            table_name = "caller_priority"
            indexes = ((("tenant", "entry"), True), (("tenant", "created", "id"), False))

    migrator.add_fields("number", priority=pw.IntegerField(null=True))
