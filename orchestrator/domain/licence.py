"""What a tenant has bought: seats of each kind, from when until when; and what follows when they run out (SEAT-1..4).

A call seat is held by whoever is logged in: an agent in any state but offline. For the answer mode `web` that is what
people mean by it. An agent of the answer mode `mobile` whose login in the browser ends keeps the state, and calls go on
reaching the mobile (STATE-5): the seat is held until the state is offline.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class SeatKind(StrEnum):
    """Seats are bought for calls and for chats separately."""

    CALL = "call"
    CHAT = "chat"


class Standing(StrEnum):
    """Whether a tenant may be served now."""

    VALID = "valid"
    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOrder:
    """`count` more seats (fewer when negative) in [since, until), microseconds UTC; `until` None = for ever."""

    kind: SeatKind
    count: int
    since: int
    until: int | None = None

    def covers(self, at: int) -> bool:
        """Tell whether the order counts at a moment."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The orders of a tenant, and since when the operator has it suspended (us UTC, None = not) with the reason.

    A tenant without any order has no limits and doesn't expire: an installation for oneself buys nothing.
    """

    orders: tuple[SeatOrder, ...] = ()
    suspended: int | None = None
    reason: str = ""

    def purchased(self, kind: SeatKind, now: int) -> int | None:
        """Return how many seats of a kind there are at a moment, None = without a limit."""
        if not self.orders:
            return None
        return max(0, sum(order.count for order in self.orders if order.kind is kind and order.covers(now)))

    def standing(self, now: int) -> Standing:
        """Tell whether the tenant may be served at a moment."""
        if self.suspended is not None:
            return Standing.SUSPENDED
        if self._served(now):
            return Standing.VALID
        begun = any(order.since <= now for order in self.orders)
        return Standing.EXPIRED if begun else Standing.NOT_BEGUN

    def valid_until(self, now: int) -> int | None:
        """Return the moment (us UTC) from which there are no seats any more, None = never, or without service now."""
        if not self._served(now):
            return None
        return next((at for at in self._changes(now) if not self._served(at)), None)

    def next_change(self, now: int) -> int | None:
        """Return the next moment (us UTC) at which the number of seats changes."""
        return next(self._changes(now), None)

    def _served(self, now: int) -> bool:
        return not self.orders or any(self.purchased(kind, now) for kind in SeatKind)

    def _changes(self, now: int) -> Iterator[int]:
        moments = {at for order in self.orders for at in (order.since, order.until) if at is not None and at > now}
        yield from sorted(moments)
