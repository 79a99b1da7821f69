"""Closing a month: its rent, and the statement, which adds up to the balance to the last digit (BILL-1)."""

from datetime import date

from peewee import fn

from orchestrator.database.billing.accounts import account_of, currency_of, orders_of, versions_for
from orchestrator.database.billing.ledger import RENT, post_charge, posting, zone_of
from orchestrator.database.models import BillingAccount, ChargeRow, LedgerEntry, Statement, sum_of
from orchestrator.domain.billing.charge import Charge
from orchestrator.domain.billing.months import day_begins, month_at, month_span, months_between, next_month
from orchestrator.domain.billing.rent import charge_rent
from orchestrator.domain.billing.tariff import RentItem, TariffVersion, in_force

#: A month is closed this long after its end: calls that were still going on have their records by then.
GRACE_US = 6 * 3600 * 1_000_000


def close_months(tenant: str, now: int) -> list[Statement]:
    """Close every month of a tenant that is over and not closed yet; returns their statements."""
    account = account_of(tenant)
    if account is None:
        return []
    zone = zone_of(tenant)
    last = Statement.select(fn.MAX(Statement.month)).where(Statement.tenant == tenant).scalar()
    first = next_month(last) if last else _first_month(tenant, account, zone)
    made = [close_month(tenant, month, now) for month in months_between(first, month_at(now - GRACE_US, zone))]
    return [statement for statement in made if statement is not None]


def close_month(tenant: str, month: str, now: int) -> Statement | None:
    """Charge a month's rent and write its statement, unless that is done or the month isn't over: then None."""
    with posting(tenant):
        closed = Statement.get_or_none(Statement.tenant == tenant, Statement.month == month)
        if closed or now < month_span(month, zone_of(tenant))[1]:
            return None
        account = account_of(tenant)
        if account is None:
            return None
        _charge_rent(tenant, month, now)
        written = sums_of(tenant, month, currency_of(account))
        written.at = now
        written.save(force_insert=True)
        return written


def rents_of(tenant: str, month: str) -> dict[RentItem, list[Charge]]:
    """Reckon what a month's rent of each item is, by the orders and tariff versions there are now."""
    zone, orders, versions = zone_of(tenant), orders_of(tenant), versions_for(tenant)

    def version_on(day: date) -> TariffVersion | None:
        return in_force(versions, day_begins(day, zone))

    return {item: charge_rent(month, item, orders, version_on) for item in RentItem}


def _charge_rent(tenant: str, month: str, now: int) -> None:
    began = month_span(month, zone_of(tenant))[0]
    for item, charges in rents_of(tenant, month).items():
        for charge in charges:
            post_charge(tenant, RENT, f"{month}:{item.value}", charge, now, began=began, month=month)


def sums_of(tenant: str, month: str, currency: str) -> Statement:
    """Add up a month as its statement would say it now, without writing it: a row that isn't saved."""
    entries, charges = LedgerEntry, ChargeRow
    mine = entries.tenant == tenant
    opening = sum_of(entries.amount, mine & (entries.month < month))
    paid = sum_of(entries.amount, mine & (entries.month == month) & (entries.kind != "charge"))
    billed = (charges.tenant == tenant) & (charges.month == month)
    net, tax = sum_of(charges.net, billed), sum_of(charges.tax, billed)
    calls = charges.select(charges.call).where(billed, charges.call.is_null(False)).distinct().count()
    return Statement(
        tenant=tenant, month=month, currency=currency, opening=opening, paid=paid, net=net, tax=tax,
        charged=net + tax, closing=opening + paid - net - tax, calls=calls,
    )  # fmt: skip


def _first_month(tenant: str, account: BillingAccount, zone: str) -> str:
    first = LedgerEntry.select(fn.MIN(LedgerEntry.month)).where(LedgerEntry.tenant == tenant).scalar()
    opened = month_at(account.since, zone)
    return min(first, opened) if first else opened
