"""Who pays how, by which tariff, and what is ordered (BILL-1)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from orchestrator.database.connection import bound_database, one_writer
from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import BillingAccount, BillingOrder, Tariff, TariffAssignment, TariffVersionRow
from orchestrator.domain.billing.flaws import flaws_of
from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.domain.billing.rent import Order, held_on, overdrawn
from orchestrator.domain.billing.tariff import Assignment, RentItem, TariffVersion, spliced


class BadTariffError(ValueError):
    """A version can't be put into force; `flaws` are (place, reason)."""

    def __init__(self, flaws: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(f"{place}: {reason}" for place, reason in flaws))
        self.flaws = flaws


class UnknownTariffError(LookupError):
    """There is no such tariff."""


class TooMuchBackError(ValueError):
    """An order would give back more than there is: on the day `since` (the first such) there are `held`."""

    def __init__(self, since: date, held: int) -> None:
        super().__init__(f"On {since} there are {held}: no more can be given back.")
        self.since, self.held = since, held


def add_version(version: TariffVersion, name: str, who: str, at: int) -> TariffVersion:
    """Add the next version of a tariff, and the tariff itself if it is new; numbers it. Raises BadTariffError.

    All versions of a tariff have one currency: balances are kept in it.
    """
    with one_writer(bound_database(), f"tariff {version.tariff}"):
        before = versions_of(version.tariff)
        numbered = replace(version, number=len(before) + 1)
        flaws = list(flaws_of(numbered))
        if any(other.currency != version.currency for other in before):
            flaws.append(("currency", "other_currency"))
        if flaws:
            raise BadTariffError(flaws)
        if not before:
            Tariff.create(id=version.tariff, name=name)
        TariffVersionRow.create(
            tariff=version.tariff,
            number=numbered.number,
            valid_from=numbered.valid_from,
            document=to_plain(numbered),
            created=at,
            created_by=who,
        )
    return numbered


def versions_of(tariff: str) -> list[TariffVersion]:
    """Read all versions of a tariff by number; none for a tariff that there isn't."""
    rows = TariffVersionRow.select().where(TariffVersionRow.tariff == tariff).order_by(TariffVersionRow.number)
    return [from_plain(TariffVersion, row.document) for row in rows]


def versions_for(tenant: str) -> list[TariffVersion]:
    """Read what a tenant pays by: the versions of its tariffs, each for the time in which the tenant had the tariff."""
    rows = list(_assignments(tenant))
    known = {tariff: tuple(versions_of(tariff)) for tariff in {row.tariff for row in rows}}
    return spliced([Assignment(since=row.since, versions=known[row.tariff]) for row in rows])


def currency_of(account: BillingAccount) -> str:
    """Return the currency that a tenant's balance is kept in."""
    return versions_of(account.tariff_id)[0].currency


def assignments_of(tenant: str) -> list[TariffAssignment]:
    """Read by which tariffs a tenant has paid and pays, in order."""
    return list(_assignments(tenant))


def _assignments(tenant: str) -> Iterable[TariffAssignment]:
    table = TariffAssignment
    return table.select().where(table.tenant == tenant).order_by(table.since)


def account_of(tenant: str) -> BillingAccount | None:
    """Read how a tenant pays, None for one that isn't billed."""
    found: BillingAccount | None = BillingAccount.get_or_none(BillingAccount.tenant == tenant)
    return found


def terms_of(tenant: str) -> BillingTerms | None:
    """Read what the call path must know of a tenant's bill, None for one that isn't billed."""
    account = account_of(tenant)
    if account is None:
        return None
    return BillingTerms(prepaid=account.prepaid, versions=tuple(versions_for(tenant)))


def set_account(
    tenant: str, tariff: str, at: int, prepaid: bool, credit: Decimal, low_balance: Decimal | None, who: str = ""
) -> BillingAccount:
    """Say how a tenant pays; calls from `at` (us UTC) on are charged if it wasn't billed before.

    Another tariff than the present one holds for what begins at `at` or later. Raises UnknownTariffError, and
    BadTariffError when the balance is in another currency.
    """
    with one_writer(bound_database(), f"billing of {tenant}"):
        versions = versions_of(tariff)
        if not versions:
            raise UnknownTariffError(tariff)
        account = account_of(tenant)
        if account is not None and currency_of(account) != versions[0].currency:
            raise BadTariffError([("tariff", "other_currency")])
        values = {"tariff": tariff, "prepaid": prepaid, "credit": credit, "low_balance": low_balance}
        if account is None or account.tariff_id != tariff:
            since = 0 if account is None else at
            TariffAssignment.create(tenant=tenant, tariff=tariff, since=since, at=at, who=who)
        if account is None:
            return BillingAccount.create(tenant=tenant, since=at, **values)
        BillingAccount.update(**values).where(BillingAccount.tenant == tenant).execute()
        return BillingAccount.get_by_id(tenant)


def add_order(tenant: str, reference: str, order: Order, who: str, at: int, note: str = "") -> bool:
    """Record an order; False when one of this reference is recorded already. Raises TooMuchBackError."""
    with one_writer(bound_database(), f"billing of {tenant}"):
        mine = BillingOrder.select().where(BillingOrder.tenant == tenant, BillingOrder.reference == reference)
        if mine.exists():
            return False
        orders = orders_of(tenant)
        since = overdrawn(orders, order)
        if since is not None:
            raise TooMuchBackError(since, held_on(orders, order.item, since))
        BillingOrder.create(
            tenant=tenant, reference=reference, item=order.item.value, quantity=order.quantity, since=order.since,
            until=order.until, at=at, note=note, who=who,
        )  # fmt: skip
    return True


def orders_of(tenant: str) -> list[Order]:
    """Read a tenant's orders by day."""
    rows = BillingOrder.select().where(BillingOrder.tenant == tenant).order_by(BillingOrder.since, BillingOrder.id)
    return [Order(item=RentItem(row.item), quantity=row.quantity, since=row.since, until=row.until) for row in rows]
