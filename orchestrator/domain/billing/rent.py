"""Rent of seats and numbers: a day costs the month's price divided by the month's days."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from orchestrator.domain.billing.charge import Charge, Line, LineKind, plain, with_tax
from orchestrator.domain.billing.months import days_of
from orchestrator.domain.billing.tariff import ZERO, RentItem, TariffVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """From the day `since` to the day `until` (None = for ever) there are `quantity` more; fewer when negative."""

    item: RentItem
    quantity: int
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the order counts on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


def held_on(orders: Sequence[Order], item: RentItem, day: date) -> int:
    """Return how many of an item a tenant has on a day; never fewer than none."""
    return max(0, sum(order.quantity for order in orders if order.item is item and order.covers(day)))


def overdrawn(orders: Sequence[Order], order: Order) -> date | None:
    """Return the first day on which an order would give back more than there is then, None for none."""
    if order.quantity >= 0:
        return None
    mine = [other for other in orders if other.item is order.item]
    days = {order.since, *(day for other in mine for day in _turns(other) if order.covers(day))}
    return next((day for day in sorted(days) if held_on(mine, order.item, day) + order.quantity < 0), None)


def _turns(order: Order) -> Iterable[date]:
    """The days from which on the order counts, and counts no more."""
    yield order.since
    if order.until is not None and order.until < date.max:
        yield order.until + timedelta(days=1)


def charge_rent(
    month: str, item: RentItem, orders: Sequence[Order], version_on: Callable[[date], TariffVersion | None]
) -> list[Charge]:
    """Charge a month's rent of an item: one charge for each tariff version in force in it, a line for each quantity.

    `version_on` tells the version in force at the beginning of a day; days without one cost nothing.
    """
    days = days_of(month)
    priced: dict[str, tuple[TariffVersion, list[date]]] = {}
    for day in days:
        version = version_on(day)
        if version is not None:
            priced.setdefault(version.id, (version, []))[1].append(day)
    made = [(version, _lines(version, item, orders, held, len(days))) for version, held in priced.values()]
    return [with_tax(version, lines) for version, lines in made if lines]


def _lines(
    version: TariffVersion, item: RentItem, orders: Sequence[Order], days: list[date], in_month: int
) -> list[Line]:
    price = version.rents.get(item, ZERO)
    lines = []
    places = {day: place for place, day in enumerate(days)}
    runs = groupby(days, key=lambda day: (held_on(orders, item, day), day.toordinal() - places[day]))
    for (quantity, _), same in runs:
        run = list(same)
        if quantity and price:
            terms = {
                "item": item.value, "quantity": str(quantity), "price": plain(price), "days": str(len(run)),
                "in_month": str(in_month), "first": run[0].isoformat(), "last": run[-1].isoformat(),
            }  # fmt: skip
            amount = version.money(price * quantity * len(run) / in_month)
            lines.append(Line(kind=LineKind.RENT, amount=amount, terms=terms))
    return lines
