"""Commands about tokens of the REST API."""

from datetime import UTC, datetime

import click

from orchestrator.database.models import User
from orchestrator.database.tokens import (
    TokenNameTakenError,
    UnknownTokenError,
    create_token,
    revoke_token,
    tokens_of,
)
from orchestrator.database.users import UnknownUserError, user_of
from webui.cli.errors import CommandError
from webui.cli.tools import Tools

DAY_US = 86_400_000_000


@click.group
def token() -> None:
    """Tokens of the REST API."""


@token.command
@click.option("--user", "login", required=True, help="Whose rights the token has.")
@click.option("--name", required=True, help="What tells it from the user's other tokens.")
@click.option("--expires-days", type=click.IntRange(1, 3650), help="Refused after that many days; default: never.")
@click.pass_obj
def create(tools: Tools, login: str, name: str, expires_days: int | None) -> None:
    """Make a token and print it, this once."""
    user, now = _user(login), tools.now()
    expires = None if expires_days is None else now + expires_days * DAY_US
    try:
        click.echo(create_token(tools.database, user, name, now, expires))
    except TokenNameTakenError as error:
        raise CommandError(str(error)) from error


@token.command("list")
@click.option("--user", "login", required=True, help="Whose tokens.")
def list_tokens(login: str) -> None:
    """List a user's tokens."""
    for one in tokens_of(_user(login)):
        click.echo(
            f"{one.name:<20} made {_day(one.created)}  expires {_day(one.expires)}  last used {_day(one.last_used)}"
        )


@token.command
@click.option("--user", "login", required=True, help="Whose token.")
@click.option("--name", required=True, help="Which one.")
def revoke(login: str, name: str) -> None:
    """Delete a token: it is refused from now on."""
    try:
        revoke_token(_user(login), name)
    except UnknownTokenError as error:
        raise CommandError(f"{error}: `zuoxi token list --user {login}` shows them.") from error
    click.echo(f"revoked {name}")


def _user(login: str) -> User:
    try:
        return user_of(login)
    except UnknownUserError as error:
        raise CommandError(f"{error}.") from error


def _day(at: int | None) -> str:
    return "never" if at is None else datetime.fromtimestamp(at / 1e6, UTC).strftime("%Y-%m-%d")
