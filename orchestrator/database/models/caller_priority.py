"""Callers who go before others."""

from peewee import BigIntegerField, ForeignKeyField, IntegerField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class CallerPriority(NumberedTable):
    """A caller's number, or a prefix with a trailing `*`, and the priority (0-99) its calls have in every queue.

    `number` is as it was written, `entry` its one spelling, under which it is published; `created` is microseconds UTC,
    `created_by` a user's id.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="caller_priorities")
    number = TextField()
    entry = TextField()
    priority = IntegerField()
    description = TextField(default="")
    created = BigIntegerField()
    created_by = TextField()

    class Meta:
        """A number is listed once; the list is shown newest first."""

        indexes = ((("tenant", "entry"), True), (("tenant", "created", "id"), False))
