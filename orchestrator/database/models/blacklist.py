"""Numbers that can't reach the tenant, and numbers that the tenant can't call."""

from peewee import BigIntegerField, ForeignKeyField, IntegerField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class BlacklistEntry(NumberedTable):
    """A number, or a prefix with a trailing `*`, on the blacklist (BLACK-1); times are microseconds UTC.

    `number` is as it was written, `entry` its one spelling, under which it is published; `direction` in, out or both;
    `expires` null = never; `created_by` a user's id. `hits` counts the calls it has refused since it was `created`.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="blacklist")
    number = TextField()
    entry = TextField()
    direction = TextField()
    description = TextField(default="")
    expires = BigIntegerField(null=True)
    created = BigIntegerField()
    created_by = TextField()
    hits = IntegerField(default=0)
    last_hit = BigIntegerField(null=True)

    class Meta:
        """A number is listed once; the list is shown newest first."""

        indexes = ((("tenant", "entry"), True), (("tenant", "created", "id"), False))
