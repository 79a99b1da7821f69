"""Commands about the numbers that companies own (NUM-1): the operator's business, as it costs money."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from orchestrator.database.configuration import UnknownTenantError, tenants
from orchestrator.database.numbers import Numbers, NumberTakenError
from webui.cli.errors import CommandError
from webui.cli.seat_commands import WHO
from webui.cli.tools import Tools
from webui.errors import InUseError, NotFoundError
from webui.owned_numbers import NotDialledError, UnknownTrunkError


@click.group
def numbers() -> None:
    """Numbers that companies own."""


@numbers.command
@click.argument("number")
@click.option("--tenant", required=True, help="The company that owns it from now on.")
@click.option("--trunk", default="", help="Calls that show it go out by this one; default: it can't be shown.")
@click.pass_obj
def add(tools: Tools, number: str, tenant: str, trunk: str) -> None:
    """Give a company a number, as it is dialled. Its calls are hung up until the company routes them."""
    with refusals_told(tenant, number, trunk):
        kept = tools.owned_numbers.give(tenant, number, trunk, WHO)
    click.echo(f"{tenant}: {kept} is in force")


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
    with refusals_told(tenant, number):
        tools.owned_numbers.take_back(tenant, number, WHO)
    click.echo(f"{tenant}: {number} is nobody's from the next call on")


@contextmanager
def refusals_told(tenant: str, number: str, trunk: str = "") -> Iterator[None]:
    """Turn every refusal of what is done with a number into a sentence that says what to do."""
    try:
        yield
    except UnknownTenantError as error:
        raise CommandError(f"there is no tenant {tenant!r}: `zuoxi companies list` shows those there are.") from error
    except NotDialledError as error:
        raise CommandError(f"{number!r} is no number: use 2 to 20 digits, a plus before them if it has one.") from error
    except UnknownTrunkError as error:
        raise CommandError(f"there is no trunk {trunk!r}: `zuoxi trunks list` shows those there are.") from error
    except NumberTakenError as error:
        raise CommandError(f"{error}: `zuoxi numbers remove` takes it back first.") from error
    except NotFoundError as error:
        raise CommandError(f"{tenant!r} doesn't own {number}: `zuoxi numbers list` shows who owns what.") from error
    except InUseError as error:
        where = ", ".join(error.fields)
        raise CommandError(f"{number} is shown or needed at {where}: that must be changed first.") from error
