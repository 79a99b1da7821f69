"""The ledger: every movement of a balance, once, numbered, with what there is after it (BILL-1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from peewee import fn

from orchestrator.database.billing.accounts import account_of
from orchestrator.database.connection import bound_database, one_writer
from orchestrator.database.documents import to_plain
from orchestrator.database.models import BillingAccount, ChargeRow, LedgerEntry, Statement, Tenant
from orchestrator.domain.billing.charge import Charge
from orchestrator.domain.billing.months import day_begins, days_of, month_at, month_span, next_month
from orchestrator.domain.billing.tariff import ZERO, TariffVersion

#: What is charged.
CALL, RENT = "call", "rent"


@contextmanager
def posting(tenant: str) -> Iterator[None]:
    """Move a tenant's balance while nobody else does: a transaction."""
    with one_writer(bound_database(), f"billing of {tenant}"):
        yield


def balance_of(tenant: str) -> tuple[int, Decimal]:
    """Read the number of the last movement and the balance after it; (0, 0) before the first."""
    table = LedgerEntry
    last = table.select().where(table.tenant == tenant).order_by(table.n.desc()).first()
    return (last.n, last.balance) if last else (0, ZERO)


def zone_of(tenant: str) -> str:
    """Return the time zone of a tenant's months; raises peewee's DoesNotExist."""
    zone: str = Tenant.get_by_id(tenant).timezone
    return zone


def free_used(tenant: str, month: str) -> int:
    """Return the free seconds that calls of a month have used, on whatever bill they stand."""
    first, after = month_span(month, zone_of(tenant))
    table = ChargeRow
    used = table.select(fn.SUM(table.free_s)).where(table.tenant == tenant, table.began >= first, table.began < after)
    return int(used.scalar() or 0)


def free_in(version: TariffVersion, month: str, since: int, zone: str) -> int:
    """Return the free seconds of a month for an account that began at `since` (us UTC)."""
    days = days_of(month)
    billed = sum(1 for day in days if day_begins(day + timedelta(days=1), zone) > since)
    return version.free_in(billed, len(days))


def open_month(tenant: str, at: int) -> str:
    """Return the month that something of `at` (us UTC) stands on: its own, or the next one not closed yet."""
    month = month_at(at, zone_of(tenant))
    last = Statement.select(fn.MAX(Statement.month)).where(Statement.tenant == tenant).scalar()
    return max(month, next_month(last)) if last else month


def post_charge(tenant: str, kind: str, reference: str, charge: Charge, at: int, **facts: object) -> ChargeRow | None:
    """Charge a thing by a version of a tariff, unless that is done; returns what was charged. Call within `posting`.

    `facts` are columns: `began` (us UTC) at least; the month is the one open for it unless it is given.
    """
    key = {"tenant": tenant, "kind": kind, "reference": reference, "tariff": charge.tariff, "version": charge.version}
    if ChargeRow.get_or_none(**key):
        return None
    month = facts.pop("month", None) or open_month(tenant, int(str(facts["began"])))
    row = ChargeRow.create(
        **key,
        **facts,
        month=month,
        currency=charge.currency,
        net=charge.net,
        tax=charge.tax,
        total=charge.total,
        free_s=charge.free_s,
        lines=[to_plain(line) for line in charge.lines],
        at=at,
    )
    if charge.total:
        _post(tenant, "charge", str(row.id), -charge.total, at, str(month))
    return row


def post_payment(
    tenant: str, kind: str, reference: str, amount: Decimal, at: int, who: str = "", note: str = ""
) -> bool:
    """Post a top-up or an adjustment; False when one of this reference is posted already. A transaction of its own."""
    with posting(tenant):
        table = LedgerEntry
        if table.get_or_none(table.tenant == tenant, table.kind == kind, table.reference == reference):
            return False
        _post(tenant, kind, reference, amount, at, open_month(tenant, at), who, note)
    return True


def _post(
    tenant: str, kind: str, reference: str, amount: Decimal, at: int, month: str, who: str = "", note: str = ""
) -> None:
    n, before = balance_of(tenant)
    balance = before + amount
    LedgerEntry.create(
        tenant=tenant, n=n + 1, at=at, month=month, kind=kind, reference=reference, amount=amount, balance=balance,
        who=who, note=note,
    )  # fmt: skip
    watch_balance(tenant, balance, at)


def watch_balance(tenant: str, balance: Decimal, at: int) -> None:
    """Note since when a balance is low; call it when the balance moves, or its limit does."""
    account = account_of(tenant)
    if account is None:
        return
    low = account.low_balance is not None and balance < account.low_balance
    if low != (account.low_since is not None):
        since = at if low else None
        BillingAccount.update(low_since=since).where(BillingAccount.tenant == tenant).execute()
