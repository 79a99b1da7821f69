"""Commands about seats (SEAT-1, SEAT-4): what companies buy and whether they are served."""

import secrets
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from orchestrator.database.configuration import tenants
from orchestrator.database.licences import ITEMS, licence_of, seat_orders
from orchestrator.database.models import Tenant
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.licence import SeatKind
from webui.cli.errors import CommandError
from webui.cli.tools import Tools

#: Who is named for what is done on the command line.
WHO = "command line"

DAY = click.DateTime(["%Y-%m-%d"])


@click.group
def seats() -> None:
    """Seats that companies buy, from when until when; suspending companies."""


@seats.command
@click.argument("tenant")
@click.option("--kind", type=click.Choice([kind.value for kind in SeatKind]), default="call", show_default=True)
@click.option("--count", type=click.IntRange(-100_000, 100_000), required=True, help="Fewer when negative.")
@click.option("--from", "since", type=DAY, help="The first day; default: today.")
@click.option("--until", type=DAY, help="The last day; default: there is none.")
@click.option("--reference", help="Names the order; the same one is never recorded twice. Default: a new name.")
@click.option("--note", default="")
@click.pass_obj
def buy(
    tools: Tools,
    tenant: str,
    kind: str,
    count: int,
    since: datetime | None,
    until: datetime | None,
    reference: str | None,
    note: str,
) -> None:
    """Record that a company buys seats; the first order begins its limits."""
    company = _company(tenant)
    first, last = since.date() if since else _today(tools, company), until.date() if until else None
    if count == 0 or (last is not None and last < first):
        raise CommandError("an order has seats, and ends on its first day or later.")
    named = reference or secrets.token_hex(4)
    order = Order(item=ITEMS[SeatKind(kind)], quantity=count, since=first, until=last)
    if not tools.seat_orders.buy(tenant, named, SeatKind(kind), order, WHO, note):
        raise CommandError(f"{named!r} is recorded already: nothing was changed.")
    click.echo(f"{named}: {count} {kind} seats from {first} until {last or 'cancelled'}")


@seats.command("list")
@click.argument("tenant", required=False)
@click.pass_obj
def list_seats(tools: Tools, tenant: str | None) -> None:
    """Show what companies have bought and whether they are served; for one company also its orders."""
    for company in [_company(tenant)] if tenant else [_company(one) for one in tenants()]:
        click.echo(_summary(tools, company))
        for row in seat_orders(company.id) if tenant else ():
            click.echo(
                f"  {row.reference:<12} {row.item:<10} {row.quantity:>6}  {row.since} - {row.until or ''}  {row.note}"
            )


@seats.command
@click.argument("tenant")
@click.option("--reason", required=True, help="What the company is told.")
@click.pass_obj
def suspend(tools: Tools, tenant: str, reason: str) -> None:
    """Have a company not served any more: running calls finish, log-ins and new calls are refused."""
    _company(tenant)
    if not tools.seat_orders.suspend(tenant, reason, WHO):
        raise CommandError(f"{tenant!r} is suspended already.")
    click.echo(f"{tenant} is suspended")


@seats.command
@click.argument("tenant")
@click.pass_obj
def resume(tools: Tools, tenant: str) -> None:
    """Have a suspended company served again."""
    _company(tenant)
    if not tools.seat_orders.resume(tenant, WHO):
        raise CommandError(f"{tenant!r} isn't suspended.")
    click.echo(f"{tenant} is served again")


def _summary(tools: Tools, company: Tenant) -> str:
    licence, now = licence_of(company), tools.now()
    held = {kind: licence.purchased(kind, now) for kind in SeatKind}
    counts = "  ".join(f"{kind} {'unlimited' if count is None else count}" for kind, count in held.items())
    until = licence.valid_until(now)
    moment = datetime.fromtimestamp(until / 1_000_000, ZoneInfo(company.timezone)) if until else None
    ends = f"  until {moment:%Y-%m-%d %H:%M}" if moment else ""
    return f"{company.id}: {licence.standing(now)}  {counts}{ends}"


def _today(tools: Tools, company: Tenant) -> date:
    return datetime.fromtimestamp(tools.now() / 1_000_000, UTC).astimezone(ZoneInfo(company.timezone)).date()


def _company(tenant: str) -> Tenant:
    found: Tenant | None = Tenant.get_or_none(Tenant.id == tenant)
    if found is None:
        raise CommandError(f"there is no tenant {tenant!r}: `zuoxi status` lists those there are.")
    return found
