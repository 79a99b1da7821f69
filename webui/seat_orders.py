"""What the operator sells and takes away: orders of seats, suspensions (SEAT-1, SEAT-4). In force when it is done."""

from collections.abc import Callable

from orchestrator.database.audit import note_change
from orchestrator.database.billing.accounts import add_order
from orchestrator.database.licences import ITEMS, resume, suspend
from orchestrator.database.models import Tenant
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.licence import SeatKind
from orchestrator.publishing import Publishing


class SeatOrders:
    """Orders are added and never changed: fewer seats are an order with a negative count."""

    def __init__(self, publishing: Publishing, now: Callable[[], int]) -> None:
        """`now` gives microseconds UTC."""
        self._publishing, self._now = publishing, now

    def buy(self, tenant: str, reference: str, kind: SeatKind, order: Order, who: str, note: str = "") -> bool:
        """Record an order of seats; False when one of this reference is recorded already."""
        if order.item is not ITEMS[kind]:
            raise ValueError(f"{order.item} are no {kind} seats")
        at = self._now()
        with self._publishing.turn(tenant):
            added = add_order(tenant, reference, order, who, at, note)
            if added:
                note_change(tenant, "seat_order", reference, who, at, None, order)
        return added

    def suspend(self, tenant: str, reason: str, who: str) -> bool:
        """Have a company not served any more; running calls go on. False when it is suspended already."""
        at = self._now()
        with self._publishing.turn(tenant):
            changed = suspend(tenant, reason, at)
            if changed:
                note_change(tenant, "suspension", tenant, who, at, None, {"reason": reason})
        return changed

    def resume(self, tenant: str, who: str) -> bool:
        """Have a suspended company served again; False when it isn't suspended."""
        at, before = self._now(), Tenant.get_by_id(tenant).suspended_reason
        with self._publishing.turn(tenant):
            changed = resume(tenant)
            if changed:
                note_change(tenant, "suspension", tenant, who, at, {"reason": before}, None)
        return changed
