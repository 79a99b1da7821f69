"""Charging calls from their records (BILL-1): each leg once by the tariff version in force when it was answered."""

from collections.abc import Iterator

from peewee import fn

from orchestrator.database.billing.accounts import account_of, versions_for
from orchestrator.database.billing.ledger import CALL, free_in, free_used, post_charge, posting, zone_of
from orchestrator.database.call_places import find_record, parts_of
from orchestrator.database.models import BillingAccount, CallLeg, CallRecord, ChargeRow, Tenant
from orchestrator.database.partitions import LONGEST_CALL_US
from orchestrator.domain.billing.charge import Usage, charge_call
from orchestrator.domain.billing.months import month_at
from orchestrator.domain.billing.tariff import CallDirection, TariffVersion, in_force
from orchestrator.domain.config import COUNTRY
from orchestrator.service.numbers import normalise

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
        versions = versions_for(tenant)
        legs = list(parts_of(CallLeg, record).order_by(CallLeg.id))
        for leg, began, usage in _usages(tenant, record, legs, account.since):
            version = in_force(versions, began)
            if version is not None and not _charged(tenant, leg.leg):
                free_s = _free_left(tenant, account, version, began)
                post_charge(
                    tenant, CALL, leg.leg, charge_call(version, usage, free_s), now,
                    call=call, direction=usage.direction.value, number=usage.number, began=began, ms=usage.ms,
                )  # fmt: skip
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
        .where(
            CallRecord.tenant == tenant,
            CallRecord.arrived >= since - LONGEST_CALL_US,
            CallRecord.ended >= since,
            fn.EXISTS(uncharged),
        )
        .order_by(CallRecord.ended)
        .limit(most)
    )  # fmt: skip
    return [row.call for row in found]


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


def _free_left(tenant: str, account: BillingAccount, version: TariffVersion, began: int) -> int:
    """Return the free seconds that are left for a leg answered at `began` (us UTC)."""
    zone = zone_of(tenant)
    month = month_at(began, zone)
    return free_in(version, month, account.since, zone) - free_used(tenant, month)
