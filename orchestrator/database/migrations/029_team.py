"""Roles that companies make, groups and who leads them, agents who are none any more."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the tables and add the columns: null where nothing was said."""

    @migrator.create_model
    class Role(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        key = pw.TextField()
        name = pw.TextField()
        grants = pw.JSONField(default=dict)

        class Meta:
            table_name = "role"
            indexes = ((("tenant", "key"), True), (("tenant", "name"), True))

    @migrator.create_model
    class TeamGroup(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        name = pw.TextField()

        class Meta:
            table_name = "team_group"
            indexes = ((("tenant", "name"), True),)

    migrator.add_fields("user", leads=pw.JSONField(null=True))
    migrator.add_fields("agent", removed=pw.BooleanField(null=True))
