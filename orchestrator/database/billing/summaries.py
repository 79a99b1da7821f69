"""What a month's bill is made of: sums by what was charged, taxes by rate, payments; all from the rows themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from peewee import fn

from orchestrator.database.billing.accounts import versions_of
from orchestrator.database.billing.ledger import RENT
from orchestrator.database.models import ChargeRow, LedgerEntry
from orchestrator.database.models.billing import PLACES
from orchestrator.domain.billing.tariff import ZERO, CallDirection, Rounding, TariffVersion

#: What is charged, in the order of bills: calls, what is rented, and what puts former charges right.
WHATS = ("calls_in", "calls_out", "rent", "correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was charged for one thing (`WHATS`); `ms` is the talk of calls, 0 for others."""

    what: str
    count: int
    ms: int
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """Net and tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """A charge's tax: `percent` of its net, rounded to `places` decimals."""

    percent: Decimal
    rounding: Rounding
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPart:
    """The tax of all charges by one rule; `rule` None for corrections, which are between two rules."""

    rule: TaxRule | None
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A month's bill: its parts, and its taxes; both add up to what is charged."""

    parts: tuple[Part, ...]
    taxes: tuple[TaxPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    what: str
    tariff: str
    version: int
    count: int
    ms: int
    net: Decimal
    tax: Decimal


def summary_of(tenant: str, month: str) -> Summary:
    """Add up a month's charges."""
    groups = list(_groups(tenant, month))
    parts = (_part(what, [one for one in groups if one.what == what]) for what in WHATS)
    return Summary(parts=tuple(part for part in parts if part.count), taxes=tuple(_taxes(groups)))


def payments_of(tenant: str, month: str) -> list[LedgerEntry]:
    """Read what was paid, credited and taken back on a month's bill, in order."""
    table = LedgerEntry
    mine = (table.tenant == tenant) & (table.month == month) & (table.kind != "charge")
    return list(table.select().where(mine).order_by(table.n))


def _groups(tenant: str, month: str) -> Iterator[_Group]:
    table = ChargeRow
    corrected = table.corrects.is_null(False)
    by = (table.kind, table.direction, corrected, table.tariff, table.version)
    sums = [fn.SUM(table.net).coerce(False), fn.SUM(table.tax).coerce(False), fn.SUM(table.ms), fn.COUNT(table.id)]
    rows: Any = table.select(*by, *sums).where(table.tenant == tenant, table.month == month).group_by(*by).tuples()
    for kind, direction, is_correction, tariff, version, net, tax, ms, count in list(rows):
        what = "correction" if is_correction else _what(kind, direction)
        talk = 0 if is_correction else int(ms)
        yield _Group(what=what, tariff=tariff, version=version, count=count, ms=talk, net=_money(net), tax=_money(tax))


def _what(kind: str, direction: str | None) -> str:
    if kind == RENT:
        return "rent"
    return "calls_in" if direction == CallDirection.IN else "calls_out"


def _part(what: str, groups: list[_Group]) -> Part:
    net, tax = sum((one.net for one in groups), ZERO), sum((one.tax for one in groups), ZERO)
    count, ms = sum(one.count for one in groups), sum(one.ms for one in groups)
    return Part(what=what, count=count, ms=ms, net=net, tax=tax)


def _taxes(groups: list[_Group]) -> Iterator[TaxPart]:
    rules = _rules(groups)
    found: dict[TaxRule | None, tuple[Decimal, Decimal]] = {}
    for one in groups:
        rule = None if one.what == "correction" else rules[one.tariff, one.version]
        net, tax = found.get(rule, (ZERO, ZERO))
        found[rule] = (net + one.net, tax + one.tax)
    for rule in sorted(found, key=lambda rule: (rule is None, rule.percent if rule else ZERO)):
        yield TaxPart(rule=rule, net=found[rule][0], tax=found[rule][1])


def _rules(groups: list[_Group]) -> dict[tuple[str, int], TaxRule]:
    versions: list[TariffVersion] = [
        version for tariff in {one.tariff for one in groups} for version in versions_of(tariff)
    ]
    return {
        (one.tariff, one.number): TaxRule(percent=one.tax_percent, rounding=one.rounding, places=one.places)
        for one in versions
    }


def _money(millionths: int | Decimal) -> Decimal:
    return Decimal(int(millionths)).scaleb(-PLACES)
