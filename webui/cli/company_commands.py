"""Commands about companies (SEAT-1): making them, listing them, taking them out of service."""

import re
from zoneinfo import available_timezones

import click
from phonenumbers import SUPPORTED_REGIONS

from orchestrator.database.configuration import tenants
from orchestrator.database.licences import licence_of
from orchestrator.database.models import Tenant
from orchestrator.domain.config import COUNTRY
from orchestrator.domain.licence import SeatKind
from webui.accounts import Accounts
from webui.cli.errors import CommandError
from webui.cli.seat_commands import WHO
from webui.cli.tools import Tools
from webui.companies import COMPANY_ID, Companies, NewCompany
from webui.errors import InvalidSettingError
from webui.texts import Texts


@click.group
def companies() -> None:
    """Companies of the platform."""


@companies.command
@click.argument("company")
@click.option("--name", required=True, help="What people call it.")
@click.option("--login", required=True, help="The log-in of its first administrator.")
@click.option("--admin", help="What people call the administrator; default: the log-in.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True)
@click.option("--country", default=COUNTRY, show_default=True, help="Where numbers without a country's code belong.")
@click.pass_obj
def add(tools: Tools, company: str, name: str, login: str, admin: str | None, timezone: str, country: str) -> None:
    """Add a company by a short id and print its administrator's password, this once."""
    if not re.fullmatch(COMPANY_ID, company):
        raise CommandError(f"{company!r} is no id: use up to 31 lower-case letters, digits and hyphens.")
    if timezone not in available_timezones() or country not in SUPPORTED_REGIONS:
        raise CommandError("There is no such time zone (like Asia/Shanghai) or country (two letters, like CN).")
    setting = NewCompany(
        id=company, name=name, timezone=timezone, country=country, login=login, admin=admin or login
    )  # fmt: skip
    maker = Companies(tools.publishing, tools.database, Accounts(tools.now), tools.now, Texts())
    try:
        password = maker.add(setting, WHO)
    except InvalidSettingError as error:
        raise CommandError(f"The {' and the '.join(error.fields)} is taken: choose another.") from error
    click.echo(f"{login}  {password}")


@companies.command("list")
@click.pass_obj
def list_companies(tools: Tools) -> None:
    """List companies: whether they are served, their call seats."""
    for company in tenants():
        row = Tenant.get_by_id(company)
        licence, now = licence_of(row), tools.now()
        seats = licence.purchased(SeatKind.CALL, now)
        bought = "no limit of seats" if seats is None else f"{seats} call seats"
        click.echo(f"{company:<20} {licence.standing(now).value:<10} {bought:<18} {row.name}")
