"""Webhooks: where other systems are told what happens, and what became of each message."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the tables."""

    @migrator.create_model
    class Webhook(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        name = pw.TextField()
        url = pw.TextField()
        events = pw.JSONField()
        salt = pw.TextField()
        active = pw.BooleanField()
        created = pw.BigIntegerField()
        created_by = pw.TextField()
        failures = pw.IntegerField()
        failing_since = pw.BigIntegerField(null=True)
        retry_at = pw.BigIntegerField(null=True)
        paused_at = pw.BigIntegerField(null=True)

        class Meta:
            table_name = "webhook"
            indexes = ((("tenant", "name"), True),)

    @migrator.create_model
    class WebhookDelivery(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        webhook = pw.ForeignKeyField(column_name="webhook_id", field="id", model=Webhook, on_delete="CASCADE")
        event_id = pw.TextField()
        type = pw.TextField()
        body = pw.TextField()
        created = pw.BigIntegerField()
        status = pw.TextField()
        due = pw.BigIntegerField(null=True)
        until = pw.BigIntegerField()
        attempts = pw.IntegerField()
        attempted = pw.BigIntegerField(null=True)
        code = pw.IntegerField(null=True)
        ms = pw.IntegerField(null=True)
        error = pw.TextField()

        class Meta:
            table_name = "webhook_delivery"
            indexes = (
                (("webhook", "event_id"), True),
                (("webhook", "status", "due"), False),
                (("webhook", "created", "id"), False),
                (("status", "due"), False),
            )
