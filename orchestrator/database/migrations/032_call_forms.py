"""Call forms: when they were closed, their tags to search by, and what a tenant lets agents choose."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the table and add the columns: null where SQLite would make the table again, and lose who refers to it."""

    @migrator.create_model
    class CallFormTag(pw.Model):
        id = pw.BigAutoField()
        form = pw.ForeignKeyField(
            column_name="form_id", field="id", model=migrator.orm["call_form"], on_delete="CASCADE"
        )
        tag = pw.TextField()

        class Meta:
            table_name = "call_form_tag"
            indexes = ((("form", "tag"), True), (("tag",), False))

    migrator.add_fields("call_form", closed=pw.BigIntegerField(null=True))
    migrator.add_fields("tenant", call_form=pw.BooleanField(null=True), form_settings=pw.JSONField(null=True))
