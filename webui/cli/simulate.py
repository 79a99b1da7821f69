"""`zuoxi simulate`: a load of simulated calls, with what became of them at the end (OPS-1)."""

import json
import random
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from orchestrator.database.migrate import migrate
from webui.cli.errors import CommandError
from webui.cli.simulation.company import TENANT, add_company
from webui.cli.simulation.figures import Figures, figures
from webui.cli.simulation.plan import Plan, Span
from webui.cli.simulation.report import Check, Ended, checks, lines, verdicts
from webui.cli.simulation.run import Run
from webui.cli.simulation.world import redis_of, running_world, settings_in
from webui.cli.tools import Tools


class SpanType(click.ParamType[Span]):
    """Seconds from..to."""

    name = "S..S"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Span:  # noqa: ANN401
        """Read `5..20`, or `5` for always the same."""
        first, _, last = str(value).partition("..")
        try:
            span = float(first), float(last or first)
        except ValueError:
            self.fail(f"{value!r} is not seconds like 5..20", param, context)
        if not 0 <= span[0] <= span[1] <= 86_400:
            self.fail(f"{value!r}: the smaller number comes first, none is negative, and a day is most", param, context)
        return span


@click.command
@click.option("--calls", type=click.IntRange(1, 1_000_000), default=200, show_default=True, help="How many call.")
@click.option("--rate", type=click.FloatRange(0.01, 1000), default=2.0, show_default=True, help="Calls a second.")
@click.option("--agents", type=click.IntRange(1, 5000), default=20, show_default=True)
@click.option("--talk", type=SpanType(), default="4..12", show_default=True, help="Seconds of talk.")
@click.option("--patience", type=SpanType(), default="10..40", show_default=True, help="Seconds until callers give up.")
@click.option("--answer-rate", type=click.FloatRange(0, 1), default=0.9, show_default=True, help="Share of rings.")
@click.option("--decline-rate", type=click.FloatRange(0, 1), default=0.03, show_default=True, help="Share of rings.")
@click.option("--wrap-up", "wrap_up_s", type=click.IntRange(0, 3600), default=2, show_default=True, help="Seconds.")
@click.option("--max-wait", "max_wait_s", type=click.IntRange(5, 3600), default=30, show_default=True, help="Seconds.")
@click.option(
    "--kills", type=click.IntRange(0, 10_000), default=0, show_default=True,
    help="So many times, at random while callers come, kill an orchestrator or a worker (SIGKILL) and start it again.",
)  # fmt: skip
@click.option("--limit", "limit_s", type=click.FloatRange(10), default=3600.0, show_default=True, help="Seconds.")
@click.option("--seed", type=click.IntRange(0), help="The same callers and answers again; default: another each time.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep database and logs in this new folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def simulate(keep: Path | None, as_json: bool, seed: int | None, **given: Any) -> None:  # noqa: ANN401 - options
    """Let simulated callers call simulated agents, and report what became of every call.

    It brings a Redis, a database, a switch and all programs of its own, and touches nothing else. Exit status 1 when a
    call was lost, a record is missing, or anything else doesn't add up.
    """
    plan = Plan(seed=random.randrange(2**31) if seed is None else seed, **given)  # noqa: S311 - no secrecy
    with _stoppable(), _folder(keep) as folder:
        ended, found = _run(plan, folder)
    made = checks(ended, found)
    if as_json:
        click.echo(_document(plan, ended, found, made))
    else:
        click.echo("\n".join([*lines(plan, ended, found), *verdicts(made)]))
    if not all(check.holds for check in made):
        raise click.exceptions.Exit(1)


def _document(plan: Plan, ended: Ended, found: Figures, made: list[Check]) -> str:
    parts = {"plan": asdict(plan), "ended": asdict(ended), "figures": asdict(found)}
    return json.dumps(parts | {"checks": [asdict(check) for check in made]}, default=str)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end everything as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Make the folder of the simulation; gone afterwards, unless it is to be kept."""
    if keep is None:
        made = Path(tempfile.mkdtemp(prefix="zuoxi-simulation-"))
        try:
            yield made
        finally:
            shutil.rmtree(made)
        return
    try:
        keep.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise CommandError(f"{keep} exists: name a folder that does not.") from error
    yield keep.resolve()


def _run(plan: Plan, folder: Path) -> tuple[Ended, Figures]:
    settings = settings_in(folder)
    with redis_of(settings):
        tools = Tools(settings)
        migrate(tools.database)
        add_company(tools.database, plan, tools.now())
        tools.publishing.publish(TENANT)
        with running_world(plan, settings) as world:
            ended = Run(plan, tools, world).whole()
        with tools.database.connection_context():
            return ended, figures()
