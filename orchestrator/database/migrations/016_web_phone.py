"""Web phones' passwords belong to a log-in and a page; call forms; how long a lost device is waited for."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table and add the columns: null where SQLite would make the table again, and lose who refers to it."""

    @migrator.create_model
    class CallForm(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        call = pw.TextField()
        agent = pw.TextField()
        notes = pw.TextField(default="")
        disposition = pw.TextField(default="")
        tags = pw.JSONField(default=list)
        saved = pw.BigIntegerField()

        class Meta:
            table_name = "call_form"
            indexes = ((("tenant", "call", "agent"), True), (("tenant", "saved"), False))

    migrator.add_fields("sip_credential", login=pw.TextField(null=True), page=pw.TextField(null=True))
    migrator.add_fields("tenant", device_grace_s=pw.IntegerField(null=True))
