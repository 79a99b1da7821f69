"""Commands about bills (BILL-1): tariffs, accounts, payments and orders are the operator's business."""

import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
from pydantic import ValidationError

from orchestrator.database.billing.accounts import (
    BadTariffError,
    UnknownTariffError,
    account_of,
    add_version,
)
from orchestrator.database.billing.ledger import balance_of
from orchestrator.database.billing.rerating import corrections
from orchestrator.database.configuration import tenants
from orchestrator.database.documents import from_plain
from orchestrator.database.models import Statement
from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.months import BadMonthError, next_month
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import RentItem, TariffVersion
from webui.bills import AccountTerms
from webui.cli import tariff_commands
from webui.cli.errors import CommandError
from webui.cli.tools import Tools

#: Who is named for what is done on the command line.
WHO = "command line"

#: Most of an amount, and its decimals.
MOST, PLACES = Decimal(1_000_000_000), 6


class Amount(click.ParamType[Decimal]):
    """An exact decimal."""

    name = "amount"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the decimal; refuses what is none, or has more decimals than are kept."""
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is no amount: write it such as 100 or 0.0937.", param, ctx)
        if not amount.is_finite() or abs(amount) > MOST or amount != round(amount, PLACES):
            self.fail(f"{value!r} is too large or has more than {PLACES} decimals.", param, ctx)
        return amount


@click.group
def billing() -> None:
    """Tariffs, accounts, payments, orders, corrections, statements."""


for command in (tariff_commands.list_tariffs, tariff_commands.rates, tariff_commands.publish):
    billing.add_command(command)


@billing.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="What people call the tariff; default: its id.")
@click.pass_obj
def tariff(tools: Tools, file: Path, name: str | None) -> None:
    """Add the next version of a tariff from a JSON FILE (docs/billing.md) and put it into force for its tenants."""
    version = _read(file)
    try:
        added = add_version(version, name or version.tariff, WHO, tools.now())
    except BadTariffError as error:
        raise CommandError(f"{file} is refused: {error}.") from error
    tools.bills.tell(added, WHO)
    click.echo(f"{added.id} is added")


@billing.command
@click.argument("tenant")
@click.option("--tariff", "tariff_id", required=True, help="Its tariff.")
@click.option("--prepaid/--postpaid", default=False, help="Prepaid calls end when the balance is used up.")
@click.option("--credit", type=Amount(), default="0", help="Prepaid: how far the balance may fall below zero.")
@click.option("--low-balance", type=Amount(), help="Warn below this balance.")
@click.pass_obj
def account(
    tools: Tools, tenant: str, tariff_id: str, prepaid: bool, credit: Decimal, low_balance: Decimal | None
) -> None:
    """Say how a company pays; from now on its calls are charged."""
    _known(tenant)
    if credit < 0:
        raise CommandError("--credit can't be negative.")
    try:
        terms = AccountTerms(tariff=tariff_id, prepaid=prepaid, credit=credit, low_balance=low_balance)
        tools.bills.set_account(tenant, terms, WHO)
    except UnknownTariffError as error:
        raise CommandError(f"there is no tariff {tariff_id!r}: add it with `zuoxi billing tariff FILE`.") from error
    except BadTariffError as error:
        raise CommandError(f"{tenant}'s balance is kept in another currency than {tariff_id!r}.") from error
    click.echo(f"{tenant} pays by {tariff_id}")


@billing.command("top-up")
@click.argument("tenant")
@click.argument("amount", type=Amount())
@click.option("--reference", required=True, help="Names the payment; the same one is never posted twice.")
@click.option("--note", default="", help="Shown beside it.")
@click.option("--adjustment", is_flag=True, help="A credit, or with a negative amount a debit, that nobody paid.")
@click.pass_obj
def top_up(tools: Tools, tenant: str, amount: Decimal, reference: str, note: str, adjustment: bool) -> None:
    """Post a payment to a company's balance."""
    _billed(tenant)
    if amount == 0 or (amount < 0 and not adjustment):
        raise CommandError("a payment is more than zero: use --adjustment to take something back.")
    kind = "adjustment" if adjustment else "top_up"
    if not tools.bills.pay(tenant, kind, reference, amount, WHO, note):
        raise CommandError(f"{reference!r} is posted already: nothing was changed.")
    click.echo(f"balance of {tenant}: {plain(balance_of(tenant)[1])}")


@billing.command
@click.argument("tenant")
@click.argument("item", type=click.Choice([item.value for item in RentItem]))
@click.argument("quantity", type=click.IntRange(-100_000, 100_000))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day of the rent.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; default: there is none.")
@click.option("--reference", required=True, help="Names the order; the same one is never recorded twice.")
@click.option("--note", default="")
@click.pass_obj
def order(
    tools: Tools,
    tenant: str,
    item: str,
    quantity: int,
    since: datetime,
    until: datetime | None,
    reference: str,
    note: str,
) -> None:
    """Record that a company rents QUANTITY more of an item; fewer when negative (after `--`)."""
    _billed(tenant)
    if until and until < since:
        raise CommandError("--until is before --since.")
    made = Order(item=RentItem(item), quantity=quantity, since=since.date(), until=until.date() if until else None)
    if not tools.bills.order(tenant, reference, made, WHO, note):
        raise CommandError(f"{reference!r} is recorded already: nothing was changed.")
    click.echo(f"recorded: {quantity} {item} from {made.since}")


@billing.command
@click.argument("tenant")
@click.argument("month")
@click.option("--preview", is_flag=True, help="Show what would be credited and debited, and change nothing.")
@click.pass_obj
def rerate(tools: Tools, tenant: str, month: str, preview: bool) -> None:
    """Correct a MONTH's (2026-11) charges by the tariff versions in force for it now; a worker does it."""
    _billed(tenant)
    try:
        next_month(month)
    except BadMonthError as error:
        raise CommandError(f"{error}.") from error
    if preview:
        _preview(tenant, month)
        return
    tools.bills.correct(tenant, month, WHO)
    click.echo("the workers correct it")


def _preview(tenant: str, month: str) -> None:
    count, total = 0, Decimal(0)
    for one in corrections(tenant, month):
        count, total = count + 1, total + one.charge.total
        before = one.rows[-1] if one.rows else None
        by = f"{before.tariff} v{before.version}" if before else "-"
        click.echo(
            f"{one.reference}  {by} -> {one.charge.tariff} v{one.charge.version}  charged {plain(one.charged)}  "
            f"right {plain(one.charged + one.charge.total)}  difference {plain(one.charge.total)}"
        )
    click.echo(f"{count} corrections, {plain(total)} in all; nothing was changed")


@billing.command
@click.argument("tenant")
def show(tenant: str) -> None:
    """Show a company's balance and its statements."""
    _billed(tenant)
    click.echo(f"balance {plain(balance_of(tenant)[1])}")
    for row in Statement.select().where(Statement.tenant == tenant).order_by(Statement.month):
        click.echo(f"{row.month}  opening {row.opening}  paid {row.paid}  charged {row.charged}  closing {row.closing}")


def _known(tenant: str) -> None:
    if tenant not in tenants():
        raise CommandError(f"there is no tenant {tenant!r}: `zuoxi status` lists those there are.")


def _billed(tenant: str) -> None:
    _known(tenant)
    if account_of(tenant) is None:
        raise CommandError(f"{tenant!r} isn't billed: `zuoxi billing account {tenant} --tariff ...` begins it.")


def _read(file: Path) -> TariffVersion:
    try:
        values = json.loads(file.read_text())
        at = datetime.fromisoformat(values["valid_from"])
        begins = int(at.replace(tzinfo=at.tzinfo or UTC).timestamp()) * 1_000_000
        return from_plain(TariffVersion, {**values, "valid_from": begins, "number": 0})
    except ValidationError as error:
        flaws = [f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}" for flaw in error.errors()]
        raise CommandError(f"{file} is refused: {'; '.join(flaws)}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} is no tariff ({error}): it is JSON with a valid_from in ISO 8601.") from error
