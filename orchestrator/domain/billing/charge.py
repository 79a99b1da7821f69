"""A charge: the amount, the tariff version that made it, and the lines of arithmetic that add up to it."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from orchestrator.domain.billing.tariff import ZERO, CallDirection, Rate, TariffVersion


class LineKind(StrEnum):
    """What a line of a charge is for."""

    USAGE = "usage"
    CONNECTION = "connection"
    MINIMUM = "minimum"
    NO_RATE = "no_rate"
    RENT = "rent"
    CORRECTION = "correction"
    TAX = "tax"
    TAX_CORRECTION = "tax_correction"


_TAXES = (LineKind.TAX, LineKind.TAX_CORRECTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line: `amount` is what it adds to the charge, `terms` the figures it comes from, as text, by name."""

    kind: LineKind
    amount: Decimal
    terms: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What something costs; the lines add up to `total` to the last digit. Negative for a credit.

    `free_s` are the seconds taken from the month's free ones.
    """

    tariff: str
    version: int
    currency: str
    lines: tuple[Line, ...]
    free_s: int = 0

    @property
    def tax(self) -> Decimal:
        """The tax within `total`."""
        return sum((line.amount for line in self.lines if line.kind in _TAXES), ZERO)

    @property
    def total(self) -> Decimal:
        """What is to be paid, tax included."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """What is to be paid, without tax."""
        return self.total - self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """A leg that was used: the number called, in its one spelling, and how long it was answered, milliseconds."""

    direction: CallDirection
    number: str
    ms: int


def charge_call(version: TariffVersion, usage: Usage, free_left_s: int) -> Charge:
    """Charge a leg with a version of a tariff; `free_left_s` are the free seconds that the month still has.

    A number that no rate covers costs nothing, and a line says so: a corrected tariff charges it later.
    """
    rate = version.rate(usage.direction, usage.number)
    if rate is None:
        line = Line(kind=LineKind.NO_RATE, amount=version.money(ZERO), terms={"number": usage.number})
        return with_tax(version, [line])
    billed_s = rate.billed_s(usage.ms)
    free_s = min(billed_s, max(0, free_left_s)) if rate.free_minutes else 0
    return with_tax(version, _call_lines(version, rate, usage.ms, billed_s, free_s), free_s)


def with_tax(version: TariffVersion, lines: list[Line], free_s: int = 0) -> Charge:
    """Make a charge of lines and the tax on their sum."""
    net = sum((line.amount for line in lines), ZERO)
    tax = version.money(net * version.tax_percent / 100)
    if version.tax_percent:
        terms = {"percent": plain(version.tax_percent), "net": plain(net)}
        lines = [*lines, Line(kind=LineKind.TAX, amount=tax, terms=terms)]
    return Charge(
        tariff=version.tariff, version=version.number, currency=version.currency, lines=tuple(lines), free_s=free_s
    )


def correction(version: TariffVersion, net: Decimal, tax: Decimal, free_s: int, right: Charge) -> Charge:
    """Charge the difference between what was charged so far (`net`, `tax`, `free_s`) and what is right."""
    lines = [_difference(version, LineKind.CORRECTION, net, right.net)]
    if right.tax != tax:
        lines.append(_difference(version, LineKind.TAX_CORRECTION, tax, right.tax))
    return Charge(
        tariff=version.tariff,
        version=version.number,
        currency=version.currency,
        lines=tuple(lines),
        free_s=right.free_s - free_s,
    )


def _difference(version: TariffVersion, kind: LineKind, charged: Decimal, right: Decimal) -> Line:
    amount, before, after = (_short(version, value) for value in (right - charged, charged, right))
    return Line(kind=kind, amount=amount, terms={"charged": plain(before), "right": plain(after)})


def _short(version: TariffVersion, amount: Decimal) -> Decimal:
    """Return an amount with the tariff's decimals, where it has no more: those of an earlier version are kept."""
    rounded = version.money(amount)
    return rounded if rounded == amount else amount


def plain(amount: Decimal) -> str:
    """Write a decimal without an exponent, all its digits kept."""
    return format(amount, "f")


def _call_lines(version: TariffVersion, rate: Rate, ms: int, billed_s: int, free_s: int) -> list[Line]:
    paid_s = billed_s - free_s
    usage = Line(
        kind=LineKind.USAGE,
        amount=version.money(rate.price * paid_s / 60),
        terms={
            "rate": rate.name, "prefix": rate.prefix, "seconds": plain(Decimal(ms) / 1000), "billed": str(billed_s),
            "first": str(rate.first_s), "next": str(rate.next_s), "free": str(free_s), "paid": str(paid_s),
            "price": plain(rate.price),
        },
    )  # fmt: skip
    lines = [usage]
    if rate.connection_fee and billed_s:
        lines.append(Line(kind=LineKind.CONNECTION, amount=version.money(rate.connection_fee)))
    missing = version.money(rate.minimum) - sum((line.amount for line in lines), ZERO)
    if paid_s and missing > 0:
        lines.append(Line(kind=LineKind.MINIMUM, amount=missing, terms={"minimum": plain(rate.minimum)}))
    return lines
