"""The command line `zuoxi`."""

from logging import WARNING, getLogger

import click

from orchestrator import logging
from webui.cli import (
    agent_commands,
    billing_commands,
    company_commands,
    doctor,
    job_commands,
    launcher,
    number_commands,
    operator_commands,
    recording_commands,
    seat_commands,
    setup_commands,
    simulate,
    status,
    token_commands,
    trunk_commands,
    webhook_commands,
)
from webui.cli.demo_shift import demo_shift
from webui.cli.errors import explained, read_settings
from webui.cli.tools import Tools


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Zuoxi 坐席: a call centre on FreeSWITCH. Settings are ZUOXI_... variables (docs/operations.md)."""
    settings = read_settings()
    logging.configure(settings.log_level, settings.log_json)
    getLogger("peewee_migrate").setLevel(WARNING)
    context.with_resource(explained(settings))
    context.obj = Tools(settings)


cli.add_command(setup_commands.init)
cli.add_command(setup_commands.demo)
cli.add_command(setup_commands.publish)
cli.add_command(company_commands.companies)
cli.add_command(number_commands.numbers)
cli.add_command(trunk_commands.trunks)
cli.add_command(operator_commands.operators)
cli.add_command(billing_commands.billing)
cli.add_command(seat_commands.seats)
cli.add_command(agent_commands.agents)
cli.add_command(token_commands.token)
cli.add_command(status.status)
cli.add_command(status.call)
cli.add_command(doctor.doctor)
cli.add_command(job_commands.jobs)
cli.add_command(recording_commands.recordings)
cli.add_command(webhook_commands.webhooks)
cli.add_command(launcher.run)
cli.add_command(simulate.simulate)
cli.add_command(demo_shift)


def main() -> None:
    """Run a command; errors are one sentence, exit status 1, or 2 for a command line that makes no sense."""
    cli(prog_name="zuoxi")


if __name__ == "__main__":
    main()
