"""`zuoxi webhooks`: what was sent to other systems, and sending it again."""

import click

from orchestrator.database.models import Webhook, WebhookDelivery
from orchestrator.database.webhooks import Status, find_webhook, replay, webhooks_of
from webui.cli.errors import CommandError
from webui.cli.tools import Tools


@click.group
def webhooks() -> None:
    """Webhooks of companies: look at them, send again what failed."""


@webhooks.command("list")
@click.option("--tenant", required=True, help="Whose webhooks.")
def list_webhooks(tenant: str) -> None:
    """List a company's webhooks, with the numbers of messages that wait and that failed."""
    for row in webhooks_of(tenant):
        counts = [_count(row, status) for status in (Status.PENDING, Status.FAILED)]
        state = "on" if row.active else "switched off, it failed" if row.paused_at else "off"
        click.echo(f"{row.id:<6} {row.name:<20} {state}  {counts[0]} waiting, {counts[1]} failed  {row.url}")


@webhooks.command("replay")
@click.argument("webhook", type=int)
@click.option("--tenant", required=True, help="Whose webhook.")
@click.pass_obj
def replay_failed(tools: Tools, webhook: int, tenant: str) -> None:
    """Send again everything of WEBHOOK (an id) that failed; a worker begins within ten seconds."""
    row = find_webhook(tenant, webhook)
    if row is None:
        raise CommandError(f"{tenant} has no webhook {webhook}: `zuoxi webhooks list --tenant {tenant}` shows them.")
    if not row.active:
        raise CommandError(f"{row.name} is off: switch it on first (page Webhooks, or the API).")
    click.echo(f"{replay(row, tools.now())} messages wait.")


def _count(row: Webhook, status: Status) -> int:
    mine = (WebhookDelivery.webhook == row.id) & (WebhookDelivery.status == status.value)
    return int(WebhookDelivery.select().where(mine).count())
