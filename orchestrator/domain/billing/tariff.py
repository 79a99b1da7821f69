"""Tariffs: prices by direction and number, in versions that each are in force from a moment on and never change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum

ZERO = Decimal(0)


class CallDirection(StrEnum):
    """Who calls whom: customers us, or we them (forwarding to outside numbers and mobiles included)."""

    IN = "in"
    OUT = "out"


class Rounding(StrEnum):
    """How amounts lose the decimals that aren't kept: halves away from zero, halves to the even digit, always up."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"


_ROUNDING = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN, Rounding.UP: ROUND_UP}


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

    `currency` is ISO 4217; amounts have `places` decimals (0-6), by `rounding`; `tax_percent` is added to every charge;
    `free_s` seconds a month cost nothing (rates with `free_minutes`), with `free_pro_rata` in the month in which an
    account begins only its share of the days; `rents` are prices of a whole month.
    """

    tariff: str
    number: int
    valid_from: int
    currency: str = "CNY"
    places: int = 4
    rounding: Rounding = Rounding.HALF_UP
    tax_percent: Decimal = ZERO
    free_s: int = 0
    free_pro_rata: bool = False
    rents: dict[RentItem, Decimal]
    rates: tuple[Rate, ...]

    @property
    def id(self) -> str:
        """What charges name: the tariff and the version."""
        return f"{self.tariff} v{self.number}"

    def money(self, amount: Decimal) -> Decimal:
        """Round an amount to the tariff's decimals, by its rule."""
        return amount.quantize(Decimal(1).scaleb(-self.places), _ROUNDING[self.rounding])

    def free_in(self, billed_days: int, days: int) -> int:
        """Return the free seconds of a month of `days` days, of which the account has `billed_days`; whole seconds."""
        return self.free_s * billed_days // days if self.free_pro_rata else self.free_s

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A tenant pays by a tariff, of which these are all versions, from `since` (us UTC) until the next assignment."""

    since: int
    versions: tuple[TariffVersion, ...]


def spliced(assignments: Sequence[Assignment]) -> list[TariffVersion]:
    """Return the versions that hold for a tenant who changed tariffs, as if they were those of one tariff.

    `assignments` are in the order of their moments. Of each tariff there are the version in force when it was assigned,
    dated to that moment, and those that came into force until the next was.
    """
    ends = [one.since for one in assignments[1:]]
    found: list[TariffVersion] = []
    for one, end in zip(assignments, [*ends, None], strict=True):
        begins = in_force(one.versions, one.since)
        found += [replace(begins, valid_from=one.since)] if begins else []
        found += [v for v in one.versions if one.since < v.valid_from and (end is None or v.valid_from < end)]
    return found
