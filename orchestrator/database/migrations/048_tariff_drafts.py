"""Tariffs are written as drafts before they are published; companies change tariffs at a moment."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the tables; companies that are billed have paid by their tariff from the beginning."""

    @migrator.create_model
    class TariffDraft(pw.Model):
        tariff = pw.TextField(primary_key=True)
        name = pw.TextField()
        document = pw.JSONField()
        edited = pw.BigIntegerField()
        edited_by = pw.TextField()

        class Meta:
            table_name = "tariff_draft"

    @migrator.create_model
    class TariffAssignment(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        tariff = pw.TextField()
        since = pw.BigIntegerField()
        at = pw.BigIntegerField()
        who = pw.TextField(default="")

        class Meta:
            table_name = "tariff_assignment"
            indexes = ((("tenant", "since"), True),)

    if not fake:
        migrator.sql(
            "INSERT INTO tariff_assignment (tenant, tariff, since, at, who) "
            "SELECT tenant_id, tariff_id, 0, since, '' FROM billing_account"
        )
