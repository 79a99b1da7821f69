"""What requests about companies' accounts hold and answers look like."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from orchestrator.domain.billing.tariff import RentItem
from orchestrator.domain.config import COUNTRY
from webui.api.configuration.shapes import Title
from webui.api.shapes import PRINTABLE, Input, Term
from webui.companies import COMPANY_ID

Login = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$")]

Amount = Annotated[Decimal, Field(ge=-1_000_000_000, le=1_000_000_000, decimal_places=6)]


class CompanyLine(BaseModel):
    """A company; null where it isn't billed. `call_seats` and `chat_seats` null = without a limit; moments in us.

    `suspended_reason` is what a suspended company is told.
    """

    id: str
    name: str
    timezone: str
    standing: str
    suspended_reason: str
    until: int | None
    call_seats: int | None
    chat_seats: int | None
    numbers: int
    tariff: str | None
    currency: str | None
    balance: str | None
    prepaid: bool
    credit: str | None
    low_balance: str | None
    low_since: int | None


class NewCompanyIn(Input):
    """A company by an id that is never changed, and its first administrator, who logs in as `login`.

    `country` (ISO 3166) is where numbers without a country's code belong.
    """

    id: Annotated[str, Field(pattern=COMPANY_ID)]
    name: Title
    timezone: Annotated[str, Field(max_length=64, pattern=PRINTABLE)] = "Asia/Shanghai"
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = COUNTRY
    login: Login
    admin: Title


class MadeOut(BaseModel):
    """A company that was made; the password of its administrator is told this once."""

    id: str
    login: str
    password: str


class CompanyList(BaseModel):
    """All companies."""

    items: list[CompanyLine]


class AssignmentOut(BaseModel):
    """By which tariff a company pays from `since` (us; 0 = from the beginning) on."""

    tariff: str
    since: int
    who: str


class OrderOut(BaseModel):
    """An order: `quantity` more of an item, fewer when negative, from the first day to the last (null = for ever)."""

    reference: str
    item: RentItem
    quantity: int
    since: date
    until: date | None
    note: str
    at: int
    who: str


class CompanyOut(CompanyLine):
    """A company with its tariffs in order and its orders, the latest first."""

    tariffs: list[AssignmentOut]
    orders: list[OrderOut]


class AccountIn(Input):
    """How a company pays. Another tariff holds from now on; `low_balance` null = never warned."""

    tariff: Term
    prepaid: bool = False
    credit: Annotated[Decimal, Field(ge=0, le=1_000_000_000, decimal_places=6)] = Decimal(0)
    low_balance: Amount | None = None


class PaymentIn(Input):
    """A payment that was received, or an adjustment that nobody paid, which may be negative.

    The same `reference` is never posted twice.
    """

    kind: Annotated[str, Field(pattern="^(top_up|adjustment)$")] = "top_up"
    reference: str = Field(min_length=1, max_length=100, pattern=PRINTABLE)
    amount: Amount
    note: str = Field(default="", max_length=200, pattern=PRINTABLE)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.amount == 0 or (self.amount < 0 and self.kind == "top_up"):
            raise ValueError("a payment is more than zero; an adjustment is not zero")
        return self


class OrderIn(Input):
    """`quantity` more of an item (fewer when negative) from the day `since` to the day `until` (null = for ever).

    The same `reference` is never recorded twice.
    """

    reference: str = Field(min_length=1, max_length=100, pattern=PRINTABLE)
    item: RentItem
    quantity: int = Field(ge=-100_000, le=100_000)
    since: date
    until: date | None = None
    note: str = Field(default="", max_length=200, pattern=PRINTABLE)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.quantity == 0 or (self.until is not None and self.until < self.since):
            raise ValueError("an order is of something, and ends on its first day or later")
        return self


class BalanceOut(BaseModel):
    """A balance."""

    balance: str


class CorrectionOut(BaseModel):
    """A charge that another version of a tariff makes different now: `lines` are the arithmetic of the difference."""

    kind: str
    reference: str
    call: str | None
    number: str | None
    began: int
    from_version: str | None
    version: str
    charged: str
    right: str
    difference: str
    lines: list[str]


class CorrectionsOut(BaseModel):
    """What correcting a month would post: all count in the sums, those that change most are in `items`."""

    month: str
    currency: str
    count: int
    net: str
    tax: str
    total: str
    items: list[CorrectionOut]
