"""What operators do with companies: orders of seats, suspensions (SEAT-1, SEAT-4)."""

from datetime import date
from typing import Annotated, Self

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, model_validator

from orchestrator.database.configuration import tenants
from orchestrator.database.licences import ITEMS, KINDS, seat_orders
from orchestrator.database.models import BillingOrder
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import RentItem
from orchestrator.domain.licence import SeatKind
from webui.api.orders import record
from webui.api.shapes import PRINTABLE, Input
from webui.errors import NotFoundError
from webui.identity import identity
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("companies", __name__, url_prefix="/api/v1/companies", tag="Companies")


class SeatOrderIn(Input):
    """`count` more seats (fewer when negative) from the day `since` to the day `until` (null = for ever).

    The same `reference` is never recorded twice.
    """

    reference: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
    kind: SeatKind
    count: Annotated[int, Field(ge=-100_000, le=100_000)]
    since: date
    until: date | None = None
    note: Annotated[str, Field(max_length=200, pattern=PRINTABLE)] = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.count == 0 or (self.until is not None and self.until < self.since):
            raise ValueError("an order has seats, and ends on its first day or later")
        return self


class SeatOrderOut(SeatOrderIn):
    """An order as it is recorded: `at` is when (us), `who` the operator's id or where it was done."""

    at: int
    who: str


class SeatOrderList(BaseModel):
    """Orders, the latest first."""

    items: list[SeatOrderOut]


class SuspensionIn(Input):
    """Why a company isn't served: it is told this."""

    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]


class SuspensionOut(BaseModel):
    """Whether a company is suspended."""

    suspended: bool


@bp.get("/<company>/seat-orders")
@requires(Permission.ORDER_SEATS)
@bp.output(SeatOrderList)
def index(company: str) -> SeatOrderList:
    """List a company's orders of seats."""
    _known(company)
    return SeatOrderList(items=[_shown(row) for row in seat_orders(company)])


@bp.post("/<company>/seat-orders")
@requires(Permission.ORDER_SEATS)
@bp.input(SeatOrderIn)
@bp.output(SeatOrderList, status_code=201)
def order(company: str, json_data: SeatOrderIn) -> SeatOrderList:
    """Record an order of seats; it is in force when the answer comes."""
    _known(company)
    made = Order(item=ITEMS[json_data.kind], quantity=json_data.count, since=json_data.since, until=json_data.until)
    facts = company, json_data.reference, json_data.kind, made, identity().id, json_data.note
    record(json_data.reference, lambda: services().seat_orders.buy(*facts))
    return SeatOrderList(items=[_shown(row) for row in seat_orders(company)])


@bp.put("/<company>/suspension")
@requires(Permission.ORDER_SEATS)
@bp.input(SuspensionIn)
@bp.output(SuspensionOut)
def suspend(company: str, json_data: SuspensionIn) -> SuspensionOut:
    """Have a company not served any more; running calls finish."""
    _known(company)
    services().seat_orders.suspend(company, json_data.reason, identity().id)
    return SuspensionOut(suspended=True)


@bp.delete("/<company>/suspension")
@requires(Permission.ORDER_SEATS)
@bp.output(SuspensionOut)
def resume(company: str) -> SuspensionOut:
    """Have a suspended company served again."""
    _known(company)
    services().seat_orders.resume(company, identity().id)
    return SuspensionOut(suspended=False)


def _known(company: str) -> None:
    if company not in tenants():
        raise NotFoundError


def _shown(row: BillingOrder) -> SeatOrderOut:
    return SeatOrderOut(
        reference=row.reference, kind=KINDS[RentItem(row.item)], count=row.quantity, since=row.since,
        until=row.until, note=row.note, at=row.at, who=row.who,
    )  # fmt: skip
