"""The blacklist; where a tenant's numbers belong; which entry refused a call."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table and add the columns: null where SQLite would make the table again, and lose who refers to it."""

    @migrator.create_model
    class BlacklistEntry(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        number = pw.TextField()
        entry = pw.TextField()
        direction = pw.TextField()
        description = pw.TextField(default="")
        expires = pw.BigIntegerField(null=True)
        created = pw.BigIntegerField()
        created_by = pw.TextField()
        hits = pw.IntegerField(default=0)
        last_hit = pw.BigIntegerField(null=True)

        class Meta:
            table_name = "blacklist_entry"
            indexes = ((("tenant", "entry"), True), (("tenant", "created", "id"), False))

    migrator.add_fields("tenant", country=pw.TextField(null=True))
    migrator.add_fields("call_record", blocked_by=pw.TextField(null=True))
    migrator.add_index("call_record", "tenant", "blocked_by", "ended")
