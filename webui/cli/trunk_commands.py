"""Commands about trunks (NUM-1): by which gateway of the switches calls go out, and with which numbers."""

import re

import click

from orchestrator.database.trunks import TrunkInUseError, Trunks
from orchestrator.domain.trunks import Trunk
from webui.cli.errors import CommandError
from webui.cli.number_commands import refusals_told
from webui.cli.seat_commands import WHO
from webui.cli.setup_commands import publish_tenant
from webui.cli.tools import Tools

#: As the switch names gateways.
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")

#: A beginning of numbers and what stands there instead.
REWRITE = re.compile(r"(\+?[0-9]*)=(\+?[0-9]*)")


@click.group
def trunks() -> None:
    """Trunks: gateways that every switch has, by which calls go out."""


@trunks.command("set")
@click.argument("name")
@click.option("--rewrite", multiple=True, metavar="BEGIN=INSTEAD", help="How the carrier wants numbers, e.g. +86=0.")
@click.option("--passes-on", is_flag=True, help="The carrier lets agents' mobiles show customers' numbers.")
@click.pass_obj
def set_trunk(tools: Tools, name: str, rewrite: tuple[str, ...], passes_on: bool) -> None:
    """Add a trunk named as the switches' gateway, or change how it wants numbers. Nothing else is kept of it here."""
    if not NAME.fullmatch(name):
        raise CommandError(f"{name!r} is no gateway's name: use up to 64 letters, digits, dots, hyphens.")
    Trunks().put(Trunk(name=name, rewrite=tuple(_pair(text) for text in rewrite), passes_on=passes_on))
    for tenant in dict.fromkeys(tenant for tenant, _ in Trunks().users(name)):
        publish_tenant(tools, tenant)


@trunks.command("list")
def list_trunks() -> None:
    """List trunks with the numbers that belong to them."""
    for trunk in Trunks().all():
        rules = " ".join(f"{begins}={instead}" for begins, instead in trunk.rewrite)
        rules = " ".join(filter(None, (rules, "passes-on" if trunk.passes_on else "")))
        numbers = " ".join(number for _, number in Trunks().users(trunk.name))
        click.echo(f"{trunk.name:<20} {rules or '-':<20} {numbers}".rstrip())


@trunks.command
@click.argument("name")
def remove(name: str) -> None:
    """Forget a trunk that no number belongs to any more."""
    _existing(name)
    try:
        Trunks().remove(name)
    except TrunkInUseError as error:
        raise CommandError(f"{error}: `zuoxi trunks assign` them to another first.") from error


@trunks.command
@click.argument("number")
@click.argument("trunk", required=False, default="")
@click.option("--tenant", required=True, help="The company that owns the number.")
@click.pass_obj
def assign(tools: Tools, number: str, trunk: str, tenant: str) -> None:
    """Let calls that show an owned NUMBER go out by TRUNK; without TRUNK by none."""
    with refusals_told(tenant, number, trunk):
        tools.owned_numbers.assign(tenant, number, trunk, WHO)
    click.echo(f"{tenant}: {number} goes out by {trunk or 'no trunk'}")


def _existing(name: str) -> None:
    if name not in Trunks().named([name]):
        raise CommandError(f"there is no trunk {name!r}: `zuoxi trunks list` shows those there are.")


def _pair(text: str) -> tuple[str, str]:
    found = REWRITE.fullmatch(text)
    if not found:
        raise CommandError(f"{text!r} is no rule: write BEGIN=INSTEAD with digits, e.g. +86=0 or +=00.")
    return found[1], found[2]
