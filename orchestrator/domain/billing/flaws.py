"""What is wrong with a tariff version that somebody wants to put into force."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion

PREFIX = re.compile(r"(\+[0-9]{0,15}|[0-9]{1,15})?")
CURRENCY = re.compile(r"[A-Z]{3}")

#: Largest price, fee or rent, and most decimals of a price by the minute.
MOST, PRICE_PLACES = Decimal(1_000_000), 6

LONGEST_INCREMENT_S = 3600


def flaws_of(version: TariffVersion) -> Iterator[tuple[str, str]]:
    """Yield (place, reason) for everything wrong; the reasons are keys of texts. Nothing when the version is good."""
    if not CURRENCY.fullmatch(version.currency):
        yield "currency", "bad_currency"
    if not 0 <= version.places <= PRICE_PLACES:
        yield "places", "bad_places"
    if not _price(version.tax_percent) or version.tax_percent > 100:
        yield "tax_percent", "bad_percent"
    if not 0 <= version.free_s <= 10**9:
        yield "free_s", "bad_free"
    for item, price in version.rents.items():
        if not _price(price):
            yield f"rents.{item.value}", "bad_price"
    yield from _twice(version.rates)
    for index, rate in enumerate(version.rates):
        for name, reason in rate_flaws(rate, version.places):
            yield f"rates.{index}.{name}", reason


def warnings_of(version: TariffVersion, before: Iterable[TariffVersion], now: int) -> Iterator[tuple[str, str]]:
    """Yield (place, reason) for what may be meant but is worth a look, given the versions there are and the time.

    Gaps: numbers of a direction that no rate covers. Rates that say the same as the shorter prefix above them. A
    version that begins in the past, so that what is charged already needs re-rating; one that replaces another.
    """
    for direction in CallDirection:
        if not any(rate.direction is direction and not rate.prefix for rate in version.rates):
            yield "rates", f"gap_{direction.value}"
    for index, rate in enumerate(version.rates):
        above = _above(version, rate)
        if above is not None and replace(above, prefix=rate.prefix, name=rate.name) == rate:
            yield f"rates.{index}.prefix", "same_as_shorter"
    if version.valid_from < now:
        yield "valid_from", "in_the_past"
    if any(other.valid_from == version.valid_from for other in before):
        yield "valid_from", "replaces"
    elif any(other.valid_from > version.valid_from for other in before):
        yield "valid_from", "before_another"


def _above(version: TariffVersion, rate: Rate) -> Rate | None:
    """Return the rate that would hold if this one weren't there."""
    others = replace(version, rates=tuple(other for other in version.rates if other is not rate))
    return others.rate(rate.direction, rate.prefix)


def rate_flaws(rate: Rate, places: int) -> Iterator[tuple[str, str]]:
    """Yield (field, reason) for what is wrong with a rate of a tariff with `places` decimals."""
    if not PREFIX.fullmatch(rate.prefix):
        yield "prefix", "bad_prefix"
    if not _price(rate.price):
        yield "price", "bad_price"
    for name in ("first_s", "next_s"):
        if not 1 <= getattr(rate, name) <= LONGEST_INCREMENT_S:
            yield name, "bad_increment"
    for name in ("connection_fee", "minimum"):
        if not _price(getattr(rate, name), places):
            yield name, "bad_fee"


def _twice(rates: tuple[Rate, ...]) -> Iterator[tuple[str, str]]:
    seen = set()
    for index, rate in enumerate(rates):
        key = (rate.direction, rate.prefix)
        if key in seen:
            yield f"rates.{index}.prefix", "prefix_twice"
        seen.add(key)


def _price(value: Decimal, places: int = PRICE_PLACES) -> bool:
    """Tell whether a price is finite, not negative, not absurd, and has no more decimals than can be charged."""
    return value.is_finite() and 0 <= value <= MOST and value == round(value, places)
