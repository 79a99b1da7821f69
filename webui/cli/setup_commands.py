"""Commands that set things up: init, demo, publish."""

from pathlib import Path

import click

from orchestrator.database.configuration import UnknownTenantError, tenants
from orchestrator.database.migrate import migrate
from tts.default_music import write_default_sounds
from webui.cli.demo_bill import add_demo_bill
from webui.cli.demo_data import RENTED, TENANT, Login, add_demo
from webui.cli.errors import CommandError
from webui.cli.secret_files import make_data_dir, write_secret
from webui.cli.tools import Tools

LOGINS = "demo-logins.txt"


@click.command
@click.pass_obj
def init(tools: Tools) -> None:
    """Make the data directory, secrets, tables and default sounds; what is there stays."""
    made = make_data_dir(tools.settings.data_dir)
    run = migrate(tools.database)
    click.echo(f"data directory {tools.settings.data_dir}: " + (f"made {', '.join(made)}" if made else "complete"))
    click.echo("database: " + (f"migrated {', '.join(run)}" if run else "up to date"))
    sounds = [path.name for path in write_default_sounds(tools.settings.sounds_dir)]
    click.echo(f"sounds in {tools.settings.sounds_dir}: " + (f"made {', '.join(sounds)}" if sounds else "complete"))


@click.command
@click.option("--publish/--no-publish", "put_into_force", default=True, help="Put the configuration into force.")
@click.pass_obj
def demo(tools: Tools, put_into_force: bool) -> None:
    """Add the demo company with its queues, numbers and people; what is there stays."""
    path = tools.settings.data_dir / LOGINS
    if add_demo_company(tools):
        click.echo(path.read_text(encoding="utf-8").rstrip())
    else:
        click.echo(f"the demo company is there already; its log-ins are in {path}")
    if put_into_force:
        publish_tenant(tools, "demo")


@click.command
@click.argument("tenant", required=False)
@click.pass_obj
def publish(tools: Tools, tenant: str | None) -> None:
    """Put the configuration and the lists of numbers of one company, or of all, into force for the next call."""
    for one in [tenant] if tenant else tenants():
        publish_tenant(tools, one)


def publish_tenant(tools: Tools, tenant: str) -> None:
    """Put a company's configuration and lists into force; raises CommandError when there is no such company."""
    try:
        config = tools.publishing.publish(tenant)
    except UnknownTenantError as error:
        raise CommandError(f"{error}: `zuoxi status` lists those there are.") from error
    blocked, callers = tools.blacklists.publish(tenant), tools.caller_priorities.publish(tenant)
    lists = f"blacklist entries: {blocked}; priority callers: {callers}"
    click.echo(f"{tenant}: version {config.version} is in force; {lists}")


def add_demo_company(tools: Tools) -> bool:
    """Add the demo company, its log-ins into a file that only its owner can read; tell whether it was added."""
    with tools.database.atomic():
        logins = add_demo(tools.database, simulated=not tools.settings.switches)
        if logins is not None:
            add_demo_bill(TENANT, RENTED, tools.now())
            _keep(tools.settings.data_dir / LOGINS, logins)
    return logins is not None


def _keep(path: Path, logins: list[Login]) -> None:
    lines = [f"{'log-in':<12} {'password':<14} {'role':<11} name"]
    lines += [f"{one.login:<12} {one.password:<14} {one.role:<11} {one.name}" for one in logins]
    path.unlink(missing_ok=True)
    write_secret(path, "\n".join(lines))
