"""Tariffs: prices by direction and number, in versions that each are in force from a moment on and never change."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal(0)


class CallDirection(StrEnum):
    """Who calls whom: customers us, or we them (forwarding to outside numbers and mobiles included)."""

    IN = "in"
    OUT = "out"


class RentItem(StrEnum):
    """What is rented by the month."""

    CALL_SEAT = "call_seat"
    CHAT_SEAT = "chat_seat"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The price of calls to numbers that begin with `prefix` (one spelling, `+86...`; empty = all numbers).

    `number` means the number called, in both directions: inbound it is the tenant's own. `price` is for 60 seconds;
    the first `first_s` are charged whole, then each `next_s` begun (1-3600 s). `connection_fee` is for each answered
    call; a call that pays by the minute costs at least `minimum`. `free_minutes`: the tariff's free minutes apply.
    """

    direction: CallDirection
    prefix: str
    name: str
    price: Decimal
    first_s: int = 60
    next_s: int = 60
    connection_fee: Decimal = ZERO
    minimum: Decimal = ZERO
    free_minutes: bool = False

    def billed_s(self, ms: int) -> int:
        """Return the seconds that a call of `ms` milliseconds is charged; 0 for one that was never answered."""
        if ms <= 0:
            return 0
        beyond_ms = max(0, ms - self.first_s * 1000)
        return self.first_s + -(-beyond_ms // (self.next_s * 1000)) * self.next_s


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffVersion:
    """A version of a tariff, in force from `valid_from` (us UTC) until a later one is.

    `currency` is ISO 4217; amounts have `places` decimals (0-6); `tax_percent` is added to every charge; `free_s`
    seconds a month cost nothing (rates with `free_minutes`); `rents` are prices of a whole month.
    """

    tariff: str
    number: int
    valid_from: int
    currency: str = "CNY"
    places: int = 4
    tax_percent: Decimal = ZERO
    free_s: int = 0
    rents: dict[RentItem, Decimal]
    rates: tuple[Rate, ...]

    @property
    def id(self) -> str:
        """What charges name: the tariff and the version."""
        return f"{self.tariff} v{self.number}"

    def money(self, amount: Decimal) -> Decimal:
        """Round an amount to the tariff's decimals, halves away from zero."""
        return amount.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)

    def rate(self, direction: CallDirection, number: str) -> Rate | None:
        """Return the rate whose prefix is the longest that `number` begins with, None when there is none."""
        found = (rate for rate in self.rates if rate.direction is direction and number.startswith(rate.prefix))
        return max(found, key=lambda rate: len(rate.prefix), default=None)


def in_force(versions: Iterable[TariffVersion], at: int) -> TariffVersion | None:
    """Return the version in force at `at` (us UTC), None when none is yet.

    It is the one that came into force last; of several from the same moment, the one made last: a correction is a
    new version that is valid from the same moment as the wrong one.
    """
    begun = (version for version in versions if version.valid_from <= at)
    return max(begun, key=lambda version: (version.valid_from, version.number), default=None)
