"""Prompts and their versions."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create both tables."""

    @migrator.create_model
    class Prompt(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(
            column_name="tenant_id", field="id", model=migrator.orm["tenant"], on_delete="CASCADE"
        )
        key = pw.TextField()
        name = pw.TextField()
        kind = pw.TextField()
        current = pw.IntegerField(null=True)
        created = pw.BigIntegerField()
        updated = pw.BigIntegerField()

        class Meta:
            table_name = "prompt"
            indexes = ((("tenant", "key"), True), (("tenant", "kind", "name"), True))

    @migrator.create_model
    class PromptVersion(pw.Model):
        id = pw.BigAutoField()
        prompt = pw.ForeignKeyField(
            column_name="prompt_id", field="id", model=migrator.orm["prompt"], on_delete="CASCADE"
        )
        number = pw.IntegerField()
        source = pw.TextField()
        text = pw.TextField(default="")
        language = pw.TextField(default="")
        voice = pw.TextField(default="")
        upload = pw.TextField(default="")
        file_name = pw.TextField(default="")
        status = pw.TextField(default="pending")
        error = pw.TextField(default="")
        error_details = pw.JSONField(default=dict)
        sha = pw.TextField(default="")
        path = pw.TextField(default="")
        ms = pw.IntegerField(default=0)
        size = pw.IntegerField(default=0)
        created = pw.BigIntegerField()
        updated = pw.BigIntegerField()

        class Meta:
            table_name = "prompt_version"
            indexes = ((("prompt", "number"), True),)
