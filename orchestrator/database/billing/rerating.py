"""Putting charges right after a tariff was corrected: credits and debits of their own, found first, then posted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from orchestrator.database.billing.accounts import account_of, versions_for
from orchestrator.database.billing.ledger import CALL, RENT, free_in, free_used, post_charge, posting, zone_of
from orchestrator.database.billing.statements import rents_of
from orchestrator.database.models import BillingAccount, ChargeRow, Statement
from orchestrator.domain.billing.charge import Charge, Usage, charge_call, correction
from orchestrator.domain.billing.months import month_span
from orchestrator.domain.billing.tariff import ZERO, CallDirection, TariffVersion, in_force

#: Whoever looks at corrections pauses after so many legs: some milliseconds.
PAUSE_EACH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a leg, or a month's rent of an item, has been charged so far (`rows`) and what is missing.

    `charge` is the difference, by the version in force now; it is posted as `kind` and `reference`, for something that
    began at `began` (us UTC). A rent that was ordered after its month was closed has no rows.
    """

    kind: str
    reference: str
    began: int
    rows: Sequence[ChargeRow]
    charge: Charge

    @property
    def charged(self) -> Decimal:
        """What has been charged so far, tax included."""
        return sum((row.total for row in self.rows), ZERO)


def _go_on() -> None:
    """Nobody else is to be served meanwhile."""


def corrections(tenant: str, month: str, pause: Callable[[], None] = _go_on) -> Iterator[Correction]:
    """Find what a month's calls and rents would be charged otherwise now; changes nothing.

    Calls in their order, since free minutes are used up in it. A month's rent is charged when it is closed: before,
    there is nothing to correct. `pause` is called now and then, for processes that serve others too. Raises
    BadMonthError.
    """
    account = account_of(tenant)
    if account is not None:
        yield from _calls(tenant, month, account, pause)
        if Statement.get_or_none(Statement.tenant == tenant, Statement.month == month):
            yield from _rents(tenant, month)


def rerate(tenant: str, month: str, now: int) -> int:
    """Post a month's corrections: on its bill or, once that is closed, on the next open one.

    Returns how many; doing it again posts none. A transaction.
    """
    with posting(tenant):
        found = list(corrections(tenant, month))
        for one in found:
            _post(tenant, one, now)
        return len(found)


def _post(tenant: str, one: Correction, now: int) -> None:
    facts: dict[str, object] = {"began": one.began}
    if one.rows:
        first, last = one.rows[0], one.rows[-1]
        facts |= {"call": first.call, "direction": first.direction, "number": first.number, "ms": first.ms}
        facts |= {"corrects": first.id, "from_tariff": last.tariff, "from_version": last.version}
    post_charge(tenant, one.kind, one.reference, one.charge, now, **facts)


def _calls(tenant: str, month: str, account: BillingAccount, pause: Callable[[], None]) -> Iterator[Correction]:
    versions, zone = versions_for(tenant), zone_of(tenant)
    used = free_used(tenant, month)
    for place, rows in enumerate(_charged_legs(tenant, month)):
        if place % PAUSE_EACH == 0:
            pause()
        version = in_force(versions, rows[0].began)
        if version is None or any((row.tariff, row.version) == (version.tariff, version.number) for row in rows):
            continue
        free_s = free_in(version, month, account.since, zone)
        made = _leg(rows, version, free_s - used)
        used += made.charge.free_s
        if made.charge.net or made.charge.tax or made.charge.free_s:
            yield made


def _charged_legs(tenant: str, month: str) -> Iterator[list[ChargeRow]]:
    """Yield the charges of each leg of a month, first to last, in the order of the calls."""
    first, after = month_span(month, zone_of(tenant))
    table = ChargeRow
    rows = (
        table.select()
        .where(table.tenant == tenant, table.kind == CALL, table.began >= first, table.began < after)
        .order_by(table.began, table.reference, table.id)
    )
    for _, same in groupby(rows.iterator(), key=lambda row: row.reference):
        yield list(same)


def _leg(rows: list[ChargeRow], version: TariffVersion, free_left_s: int) -> Correction:
    """Correct a leg; `free_left_s` are the seconds left while its own still count as used."""
    first, free_s = rows[0], sum(row.free_s for row in rows)
    usage = Usage(direction=CallDirection(str(first.direction)), number=str(first.number), ms=first.ms)
    right = charge_call(version, usage, free_left_s + free_s)
    made = _difference(version, rows, right)
    return Correction(kind=CALL, reference=first.reference, began=first.began, rows=rows, charge=made)


def _rents(tenant: str, month: str) -> Iterator[Correction]:
    began, after = month_span(month, zone_of(tenant))
    version = in_force(versions_for(tenant), after - 1)
    if version is None:
        return
    for item, charges in rents_of(tenant, month).items():
        name = f"{month}:{item.value}"
        rows = _rent_rows(tenant, name)
        right = Charge(
            tariff=version.tariff, version=version.number, currency=version.currency,
            lines=tuple(line for charge in charges for line in charge.lines),
        )  # fmt: skip
        made = _difference(version, rows, right) if rows else right
        if made.net or made.tax:
            yield Correction(kind=RENT, reference=f"{name}+{len(rows)}", began=began, rows=rows, charge=made)


def _rent_rows(tenant: str, name: str) -> list[ChargeRow]:
    """Read the charges of a month's rent of an item, `MONTH:ITEM`, and their corrections, `MONTH:ITEM+N`."""
    table = ChargeRow
    mine = (table.reference == name) | table.reference.startswith(f"{name}+")
    return list(table.select().where(table.tenant == tenant, table.kind == RENT, mine).order_by(table.id))


def _difference(version: TariffVersion, rows: Sequence[ChargeRow], right: Charge) -> Charge:
    net, tax = sum((row.net for row in rows), ZERO), sum((row.tax for row in rows), ZERO)
    return correction(version, net, tax, sum(row.free_s for row in rows), right)
