"""`zuoxi recordings`: whether what is kept is what was stored."""

from collections import Counter

import click

from orchestrator.database.models import Recording
from orchestrator.database.recordings import stored_recordings
from orchestrator.recordings.errors import NotKeptError
from orchestrator.recordings.store import Store, checksum, open_store
from webui.cli.errors import CommandError
from webui.cli.tools import Tools


@click.group
def recordings() -> None:
    """Recordings of calls."""


@recordings.command
@click.option("--tenant", metavar="TENANT", help="Those of one company.")
@click.pass_obj
def verify(tools: Tools, tenant: str | None) -> None:
    """Compare every stored recording with its checksum; exit status 1 if one is lost or changed."""
    store, found = open_store(tools.settings.store_url), Counter[str]()
    for row in stored_recordings(tenant):
        for key, sha256 in ((row.key, row.sha256), (row.wav_key, row.wav_sha256)):
            if key:
                found[_verified(store, row, key, sha256)] += 1
    click.echo(f"{found['intact']} files intact, {found['changed']} changed, {found['lost']} lost.")
    if found["changed"] or found["lost"]:
        raise CommandError("Bring the files named above back from a backup, then verify again.")


def _verified(store: Store, row: Recording, key: str, sha256: str | None) -> str:
    """Tell what became of a file, and name it where it isn't as it was."""
    try:
        with store.open(key) as file:
            state = "intact" if checksum(file) == sha256 else "changed"
    except NotKeptError:
        state = "lost"
    if state != "intact":
        click.echo(f"{state}: {row.tenant} recording {row.recording}, call {row.call}, {key}")
    return state
