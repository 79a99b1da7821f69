"""Tariffs, accounts, charges, the ledger, orders and statements."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the tables; money is whole millionths."""
    _terms(migrator)
    _movements(migrator)

    @migrator.create_model
    class BillingOrder(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        reference = pw.TextField()
        item = pw.TextField()
        quantity = pw.IntegerField()
        since = pw.DateField()
        at = pw.BigIntegerField()
        note = pw.TextField(default="")
        who = pw.TextField(default="")

        class Meta:
            table_name = "billing_order"
            indexes = ((("tenant", "reference"), True),)

    @migrator.create_model
    class Statement(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        month = pw.TextField()
        currency = pw.TextField()
        opening = pw.BigIntegerField()
        paid = pw.BigIntegerField()
        net = pw.BigIntegerField()
        tax = pw.BigIntegerField()
        charged = pw.BigIntegerField()
        closing = pw.BigIntegerField()
        calls = pw.IntegerField()
        at = pw.BigIntegerField()

        class Meta:
            table_name = "statement"
            indexes = ((("tenant", "month"), True),)


def _terms(migrator: Migrator) -> None:
    @migrator.create_model
    class Tariff(pw.Model):
        id = pw.TextField(primary_key=True)
        name = pw.TextField()

        class Meta:
            table_name = "tariff"

    @migrator.create_model
    class TariffVersion(pw.Model):
        id = pw.BigAutoField()
        tariff = pw.ForeignKeyField(column_name="tariff_id", field="id", model=migrator.orm["tariff"])
        number = pw.IntegerField()
        valid_from = pw.BigIntegerField()
        document = pw.JSONField()
        created = pw.BigIntegerField()
        created_by = pw.TextField()

        class Meta:
            table_name = "tariff_version"
            indexes = ((("tariff", "number"), True),)

    @migrator.create_model
    class BillingAccount(pw.Model):
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"], primary_key=True)
        tariff = pw.ForeignKeyField(column_name="tariff_id", field="id", model=migrator.orm["tariff"])
        prepaid = pw.BooleanField(default=False)
        credit = pw.BigIntegerField(default=0)
        low_balance = pw.BigIntegerField(null=True)
        low_since = pw.BigIntegerField(null=True)
        since = pw.BigIntegerField()

        class Meta:
            table_name = "billing_account"


def _movements(migrator: Migrator) -> None:
    @migrator.create_model
    class Charge(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        kind = pw.TextField()
        reference = pw.TextField()
        month = pw.TextField()
        call = pw.TextField(null=True)
        direction = pw.TextField(null=True)
        number = pw.TextField(null=True)
        began = pw.BigIntegerField()
        ms = pw.BigIntegerField(default=0)
        tariff = pw.TextField()
        version = pw.IntegerField()
        currency = pw.TextField()
        net = pw.BigIntegerField()
        tax = pw.BigIntegerField()
        total = pw.BigIntegerField()
        free_s = pw.BigIntegerField(default=0)
        lines = pw.JSONField()
        at = pw.BigIntegerField()

        class Meta:
            table_name = "charge"
            indexes = (
                (("tenant", "kind", "reference", "tariff", "version"), True),
                (("tenant", "month", "id"), False),
                (("tenant", "began", "id"), False),
                (("tenant", "call"), False),
            )

    @migrator.create_model
    class LedgerEntry(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        n = pw.BigIntegerField()
        at = pw.BigIntegerField()
        month = pw.TextField()
        kind = pw.TextField()
        reference = pw.TextField()
        amount = pw.BigIntegerField()
        balance = pw.BigIntegerField()
        note = pw.TextField(default="")
        who = pw.TextField(default="")

        class Meta:
            table_name = "ledger_entry"
            indexes = (
                (("tenant", "n"), True),
                (("tenant", "kind", "reference"), True),
                (("tenant", "month"), False),
                (("tenant", "at", "id"), False),
            )
