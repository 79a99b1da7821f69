"""Commands about call agents (SEAT-2, OPS-1)."""

from pathlib import Path

import click

from orchestrator.database.configuration import tenants
from orchestrator.database.models import Role, User
from orchestrator.database.users import ROLES
from webui.accounts import Accounts
from webui.cli.errors import CommandError
from webui.cli.seat_commands import WHO
from webui.cli.tools import Tools
from webui.errors import WebError
from webui.permissions import MATRIX
from webui.tables import BadTableError, read_table
from webui.team.people import People
from webui.team.people_files import PersonLine, to_people
from webui.texts import Texts

#: Why a file isn't read.
UNREADABLE = {
    "unreadable": "it is neither CSV nor XLSX",
    "too_large": "it is too large",
    "too_many_lines": "it has too many lines",
}


@click.group
def agents() -> None:
    """Call agents."""


@agents.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--tenant", required=True, help="Whose agents.")
@click.option("--dry-run", is_flag=True, help="Check every line and change nothing.")
@click.pass_obj
def bring_in(tools: Tools, file: Path, tenant: str, dry_run: bool) -> None:
    """Add the call agents of a CSV or XLSX file: login, name, group, role, answer mode, e-mail.

    Prints a line for each, with the first password, which is shown this once. Exit status 1 when a line was refused.
    """
    if tenant not in tenants():
        raise CommandError(f"There is no company {tenant!r}.")
    taken = [user.login for user in User.select(User.login)]
    roles = {*ROLES, *(role.key for role in Role.select(Role.key).where(Role.tenant == tenant))} - {"operator"}
    lines = to_people(_table(file), taken, roles)
    people = People(tools.publishing, tools.database, Accounts(tools.now), tools.clock, Texts())
    refused = sum(not _take(people, tenant, line, dry_run) for line in lines)
    click.echo(f"{len(lines) - refused} {'would be added' if dry_run else 'added'}, {refused} refused")
    if refused:
        raise click.exceptions.Exit(1)


def _table(file: Path) -> list[tuple[int, list[str]]]:
    try:
        return read_table(file.read_bytes())
    except BadTableError as error:
        raise CommandError(f"{file} can't be read: {UNREADABLE[error.reason]}.") from error


def _take(people: People, tenant: str, line: PersonLine, dry_run: bool) -> bool:
    """Add the person of a line and say so; tell whether that went well."""
    reason, password = line.reason, ""
    if line.setting is not None and not dry_run:
        try:
            password = people.add(tenant, line.setting, WHO, MATRIX["admin"])[1]
        except WebError as error:
            reason = ", ".join(error.fields.values()) or error.id
    said = f"refused: {reason}" if reason else f"added, password {password}" if password else "well"
    click.echo(f"line {line.number}: {line.login or '-'} {said}")
    return not reason
