"""Bills (BILL-1): tariffs, what was charged, and every movement of a balance. Nothing here is ever changed or deleted
but an account's terms: what was wrong is put right by another row.

Money is kept as whole millionths, which both databases add up exactly, and read as `Decimal`.
"""

from decimal import Decimal

from peewee import (
    BigIntegerField,
    BooleanField,
    DateField,
    Expression,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
    fn,
)

from orchestrator.database.models.base import NumberedTable, Table
from orchestrator.database.models.configuration import Tenant

#: Decimals that are kept of an amount.
PLACES = 6


class MoneyField(BigIntegerField):
    """An exact amount with up to six decimals."""

    def db_value(self, value: Decimal | None) -> int | None:
        """Return whole millionths; raises ValueError for an amount with more decimals."""
        if value is None:
            return None
        millionths = value.scaleb(PLACES)
        if millionths != millionths.to_integral_value():
            raise ValueError(f"{value} has more than {PLACES} decimals")
        return int(millionths)

    def python_value(self, value: "int | Decimal | None") -> Decimal | None:
        """Return the amount, None for null."""
        return None if value is None else Decimal(int(value)).scaleb(-PLACES)


def sum_of(column: MoneyField, condition: Expression) -> Decimal:
    """Add up an amount of the rows that meet a condition, exactly; 0 for none."""
    total = column.model.select(fn.SUM(column).coerce(False)).where(condition).scalar()
    return Decimal(int(total or 0)).scaleb(-PLACES)


class Tariff(Table):
    """A tariff: a short name (`id`), and one that people read."""

    id = TextField(primary_key=True)
    name = TextField()


class TariffVersionRow(NumberedTable):
    """A version of a tariff; `document` is a `TariffVersion`. Made at `created` (us UTC) by `created_by`."""

    tariff = ForeignKeyField(Tariff, backref="versions")
    number = IntegerField()
    valid_from = BigIntegerField()
    document = JSONField()
    created = BigIntegerField()
    created_by = TextField()

    class Meta:
        """Versions are numbered from 1."""

        table_name = "tariff_version"
        indexes = ((("tariff", "number"), True),)


class TariffDraft(Table):
    """The next version of a tariff while the operator writes it: `document` is a `TariffVersion` numbered 0.

    Saved last at `edited` (us UTC) by `edited_by`; `name` is what a new tariff will be called.
    """

    tariff = TextField(primary_key=True)
    name = TextField()
    document = JSONField()
    edited = BigIntegerField()
    edited_by = TextField()

    class Meta:
        """A tariff has one draft at most."""

        table_name = "tariff_draft"


class TariffAssignment(NumberedTable):
    """A tenant pays by a tariff from `since` (us UTC; the first one: 0) until the next assignment. Never changed."""

    tenant = TextField()
    tariff = TextField()
    since = BigIntegerField()
    at = BigIntegerField()
    who = TextField(default="")

    class Meta:
        """One tariff at a time."""

        table_name = "tariff_assignment"
        indexes = ((("tenant", "since"), True),)


class BillingAccount(Table):
    """How a tenant pays: by `tariff` now. `since` (us UTC): calls from then on are charged.

    `prepaid` calls are refused when the balance and `credit` are used up. Below `low_balance` (null = never) the
    tenant is warned; `low_since` is when the balance fell below it, null while it is not.
    """

    tenant_id: str
    tariff_id: str
    tenant = ForeignKeyField(Tenant, primary_key=True, backref="billing")
    tariff = ForeignKeyField(Tariff)
    prepaid = BooleanField(default=False)
    credit = MoneyField(default=Decimal(0))
    low_balance = MoneyField(null=True)
    low_since = BigIntegerField(null=True)
    since = BigIntegerField()


class ChargeRow(NumberedTable):
    """A charge, or a correction of one, as the domain's `Charge` made it.

    `kind` is call or rent, `reference` the leg or `MONTH:ITEM`; `month` is the bill that it stands on. Calls have
    `call`, `direction`, `number` (one spelling), `began` (us UTC) and `ms` answered. `version` numbers the tariff's.
    A correction names the charge that it puts right (`corrects`, its id) and what that was charged by until now
    (`from_tariff`, `from_version`); all null for what is charged first.
    """

    tenant = TextField()
    kind = TextField()
    reference = TextField()
    month = TextField()
    call = TextField(null=True)
    direction = TextField(null=True)
    number = TextField(null=True)
    began = BigIntegerField()
    ms = BigIntegerField(default=0)
    tariff = TextField()
    version = IntegerField()
    currency = TextField()
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    free_s = BigIntegerField(default=0)
    lines = JSONField()
    at = BigIntegerField()
    corrects = BigIntegerField(null=True)
    from_tariff = TextField(null=True)
    from_version = IntegerField(null=True)

    class Meta:
        """A version of a tariff charges a thing once."""

        table_name = "charge"
        indexes = (
            (("tenant", "kind", "reference", "tariff", "version"), True),
            (("tenant", "month", "id"), False),
            (("tenant", "began", "id"), False),
            (("tenant", "call"), False),
        )


class LedgerEntry(NumberedTable):
    """A movement of a tenant's balance, the `n`th: `balance` is what there is after it.

    `kind` is charge, top_up or adjustment; `reference` a charge's id, or what the operator names a payment by.
    """

    tenant = TextField()
    n = BigIntegerField()
    at = BigIntegerField()
    month = TextField()
    kind = TextField()
    reference = TextField()
    amount = MoneyField()
    balance = MoneyField()
    note = TextField(default="")
    who = TextField(default="")

    class Meta:
        """Movements are numbered without gaps; a thing moves the balance once."""

        indexes = (
            (("tenant", "n"), True),
            (("tenant", "kind", "reference"), True),
            (("tenant", "month"), False),
            (("tenant", "at", "id"), False),
        )


class BillingOrder(NumberedTable):
    """What a tenant has ordered: `quantity` more of an item (fewer when negative) from the day `since` on.

    The day `until` is the last one, null = there is none. Orders are added, and never changed.
    """

    tenant = TextField()
    reference = TextField()
    item = TextField()
    quantity = IntegerField()
    since = DateField()
    until = DateField(null=True)
    at = BigIntegerField()
    note = TextField(default="")
    who = TextField(default="")

    class Meta:
        """An order is recorded once."""

        indexes = ((("tenant", "reference"), True),)


class Statement(NumberedTable):
    """A month's bill, closed: `opening` and what the month moved (`charged` included) give `closing`."""

    tenant = TextField()
    month = TextField()
    currency = TextField()
    opening = MoneyField()
    paid = MoneyField()
    net = MoneyField()
    tax = MoneyField()
    charged = MoneyField()
    closing = MoneyField()
    calls = IntegerField()
    at = BigIntegerField()

    class Meta:
        """A month is closed once."""

        indexes = ((("tenant", "month"), True),)
