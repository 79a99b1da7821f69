"""Who is told of what by e-mail, and the messages (API-1)."""

from peewee import BigIntegerField, BlobField, ForeignKeyField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class NoticeSetting(NumberedTable):
    """Whom a tenant wants to be told: `recipients` has addresses by kind of notice; `language` is zh or en."""

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="notices", unique=True)
    language = TextField()
    recipients = JSONField()


class Mail(NumberedTable):
    """A message to one address, once for each `key` (what it is about). `sent` is null until a server took it.

    `error` is what the last try ended with. `file` goes with it under the name `file_name`, null = none.
    """

    tenant = TextField()
    key = TextField()
    recipient = TextField()
    subject = TextField()
    text = TextField()
    html = TextField()
    created = BigIntegerField()
    sent = BigIntegerField(null=True)
    error = TextField(default="")
    file_name = TextField(null=True)
    file = BlobField(null=True)

    class Meta:
        """Once a key and address; unsent ones are found by age."""

        indexes = ((("tenant", "key", "recipient"), True), (("sent", "created"), False))
