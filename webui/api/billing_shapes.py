"""What requests about a company's bill hold and answers look like; amounts are exact decimals as text."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from orchestrator.database.billing.summaries import Part, TaxPart
from orchestrator.database.models import LedgerEntry
from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.tariff import Rounding, TariffVersion
from webui.api.shapes import Limit, Query, Term

Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class AccountOut(BaseModel):
    """How the company pays; amounts are exact decimals as text. `low_since`: the balance is low since then (us).

    `month` is the one that is charged now.
    """

    currency: str
    balance: str
    prepaid: bool
    credit: str
    low_balance: str | None
    low_since: int | None
    month: str
    tariff: TariffVersion | None


class BillOut(BaseModel):
    """The bill, null while the company isn't billed."""

    account: AccountOut | None


class ChargeOut(BaseModel):
    """A charge; `lines` are its arithmetic, in the user's language, and add up to `total`.

    A correction names the charge it puts right (`corrects`, an id) and the tariff version that made that.
    """

    id: str
    kind: str
    month: str
    call: str | None
    direction: str | None
    number: str | None
    began: int
    seconds: str
    tariff: str
    version: int
    currency: str
    net: str
    tax: str
    total: str
    lines: list[str]
    corrects: str | None
    from_version: str | None


class ChargePage(BaseModel):
    """Charges, newest first; `next` is the cursor of the page after this, if there is one."""

    items: list[ChargeOut]
    next: str | None


class ChargeQuery(Query):
    """Which charges: of a month's bill, of a call."""

    cursor: Term | None = None
    limit: Limit = 50
    month: Month | None = None
    call: Term | None = None


class SumsOut(BaseModel):
    """A month's sums: opening + paid - charged = closing."""

    month: str
    currency: str
    opening: str
    paid: str
    net: str
    tax: str
    charged: str
    closing: str
    calls: int


class StatementOut(SumsOut):
    """A closed month, written at `at` (us)."""

    at: int


class StatementList(BaseModel):
    """Statements, newest first."""

    items: list[StatementOut]


class FileQuery(Query):
    """The kind of file."""

    format: Literal["csv", "pdf"] = "pdf"


class MovementQuery(Query):
    """Which movements."""

    cursor: Term | None = None
    limit: Limit = 50


class MovementOut(BaseModel):
    """A movement of a balance, the `n`th: `kind` is charge, top_up or adjustment; `balance` is that after it."""

    n: int
    at: int
    month: str
    kind: str
    reference: str
    amount: str
    balance: str
    note: str


class MovementPage(BaseModel):
    """Movements, newest first; `next` is the cursor of the page after this, if there is one."""

    items: list[MovementOut]
    next: str | None


class PartOut(BaseModel):
    """What was charged for calls_in, calls_out, rent, or as correction: how many charges, seconds of talk, sums."""

    what: str
    count: int
    seconds: str
    net: str
    tax: str
    total: str


class TaxOut(BaseModel):
    """The tax by one rule: `percent` of each charge, rounded to `places` decimals; null for corrections."""

    percent: str | None
    rounding: Rounding | None
    places: int | None
    net: str
    tax: str


class MonthOut(SumsOut):
    """A month's bill with what it is made of; of a month that isn't `closed` yet, as far as it has come."""

    closed: bool
    parts: list[PartOut]
    taxes: list[TaxOut]
    payments: list[MovementOut]


def movement(row: LedgerEntry) -> MovementOut:
    """Describe a movement of the balance."""
    return MovementOut(
        n=row.n, at=row.at, month=row.month, kind=row.kind, reference=row.reference, amount=plain(row.amount),
        balance=plain(row.balance), note=row.note,
    )  # fmt: skip


def part_out(part: Part) -> PartOut:
    """Describe a part of a bill."""
    return PartOut(
        what=part.what, count=part.count, seconds=plain(Decimal(part.ms) / 1000), net=plain(part.net),
        tax=plain(part.tax), total=plain(part.total),
    )  # fmt: skip


def tax_out(part: TaxPart) -> TaxOut:
    """Describe the tax by a rule."""
    rule = part.rule
    return TaxOut(
        percent=plain(rule.percent) if rule else None, rounding=rule.rounding if rule else None,
        places=rule.places if rule else None, net=plain(part.net), tax=plain(part.tax),
    )  # fmt: skip
