"""Where other systems are told what happens, and what became of each message (API-1)."""

from peewee import BigIntegerField, BooleanField, ForeignKeyField, IntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class Webhook(NumberedTable):
    """An address of a tenant's that is told the named kinds of `events`. Its secret is made of `salt`, never stored.

    `failures` in a row since `failing_since`; nothing is sent before `retry_at`. `paused_at` is set, and `active` not,
    when it was switched off because it failed for too long.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="webhooks")
    name = TextField()
    url = TextField()
    events = JSONField()
    salt = TextField()
    active = BooleanField(default=True)
    created = BigIntegerField()
    created_by = TextField()
    failures = IntegerField(default=0)
    failing_since = BigIntegerField(null=True)
    retry_at = BigIntegerField(null=True)
    paused_at = BigIntegerField(null=True)

    class Meta:
        """People tell them apart by their names."""

        indexes = ((("tenant", "name"), True),)


class WebhookDelivery(NumberedTable):
    """One message to one webhook, once an event. `body` is what is signed and sent.

    `status` is pending (next try at `due`, none after `until`), delivered or failed. `attempts` were made, the last
    one at `attempted`: `code` is the answer's status (null = none came), `ms` how long it took, `error` an id of what
    went wrong. While a try runs, `due` is when another worker may take it for lost.
    """

    tenant = TextField()
    webhook_id: int
    webhook = ForeignKeyField(Webhook, backref="deliveries", on_delete="CASCADE")
    event_id = TextField()
    type = TextField()
    body = TextField()
    created = BigIntegerField()
    status = TextField(default="pending")
    due = BigIntegerField(null=True)
    until = BigIntegerField()
    attempts = IntegerField(default=0)
    attempted = BigIntegerField(null=True)
    code = IntegerField(null=True)
    ms = IntegerField(null=True)
    error = TextField(default="")

    class Meta:
        """An event goes to a webhook once; found by what is due, and newest first."""

        indexes = (
            (("webhook", "event_id"), True),
            (("webhook", "status", "due"), False),
            (("webhook", "created", "id"), False),
            (("status", "due"), False),
        )
