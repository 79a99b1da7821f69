"""Customers, and the numbers they call from."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the tables."""

    @migrator.create_model
    class Customer(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        name = pw.TextField()
        company = pw.TextField(default="")
        email = pw.TextField(default="")
        tags = pw.JSONField(default=list)
        notes = pw.TextField(default="")
        created = pw.BigIntegerField()
        created_by = pw.TextField()
        changed = pw.BigIntegerField()

        class Meta:
            table_name = "customer"
            indexes = ((("tenant", "created", "id"), False),)

    @migrator.create_model
    class CustomerNumber(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        customer = pw.ForeignKeyField(column_name="customer_id", field="id", model=Customer, on_delete="CASCADE")
        number = pw.TextField()

        class Meta:
            table_name = "customer_number"
            indexes = ((("tenant", "number"), True),)
