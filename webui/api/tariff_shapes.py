"""What requests about tariffs hold and answers look like."""

import re
from decimal import Decimal
from typing import Annotated, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, Field

from orchestrator.domain.billing.flaws import LONGEST_INCREMENT_S, MOST
from orchestrator.domain.billing.tariff import CallDirection, RentItem, Rounding, TariffVersion
from webui.api.shapes import PRINTABLE, Input, Moment, Query
from webui.tables import MOST_LINES
from webui.tariff_files import LONGEST_NAME

TARIFF_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

Price = Annotated[Decimal, Field(ge=0, le=MOST, decimal_places=6)]
Increment = Annotated[int, Field(ge=1, le=LONGEST_INCREMENT_S)]


class RateIn(Input):
    """A rate; `prefix` in the one spelling of numbers (`+86...`), empty for all numbers. `price` is for 60 s."""

    direction: CallDirection
    prefix: str = Field(max_length=16, pattern=r"^\+?[0-9]*$")
    name: str = Field(default="", max_length=LONGEST_NAME, pattern=PRINTABLE)
    price: Price
    first_s: Increment = 60
    next_s: Increment = 60
    connection_fee: Price = Decimal(0)
    minimum: Price = Decimal(0)
    free_minutes: bool = False


class DraftIn(Input):
    """The next version of a tariff, as it is being written. `valid_from` in microseconds UTC."""

    name: str = Field(min_length=1, max_length=100, pattern=PRINTABLE)
    valid_from: Moment
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    places: int = Field(default=4, ge=0, le=6)
    rounding: Rounding = Rounding.HALF_UP
    tax_percent: Decimal = Field(default=Decimal(0), ge=0, le=100, decimal_places=6)
    free_s: int = Field(default=0, ge=0, le=10**9)
    free_pro_rata: bool = False
    rents: dict[RentItem, Price] = Field(default_factory=dict)
    rates: list[RateIn] = Field(default_factory=list, max_length=MOST_LINES)


class NoticeOut(BaseModel):
    """What is wrong, or worth a look: `place` is the field (`rates.3.prefix`), `text` says it in words."""

    place: str
    text: str


class DraftOut(BaseModel):
    """A draft: it can be published once it has no `flaws`; `warnings` may be meant."""

    name: str
    edited: int
    edited_by: str
    version: TariffVersion
    flaws: list[NoticeOut]
    warnings: list[NoticeOut]


class VersionOut(BaseModel):
    """A published version: `state` is in_force, coming, over, or replaced (by a later version of the same moment)."""

    number: int
    state: Literal["in_force", "coming", "over", "replaced"]
    created: int
    created_by: str
    version: TariffVersion


class TariffLine(BaseModel):
    """A tariff: how many versions it has, which is in force, how many companies pay by it now."""

    id: str
    name: str
    currency: str
    versions: int
    in_force: int | None
    valid_from: int | None
    draft: bool
    companies: int


class TariffList(BaseModel):
    """All tariffs of the platform."""

    items: list[TariffLine]


class TariffOut(BaseModel):
    """A tariff with all its versions, the latest first, its draft, and the companies that pay by it."""

    id: str
    name: str
    versions: list[VersionOut]
    draft: DraftOut | None
    companies: list[str]


class SheetIn(Input):
    """A CSV or XLSX file of rates: direction, prefix, name, price, first, next, fee, minimum, free minutes."""

    file: UploadFile


class SheetLineOut(BaseModel):
    """A line that was refused, and why."""

    line: int
    written: str
    reason: str


class SheetOut(BaseModel):
    """What a sheet holds. The draft has its `read` rates now, unless a line was refused: then nothing changed."""

    read: int
    refused: list[SheetLineOut]
    draft: DraftOut


class SheetQuery(Query):
    """The kind of file."""

    format: Literal["csv", "xlsx"] = "csv"
