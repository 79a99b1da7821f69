"""Charging calls from their records (BILL-1): each leg once by the tariff version in force when it was answered."""

from collections.abc import Iterator
from decimal import Decimal

from peewee import fn

from orchestrator.database.billing.accounts import account_of, versions_of
from orchestrator.database.billing.ledger import post_charge, posting, zone_of
from orchestrator.database.call_places import find_record, parts_of
from orchestrator.database.models import BillingAccount, CallLeg, CallRecord, ChargeRow, Tenant, sum_of
from orchestrator.domain.billing.charge import Usage, charge_call, correction
from orchestrator.domain.billing.months import month_at, month_span
from orchestrator.domain.billing.tariff import CallDirection, TariffVersion, in_force
from orchestrator.domain.config import COUNTRY
from orchestrator.service.numbers import normalise

CALL = "call"

#: The customer's leg of a call that came in, and of one that an agent placed.
CALLER, CUSTOMER = "caller", "customer"


def billed(tenant: str) -> bool:
    """Tell whether a tenant's calls are charged."""
    return account_of(tenant) is not None


def rate_call(tenant: str, call: str, now: int) -> list[str]:
    """Charge the legs of a call that are not charged yet; returns all its legs. A transaction.

    Without an account, or a tariff version of the time, nothing is charged: it is done when there is one.
    """
    with posting(tenant):
        account, record = account_of(tenant), find_record(tenant, call)
        if account is None or record is None:
            return []
        versions = versions_of(account.tariff_id)
        legs = list(parts_of(CallLeg, record).order_by(CallLeg.id))
        for leg, began, usage in _usages(tenant, record, legs, account.since):
            version = in_force(versions, began)
            if version is not None and not _charged(tenant, leg.leg):
                _charge(tenant, call, leg.leg, began, usage, version, now)
        return [leg.leg for leg in legs]


def unrated_calls(tenant: str, since: int, most: int) -> list[str]:
    """Name up to `most` calls that ended at `since` (us UTC) or later and have a leg without its charge."""
    account = account_of(tenant)
    if account is None:
        return []
    charged = ChargeRow.select().where(ChargeRow.tenant == tenant, ChargeRow.reference == CallLeg.leg)
    costs = (CallLeg.role << (CALLER, CUSTOMER)) | CallLeg.number.is_null(False)
    uncharged = CallLeg.select().where(
        CallLeg.record == CallRecord.id,
        CallLeg.arrived == CallRecord.arrived,
        costs,
        CallLeg.answered >= account.since,
        ~fn.EXISTS(charged),
    )
    found = (
        CallRecord.select(CallRecord.call)
        .where(CallRecord.tenant == tenant, CallRecord.ended >= since, fn.EXISTS(uncharged))
        .order_by(CallRecord.ended)
        .limit(most)
    )  # fmt: skip
    return [row.call for row in found]


def rerate(tenant: str, month: str, now: int) -> int:
    """Correct the charges of a month's calls that another version of their tariff is in force for now.

    Each difference is a charge of its own, on the bill of the month or, once that is closed, the next open one.
    Returns how many were corrected; doing it again corrects none. A transaction.
    """
    with posting(tenant):
        account = account_of(tenant)
        if account is None:
            return 0
        versions = versions_of(account.tariff_id)
        used, corrected = _free_used(tenant, month), 0
        for leg in _legs_of(tenant, month, account):
            version = in_force(versions, leg.began)
            if version is not None and leg.version != version.number:
                used += _correct(tenant, leg, version, used, now)
                corrected += 1
        return corrected


def _usages(tenant: str, record: CallRecord, legs: list[CallLeg], since: int) -> Iterator[tuple[CallLeg, int, Usage]]:
    country = Tenant.get_by_id(tenant).country or COUNTRY
    for leg in legs:
        called = _called(record, leg)
        if called is not None and leg.answered is not None and leg.answered >= since:
            direction, number = called
            yield leg, leg.answered, Usage(direction=direction, number=normalise(number, country), ms=leg.billed_ms)


def _called(record: CallRecord, leg: CallLeg) -> tuple[CallDirection, str] | None:
    """Return which way a leg was called, and the number called; None for an agent's device, which costs nothing."""
    if leg.number:
        return CallDirection.OUT, leg.number
    if leg.role == CUSTOMER:
        return CallDirection.OUT, record.caller
    return (CallDirection.IN, record.number) if leg.role == CALLER else None


def _charged(tenant: str, leg: str) -> bool:
    table = ChargeRow
    return table.select().where(table.tenant == tenant, table.kind == CALL, table.reference == leg).exists()


def _charge(tenant: str, call: str, leg: str, began: int, usage: Usage, version: TariffVersion, now: int) -> None:
    used = _free_used(tenant, month_at(began, zone_of(tenant)))
    post_charge(
        tenant, CALL, leg, charge_call(version, usage, version.free_s - used), now,
        call=call, direction=usage.direction.value, number=usage.number, began=began, ms=usage.ms,
    )  # fmt: skip


def _free_used(tenant: str, month: str) -> int:
    """Return the free seconds that calls of a month have used, on whatever bill they stand."""
    first, after = month_span(month, zone_of(tenant))
    table = ChargeRow
    used = table.select(fn.SUM(table.free_s)).where(table.tenant == tenant, table.began >= first, table.began < after)
    return int(used.scalar() or 0)


def _legs_of(tenant: str, month: str, account: BillingAccount) -> list[ChargeRow]:
    """Return the last charge of each leg of a month, in the order of the calls."""
    first, after = month_span(month, zone_of(tenant))
    table = ChargeRow
    rows = (
        table.select()
        .where(
            table.tenant == tenant, table.kind == CALL, table.tariff == account.tariff_id,
            table.began >= first, table.began < after,
        )
        .order_by(table.id)
    )  # fmt: skip
    return sorted({row.reference: row for row in rows}.values(), key=lambda row: (row.began, row.reference))


def _correct(tenant: str, leg: ChargeRow, version: TariffVersion, used: int, now: int) -> int:
    """Charge the difference; returns how many more free seconds are used now."""
    net, tax, free = _so_far(tenant, leg.reference)
    usage = Usage(direction=CallDirection(str(leg.direction)), number=str(leg.number), ms=leg.ms)
    right = charge_call(version, usage, version.free_s - (used - free))
    made = correction(version, net, tax, free, right)
    post_charge(
        tenant, CALL, leg.reference, made, now,
        call=leg.call, direction=leg.direction, number=leg.number, began=leg.began, ms=leg.ms,
    )  # fmt: skip
    return made.free_s


def _so_far(tenant: str, leg: str) -> tuple[Decimal, Decimal, int]:
    table = ChargeRow
    mine = (table.tenant == tenant) & (table.kind == CALL) & (table.reference == leg)
    free = table.select(fn.SUM(table.free_s)).where(mine).scalar()
    return sum_of(table.net, mine), sum_of(table.tax, mine), int(free or 0)
