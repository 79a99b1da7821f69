"""Commands about tariffs (BILL-1): which there are, rates from a sheet, publishing a draft."""

from dataclasses import replace
from pathlib import Path

import click

from orchestrator.database.billing.accounts import BadTariffError, UnknownTariffError, versions_of
from orchestrator.database.billing.drafts import draft_of, save_draft
from orchestrator.database.models import BillingAccount, Tariff, TariffDraft
from orchestrator.domain.billing.tariff import TariffVersion, in_force
from webui.cli.errors import CommandError
from webui.cli.tools import Tools
from webui.tables import BadTableError, read_table
from webui.tariff_files import to_lines

#: Who is named for what is done on the command line.
WHO = "command line"


@click.command("tariffs")
@click.pass_obj
def list_tariffs(tools: Tools) -> None:
    """List the tariffs: versions, which is in force, whether there is a draft, how many companies pay by it."""
    names = {row.tariff: row.name for row in TariffDraft.select()}
    drafts = set(names)
    names |= {row.id: row.name for row in Tariff.select()}
    for id_, name in sorted(names.items()):
        versions = versions_of(id_)
        now = in_force(versions, tools.now())
        holds = f"v{now.number} in force" if now else "nothing in force"
        companies = BillingAccount.select().where(BillingAccount.tariff == id_).count()
        draft = "  draft" if id_ in drafts else ""
        click.echo(f"{id_:<20} {len(versions)} versions  {holds}  {companies} companies{draft}  {name}")


@click.command
@click.argument("tariff")
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def rates(tools: Tools, tariff: str, sheet: Path) -> None:
    """Take the rates of a CSV or XLSX SHEET into a TARIFF's draft, which begins as its latest version from now on."""
    name, draft = _draft(tools, tariff)
    try:
        lines = to_lines(read_table(sheet.read_bytes()), draft.places)
    except BadTableError as error:
        raise CommandError(f"{sheet} can't be read ({error.reason}): save it as CSV or XLSX.") from error
    refused = [f"line {line.number} ({line.written}): {line.reason}" for line in lines if line.rate is None]
    if refused or not lines:
        raise CommandError(f"nothing was changed. {'; '.join(refused) or 'The sheet is empty.'}")
    kept = tuple(line.rate for line in lines if line.rate)
    save_draft(replace(draft, rates=kept), name, WHO, tools.now())
    click.echo(f"{len(kept)} rates are in the draft of {tariff}: `zuoxi billing publish {tariff}` puts it into force")


@click.command
@click.argument("tariff")
@click.pass_obj
def publish(tools: Tools, tariff: str) -> None:
    """Make a TARIFF's draft its next version: in force for its companies, and never changed again."""
    try:
        added = tools.bills.publish_tariff(tariff, WHO)
    except UnknownTariffError as error:
        raise CommandError(f"{tariff!r} has no draft: `zuoxi billing tariffs` shows which have one.") from error
    except BadTariffError as error:
        raise CommandError(f"the draft is refused: {error}.") from error
    click.echo(f"{added.id} is published")


def _draft(tools: Tools, tariff: str) -> tuple[str, TariffVersion]:
    found = draft_of(tariff)
    if found:
        return found[0].name, found[1]
    versions = versions_of(tariff)
    if not versions:
        raise CommandError(f"there is no tariff {tariff!r}: `zuoxi billing tariffs` shows those there are.")
    return Tariff.get_by_id(tariff).name, replace(versions[-1], valid_from=tools.now())
