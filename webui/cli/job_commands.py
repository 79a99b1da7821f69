"""`zuoxi jobs`: the queues, and jobs that failed at every try."""

from datetime import UTC, datetime

import click
from redis import Redis

from orchestrator.job_board import DeadLetter, JobBoard, RetryingJob
from webui.cli.errors import CommandError
from webui.cli.job_words import explained
from webui.cli.tools import Tools


@click.group
def jobs() -> None:
    """Background jobs: look at the queues, replay what failed."""


@jobs.command("list")
@click.pass_obj
def list_(tools: Tools) -> None:
    """Show each queue, the jobs that are tried again next, and those that failed at every try, newest first."""
    with Redis.from_url(tools.settings.redis_url) as redis:
        board = JobBoard(redis)
        for queue in board.queues():
            age = "" if queue.oldest_s is None else f" (the first for {queue.oldest_s:.0f} s)"
            click.echo(
                f"{queue.name:<12} {queue.waiting} waiting{age}, {queue.running} running, {queue.retrying} to be tried "
                f"again, {queue.dead} failed, {queue.workers} workers"
            )
        for job in board.retrying():
            _show(job, f"next try {_moment(job.at)}, {job.left} more")
        for letter in board.dead_letters():
            _show(letter, f"failed {_moment(letter.at)}")


def _show(job: RetryingJob | DeadLetter, when: str) -> None:
    click.echo(f"{job.id}  {when}  {job.function} {job.tenant}")
    for line in explained(job.cause, job.error):
        click.echo(line)


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1e6, UTC):%Y-%m-%d %H:%M:%S}Z"


@jobs.command
@click.argument("job_ids", metavar="ID...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Replay every job that failed.")
@click.pass_obj
def replay(tools: Tools, job_ids: tuple[str, ...], everything: bool) -> None:
    """Do failed jobs again, or now what waits for another try; `zuoxi jobs list` names them."""
    if bool(job_ids) == everything:
        raise CommandError("Name jobs by their ids (`zuoxi jobs list`), or say --all.")
    with Redis.from_url(tools.settings.redis_url) as redis:
        board = JobBoard(redis)
        wanted = [letter.id for letter in board.dead_letters(limit=1_000_000)] if everything else job_ids
        missing = [job_id for job_id in wanted if not (board.replay(job_id) or board.try_now(job_id))]
    click.echo(f"{len(wanted) - len(missing)} jobs wait again.")
    if missing:
        raise CommandError(f"No job that failed is named {', '.join(missing)}: `zuoxi jobs list` names them.")
