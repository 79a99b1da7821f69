"""What tenants have bought, as orders and suspensions have it (SEAT-1). One idea with the rent: the same orders."""

from datetime import timedelta

from orchestrator.database.billing.accounts import orders_of
from orchestrator.database.models import BillingOrder, Tenant
from orchestrator.domain.billing.months import day_begins
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import RentItem
from orchestrator.domain.licence import Licence, SeatKind, SeatOrder

#: What an order of seats is called on the bill.
ITEMS = {SeatKind.CALL: RentItem.CALL_SEAT, SeatKind.CHAT: RentItem.CHAT_SEAT}
KINDS = {item: kind for kind, item in ITEMS.items()}


def licence_of(tenant: Tenant) -> Licence:
    """Make a tenant's licence; days are those of its time zone."""
    orders = [order for order in orders_of(tenant.id) if order.item in KINDS]
    return Licence(
        orders=tuple(_seats(order, tenant.timezone) for order in orders),
        suspended=tenant.suspended,
        reason=tenant.suspended_reason or "",
    )


def suspend(tenant: str, reason: str, at: int) -> bool:
    """Have a tenant not served any more; False when it is suspended already."""
    table = Tenant
    changed = table.update(suspended=at, suspended_reason=reason).where(table.id == tenant, table.suspended.is_null())
    return bool(changed.execute())


def resume(tenant: str) -> bool:
    """Have a suspended tenant served again; False when it isn't suspended."""
    table = Tenant
    changed = table.update(suspended=None, suspended_reason=None)
    return bool(changed.where(table.id == tenant, table.suspended.is_null(False)).execute())


def seat_orders(tenant: str) -> list[BillingOrder]:
    """Read a tenant's orders of seats, the latest first."""
    table = BillingOrder
    names = [item.value for item in KINDS]
    found = table.select().where(table.tenant == tenant, table.item.in_(names))
    return list(found.order_by(table.at.desc(), table.id.desc()))


def _seats(order: Order, zone: str) -> SeatOrder:
    return SeatOrder(
        kind=KINDS[order.item],
        count=order.quantity,
        since=day_begins(order.since, zone),
        until=day_begins(order.until + timedelta(days=1), zone) if order.until else None,
    )
