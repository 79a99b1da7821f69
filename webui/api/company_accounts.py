"""Companies' accounts, for operators: how they pay, payments, orders (BILL-1, SEAT-1)."""

from typing import Any
from zoneinfo import available_timezones

from apiflask import APIBlueprint
from phonenumbers import SUPPORTED_REGIONS

from orchestrator.database.billing.accounts import (
    BadTariffError,
    UnknownTariffError,
    account_of,
    assignments_of,
    currency_of,
)
from orchestrator.database.billing.ledger import balance_of
from orchestrator.database.configuration import tenants
from orchestrator.database.licences import licence_of
from orchestrator.database.models import BillingAccount, BillingOrder, LedgerEntry, Number, Tenant
from orchestrator.database.paging import read_page
from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import RentItem
from orchestrator.domain.licence import SeatKind
from webui.api.billing_shapes import MovementPage, MovementQuery, movement
from webui.api.company_shapes import (
    AccountIn,
    AssignmentOut,
    BalanceOut,
    CompanyLine,
    CompanyList,
    CompanyOut,
    MadeOut,
    NewCompanyIn,
    OrderIn,
    OrderOut,
    PaymentIn,
)
from webui.api.orders import record
from webui.bills import AccountTerms
from webui.companies import NewCompany
from webui.errors import InvalidSettingError, NotFoundError, WebError
from webui.idempotency import tell_secret
from webui.identity import identity
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("company_accounts", __name__, url_prefix="/api/v1/companies", tag="Companies")


class PaidAlreadyError(WebError):
    """A payment of this reference is posted already."""

    id, status = "paid_already", 409


@bp.get("")
@requires(Permission.EDIT_BILLING)
@bp.output(CompanyList)
def index() -> CompanyList:
    """List the companies with their balances and what they have bought."""
    return CompanyList(items=[CompanyLine(**_facts(row)) for row in Tenant.select().order_by(Tenant.id)])


@bp.post("")
@requires(Permission.ORDER_SEATS)
@bp.input(NewCompanyIn)
@bp.output(MadeOut, status_code=201)
def make(json_data: NewCompanyIn) -> MadeOut:
    """Make a company, served at once and without a limit of seats until the first order."""
    wrong = {}
    if json_data.timezone not in available_timezones():
        wrong["timezone"] = _problem("unknown_timezone", json_data.timezone)
    if json_data.country not in SUPPORTED_REGIONS:
        wrong["country"] = _problem("unknown_country", json_data.country)
    if wrong:
        raise InvalidSettingError(fields=wrong)
    password = services().companies.add(NewCompany(**json_data.model_dump()), identity().id)
    tell_secret()
    return MadeOut(id=json_data.id, login=json_data.login, password=password)


@bp.get("/<company>")
@requires(Permission.EDIT_BILLING)
@bp.output(CompanyOut)
def show(company: str) -> CompanyOut:
    """Show a company's account."""
    return _shown(company)


@bp.put("/<company>/account")
@requires(Permission.EDIT_BILLING)
@bp.input(AccountIn)
@bp.output(CompanyOut)
def change(company: str, json_data: AccountIn) -> CompanyOut:
    """Say how a company pays; in force for the next call."""
    known(company)
    terms = AccountTerms(**json_data.model_dump())
    try:
        services().bills.set_account(company, terms, identity().id)
    except UnknownTariffError as error:
        raise InvalidSettingError(fields={"tariff": _text("unknown")}) from error
    except BadTariffError as error:
        raise InvalidSettingError(fields={"tariff": _text("other_currency")}) from error
    return _shown(company)


@bp.post("/<company>/payments")
@requires(Permission.EDIT_BILLING)
@bp.input(PaymentIn)
@bp.output(BalanceOut, status_code=201)
def pay(company: str, json_data: PaymentIn) -> BalanceOut:
    """Post a payment or an adjustment; it counts for calls when the answer comes."""
    billed(company)
    who = identity().id
    reference = json_data.reference
    if not services().bills.pay(company, json_data.kind, reference, json_data.amount, who, json_data.note):
        raise PaidAlreadyError(reference=reference)
    return BalanceOut(balance=plain(balance_of(company)[1]))


@bp.get("/<company>/movements")
@requires(Permission.EDIT_BILLING)
@bp.input(MovementQuery, location="query")
@bp.output(MovementPage)
def movements(company: str, query_data: MovementQuery) -> MovementPage:
    """List every movement of a company's balance, newest first."""
    billed(company)
    page = read_page(LedgerEntry, LedgerEntry.n, [LedgerEntry.tenant == company], query_data.cursor, query_data.limit)
    return MovementPage(items=[movement(row) for row in page.rows], next=page.next)


@bp.post("/<company>/orders")
@requires(Permission.ORDER_SEATS)
@bp.input(OrderIn)
@bp.output(CompanyOut, status_code=201)
def order(company: str, json_data: OrderIn) -> CompanyOut:
    """Record an order of seats or numbers; it is in force when the answer comes."""
    known(company)
    made = Order(item=json_data.item, quantity=json_data.quantity, since=json_data.since, until=json_data.until)
    facts = company, json_data.reference, made, identity().id, json_data.note
    record(json_data.reference, lambda: services().bills.order(*facts))
    return _shown(company)


def _shown(company: str) -> CompanyOut:
    row = known(company)
    orders = BillingOrder.select().where(BillingOrder.tenant == company)
    return CompanyOut(
        **_facts(row),
        tariffs=[AssignmentOut(tariff=one.tariff, since=one.since, who=one.who) for one in assignments_of(company)],
        orders=[_order(one) for one in orders.order_by(BillingOrder.at.desc(), BillingOrder.id.desc())],
    )


def _facts(row: Tenant) -> dict[str, Any]:
    licence, now, account = licence_of(row), services().clock.now(), account_of(row.id)
    facts: dict[str, Any] = {
        "id": row.id, "name": row.name, "timezone": row.timezone, "standing": licence.standing(now),
        "suspended_reason": (row.suspended and row.suspended_reason) or "",
        "until": licence.valid_until(now), "call_seats": licence.purchased(SeatKind.CALL, now),
        "chat_seats": licence.purchased(SeatKind.CHAT, now),
        "numbers": Number.select().where(Number.tenant == row.id).count(),
        "prepaid": account.prepaid if account else False, "low_since": account.low_since if account else None,
    }  # fmt: skip
    if account is None:
        return facts | dict.fromkeys(("tariff", "currency", "balance", "credit", "low_balance"))
    low = account.low_balance
    return facts | {
        "tariff": account.tariff_id, "currency": currency_of(account), "balance": plain(balance_of(row.id)[1]),
        "credit": plain(account.credit), "low_balance": None if low is None else plain(low),
    }  # fmt: skip


def _order(row: BillingOrder) -> OrderOut:
    return OrderOut(
        reference=row.reference, item=RentItem(row.item), quantity=row.quantity, since=row.since, until=row.until,
        note=row.note, at=row.at, who=row.who,
    )  # fmt: skip


def known(company: str) -> Tenant:
    """Return a company; raises NotFoundError."""
    if company not in tenants():
        raise NotFoundError
    found: Tenant = Tenant.get_by_id(company)
    return found


def billed(company: str) -> BillingAccount:
    """Return a company's account; raises NotFoundError for one that isn't billed."""
    found = account_of(company)
    if found is None:
        raise NotFoundError
    return found


def _problem(name: str, value: str) -> str:
    return services().texts.message(f"problems.{name}", name=value)


def _text(reason: str) -> str:
    return services().texts.message(f"tariff.{reason}")
