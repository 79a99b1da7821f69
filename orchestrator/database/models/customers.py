"""Customers: who they are, and the numbers they call from."""

from peewee import BigIntegerField, ForeignKeyField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class Customer(NumberedTable):
    """A customer of a tenant; `tags` is a list of texts, `created_by` a user's id."""

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="customers")
    name = TextField()
    company = TextField(default="")
    email = TextField(default="")
    tags = JSONField(default=list)
    notes = TextField(default="")
    created = BigIntegerField()
    created_by = TextField()
    changed = BigIntegerField()

    class Meta:
        """Listed newest first."""

        indexes = ((("tenant", "created", "id"), False),)


class CustomerNumber(NumberedTable):
    """A number of a customer, in its one spelling (`orchestrator.service.numbers`)."""

    customer_id: int
    tenant = ForeignKeyField(Tenant, backref="customer_numbers")
    customer = ForeignKeyField(Customer, backref="customer_numbers", on_delete="CASCADE")
    number = TextField()

    class Meta:
        """A number is one customer's."""

        indexes = ((("tenant", "number"), True),)
