"""Commands about operators: who may sell, keep tariffs and accounts in the browser. They belong to no company."""

import secrets

import click
from argon2 import PasswordHasher
from peewee import IntegrityError

from orchestrator.database.models import User
from orchestrator.database.users import add_user
from webui.cli.errors import CommandError

ROLE = "operator"

#: Bytes of a generated password.
PASSWORD_BYTES = 12


@click.group
def operators() -> None:
    """People who run the platform: companies, tariffs, accounts, jobs; they see no company's calls."""


@operators.command
@click.argument("login")
@click.option("--name", help="What people call them; default: the login name.")
def add(login: str, name: str | None) -> None:
    """Add an operator and print the password, this once."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    try:
        add_user(login, password, ROLE, name or login)
    except IntegrityError as error:
        raise CommandError(f"the login name {login!r} is taken.") from error
    click.echo(f"{login}  {password}")


@operators.command("list")
def list_operators() -> None:
    """List the operators."""
    for one in User.select().where(User.role == ROLE, User.tenant.is_null()).order_by(User.login):
        click.echo(f"{one.login:<20} {one.name}{'' if one.active else '  disabled'}")


@operators.command
@click.argument("login")
def password(login: str) -> None:
    """Give an operator a new password and print it, this once: all log-ins end; a disabled one may log in again."""
    chosen = secrets.token_urlsafe(PASSWORD_BYTES)
    _change(login, password=PasswordHasher().hash(chosen), active=True)
    click.echo(f"{login}  {chosen}")


@operators.command
@click.argument("login")
def disable(login: str) -> None:
    """Let an operator in no more: log-ins and tokens end; what they did keeps their name."""
    _change(login, active=False)
    click.echo(f"{login} is disabled")


def _change(login: str, **values: object) -> None:
    mine = (User.login == login) & (User.role == ROLE) & User.tenant.is_null()
    if not User.update(**values).where(mine).execute():
        raise CommandError(f"there is no operator {login!r}: `zuoxi operators list` shows them.")
