"""A company's bill: balance, charges with their arithmetic, tariff, statements; the operator's top-ups (BILL-1)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from orchestrator.balances import publish_balance
from orchestrator.database.audit import note_change
from orchestrator.database.billing.accounts import account_of, versions_of
from orchestrator.database.billing.ledger import balance_of, post_payment
from orchestrator.database.documents import from_plain
from orchestrator.database.models import ChargeRow, Statement
from orchestrator.database.paging import read_page
from orchestrator.domain.billing.charge import Line, plain
from orchestrator.domain.billing.sentences import explain_line
from orchestrator.domain.billing.tariff import TariffVersion, in_force
from webui.api.downloads import saved
from webui.api.shapes import PRINTABLE, Input, Limit, Query, Term
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.statement_files import Line as FileLine
from webui.statement_files import pdf_bytes, to_table
from webui.tables import in_thread
from webui.texts import language

bp = APIBlueprint("billing", __name__, url_prefix="/api/v1/billing", tag="Billing")

TEXTS = (
    "title", "moment", "what", "arithmetic", "tariff", "net", "tax", "total", "opening", "paid", "charged", "closing",
)  # fmt: skip

STATEMENT_FILE: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {
        "description": "The file",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}

Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Amount = Annotated[Decimal, Field(gt=0, le=1_000_000_000, decimal_places=6)]


class PaidAlreadyError(WebError):
    """A payment of this reference is posted already."""

    id, status = "paid_already", 409


class AccountOut(BaseModel):
    """How the company pays; amounts are exact decimals as text. `low_since`: the balance is low since then (us)."""

    currency: str
    balance: str
    prepaid: bool
    credit: str
    low_balance: str | None
    low_since: int | None
    tariff: TariffVersion | None


class BillOut(BaseModel):
    """The bill, null while the company isn't billed."""

    account: AccountOut | None


class ChargeOut(BaseModel):
    """A charge; `lines` are its arithmetic, in the user's language, and add up to `total`."""

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


class StatementOut(BaseModel):
    """A closed month: opening + paid - charged = closing."""

    month: str
    currency: str
    opening: str
    paid: str
    net: str
    tax: str
    charged: str
    closing: str
    calls: int
    at: int


class StatementList(BaseModel):
    """Statements, newest first."""

    items: list[StatementOut]


class FileQuery(Query):
    """The kind of file."""

    format: Literal["csv", "pdf"] = "pdf"


class TopUpIn(Input):
    """A payment that was received; the same `reference` is never posted twice."""

    reference: str = Field(min_length=1, max_length=100, pattern=PRINTABLE)
    amount: Amount
    note: str = Field(default="", max_length=200, pattern=PRINTABLE)


class BalanceOut(BaseModel):
    """A balance."""

    balance: str


@bp.get("")
@requires(Permission.VIEW_BILLING)
@bp.output(BillOut)
def bill() -> BillOut:
    """Tell balance and tariff."""
    account = account_of(tenant())
    if account is None:
        return BillOut(account=None)
    versions = versions_of(account.tariff_id)
    return BillOut(
        account=AccountOut(
            currency=versions[0].currency,
            balance=plain(balance_of(tenant())[1]),
            prepaid=account.prepaid,
            credit=plain(account.credit),
            low_balance=None if account.low_balance is None else plain(account.low_balance),
            low_since=account.low_since,
            tariff=in_force(versions, services().clock.now()),
        )
    )


@bp.get("/charges")
@requires(Permission.VIEW_BILLING)
@bp.input(ChargeQuery, location="query")
@bp.output(ChargePage)
def charges(query_data: ChargeQuery) -> ChargePage:
    """List charges with their arithmetic."""
    conditions = [ChargeRow.tenant == tenant()]
    if query_data.month:
        conditions.append(ChargeRow.month == query_data.month)
    if query_data.call:
        conditions.append(ChargeRow.call == query_data.call)
    page = read_page(ChargeRow, ChargeRow.began, conditions, query_data.cursor, query_data.limit)
    return ChargePage(items=[_charge(row) for row in page.rows], next=page.next)


@bp.get("/statements")
@requires(Permission.VIEW_BILLING)
@bp.output(StatementList)
def statements() -> StatementList:
    """List closed months."""
    rows = Statement.select().where(Statement.tenant == tenant()).order_by(Statement.month.desc())
    return StatementList(items=[_statement(row) for row in rows])


@bp.get("/statements/<month>")
@requires(Permission.VIEW_BILLING)
@bp.input(FileQuery, location="query")
@bp.doc(responses=STATEMENT_FILE)
def statement(month: str, query_data: FileQuery) -> Response:
    """Save a month's statement as PDF or CSV."""
    found = Statement.get_or_none(Statement.tenant == tenant(), Statement.month == month)
    if found is None:
        raise NotFoundError
    company = services().accounts.tenant(tenant())
    texts = {name: services().texts.message(f"statement.{name}") for name in TEXTS}
    lines = _file_lines(found.month, ZoneInfo(company.timezone))
    if query_data.format == "csv":
        return saved(to_table(texts, lines), "csv", f"statement-{found.month}")
    data = in_thread(pdf_bytes, found, company.name, texts, list(lines))
    name = f'attachment; filename="statement-{found.month}.pdf"'
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": name})


@bp.post("/accounts/<company>/top-ups")
@requires(Permission.EDIT_BILLING)
@bp.input(TopUpIn)
@bp.output(BalanceOut, status_code=201)
def top_up(company: str, json_data: TopUpIn) -> BalanceOut:
    """Post a payment to a company's balance: for operators."""
    if account_of(company) is None:
        raise NotFoundError
    who, now = identity().id, services().clock.now()
    if not post_payment(company, "top_up", json_data.reference, json_data.amount, now, who, json_data.note):
        raise PaidAlreadyError(reference=json_data.reference)
    note_change(company, "payment", json_data.reference, who, now, None, {"amount": plain(json_data.amount)})
    publish_balance(services().redis, company)
    return BalanceOut(balance=plain(balance_of(company)[1]))


def _charge(row: ChargeRow) -> ChargeOut:
    return ChargeOut(
        id=str(row.id), kind=row.kind, month=row.month, call=row.call, direction=row.direction, number=row.number,
        began=row.began, seconds=plain(Decimal(row.ms) / 1000), tariff=row.tariff, version=row.version,
        currency=row.currency, net=plain(row.net), tax=plain(row.tax), total=plain(row.total), lines=_sentences(row),
    )  # fmt: skip


def _sentences(row: ChargeRow) -> list[str]:
    return [explain_line(from_plain(Line, line), row.currency, language()) for line in row.lines]


def _statement(row: Statement) -> StatementOut:
    amounts = {name: plain(getattr(row, name)) for name in ("opening", "paid", "net", "tax", "charged", "closing")}
    return StatementOut(month=row.month, currency=row.currency, calls=row.calls, at=row.at, **amounts)


def _file_lines(month: str, zone: ZoneInfo) -> Iterator[FileLine]:
    table, company = ChargeRow, tenant()
    rows = table.select().where(table.tenant == company, table.month == month).order_by(table.began, table.id)
    for row in list(rows):
        began = datetime.fromtimestamp(row.began / 1_000_000, UTC).astimezone(zone)
        what = row.number or row.reference
        arithmetic = "; ".join(_sentences(row))
        yield (
            began.strftime("%Y-%m-%d %H:%M:%S"), what, arithmetic, f"{row.tariff} v{row.version}",
            plain(row.net), plain(row.tax), plain(row.total),
        )  # fmt: skip
