"""A company's bill: balance, charges with their arithmetic, tariff, statements; movements (BILL-1)."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response

from orchestrator.database.billing.accounts import account_of, currency_of, versions_for
from orchestrator.database.billing.ledger import balance_of, open_month
from orchestrator.database.billing.statements import sums_of
from orchestrator.database.billing.summaries import payments_of, summary_of
from orchestrator.database.models import ChargeRow, LedgerEntry, Statement
from orchestrator.database.paging import read_page
from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.months import MONTH
from orchestrator.domain.billing.tariff import in_force
from webui.api.billing_shapes import (
    AccountOut,
    BillOut,
    ChargeOut,
    ChargePage,
    ChargeQuery,
    FileQuery,
    MonthOut,
    MovementPage,
    MovementQuery,
    StatementList,
    StatementOut,
    movement,
    part_out,
    tax_out,
)
from webui.api.downloads import saved
from webui.api.statement_sheets import lines_of, sentences, sheet_of, texts
from webui.errors import NotFoundError
from webui.identity import tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.statement_files import pdf_bytes, to_table
from webui.tables import in_thread

bp = APIBlueprint("billing", __name__, url_prefix="/api/v1/billing", tag="Billing")

STATEMENT_FILE: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {
        "description": "The file",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@bp.get("")
@requires(Permission.VIEW_BILLING)
@bp.output(BillOut)
def bill() -> BillOut:
    """Tell balance and tariff."""
    account = account_of(tenant())
    if account is None:
        return BillOut(account=None)
    versions = versions_for(tenant())
    return BillOut(
        account=AccountOut(
            currency=currency_of(account),
            balance=plain(balance_of(tenant())[1]),
            prepaid=account.prepaid,
            credit=plain(account.credit),
            low_balance=None if account.low_balance is None else plain(account.low_balance),
            low_since=account.low_since,
            month=open_month(tenant(), services().clock.now()),
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


@bp.get("/movements")
@requires(Permission.VIEW_BILLING)
@bp.input(MovementQuery, location="query")
@bp.output(MovementPage)
def movements(query_data: MovementQuery) -> MovementPage:
    """List every movement of the balance, newest first."""
    mine = [LedgerEntry.tenant == tenant()]
    page = read_page(LedgerEntry, LedgerEntry.n, mine, query_data.cursor, query_data.limit)
    return MovementPage(items=[movement(row) for row in page.rows], next=page.next)


@bp.get("/months/<month>")
@requires(Permission.VIEW_BILLING)
@bp.output(MonthOut)
def show_month(month: str) -> MonthOut:
    """Show a month's bill with what it is made of: a closed one, or the one that is charged now."""
    account = account_of(tenant())
    if account is None or not MONTH.fullmatch(month):
        raise NotFoundError
    found = Statement.get_or_none(Statement.tenant == tenant(), Statement.month == month)
    begun = open_month(tenant(), account.since), open_month(tenant(), services().clock.now())
    if found is None and not begun[0] <= month <= begun[1]:
        raise NotFoundError
    sums, summary = found or sums_of(tenant(), month, currency_of(account)), summary_of(tenant(), month)
    return MonthOut(
        **_sums(sums), closed=found is not None,
        parts=[part_out(part) for part in summary.parts], taxes=[tax_out(part) for part in summary.taxes],
        payments=[movement(row) for row in payments_of(tenant(), month)],
    )  # fmt: skip


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
    zone = ZoneInfo(company.timezone)
    if query_data.format == "csv":
        return saved(to_table(texts(), lines_of(month, zone)), "csv", f"statement-{month}")
    data = in_thread(pdf_bytes, sheet_of(found, company.name, zone), texts())
    name = f'attachment; filename="statement-{found.month}.pdf"'
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": name})


def _charge(row: ChargeRow) -> ChargeOut:
    return ChargeOut(
        id=str(row.id), kind=row.kind, month=row.month, call=row.call, direction=row.direction, number=row.number,
        began=row.began, seconds=plain(Decimal(row.ms) / 1000), tariff=row.tariff, version=row.version,
        currency=row.currency, net=plain(row.net), tax=plain(row.tax), total=plain(row.total), lines=sentences(row),
        corrects=None if row.corrects is None else str(row.corrects),
        from_version=None if row.from_version is None else f"{row.from_tariff} v{row.from_version}",
    )  # fmt: skip


def _statement(row: Statement) -> StatementOut:
    return StatementOut(**_sums(row), at=row.at)


def _sums(row: Statement) -> dict[str, Any]:
    amounts = {name: plain(getattr(row, name)) for name in ("opening", "paid", "net", "tax", "charged", "closing")}
    return {"month": row.month, "currency": row.currency, "calls": row.calls, **amounts}
