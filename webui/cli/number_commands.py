"""Commands about the numbers that companies own (NUM-1): the operator's business, as it costs money."""

import re

import click

from orchestrator.database.configuration import tenants
from orchestrator.database.numbers import Numbers, NumberTakenError
from webui.cli.errors import CommandError
from webui.cli.setup_commands import publish_tenant
from webui.cli.tools import Tools

#: As switches and trunks write them: digits, with a plus before the country.
NUMBER = re.compile(r"\+?[0-9]{2,20}")


@click.group
def numbers() -> None:
    """Numbers that companies own."""


@numbers.command
@click.argument("number")
@click.option("--tenant", required=True, help="The company that owns it from now on.")
@click.pass_obj
def add(tools: Tools, number: str, tenant: str) -> None:
    """Give a company a number, as it is dialled. Its calls are hung up until the company routes them."""
    if not NUMBER.fullmatch(number):
        raise CommandError(f"{number!r} is no number: use 2 to 20 digits, a plus before them if it is dialled.")
    if tenant not in tenants():
        raise CommandError(f"there is no tenant {tenant!r}: `zuoxi status` lists those there are.")
    try:
        with tools.database.atomic():
            Numbers().add(tenant, number)
    except NumberTakenError as error:
        raise CommandError(f"{error}.") from error
    publish_tenant(tools, tenant)


@numbers.command("list")
@click.option("--tenant", help="Only this company's.")
def list_numbers(tenant: str | None) -> None:
    """List numbers with their owners and where they lead."""
    for owner in [tenant] if tenant else tenants():
        for number in Numbers().all(owner):
            click.echo(f"{number.number:<20} {owner:<20} {number.route.way} {number.route.target}".rstrip())


@numbers.command
@click.argument("number")
@click.option("--tenant", required=True, help="The company that owns it.")
@click.pass_obj
def remove(tools: Tools, number: str, tenant: str) -> None:
    """Take a number away from a company: nobody answers it from the next call on."""
    if Numbers().find(tenant, number) is None:
        raise CommandError(f"{tenant!r} doesn't own {number}: `zuoxi numbers list` shows who owns what.")
    Numbers().remove(tenant, number)
    publish_tenant(tools, tenant)
