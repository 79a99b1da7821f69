"""Background jobs: the queues now, and jobs that failed at every try, to be done again."""

from dataclasses import replace

from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.audit import note_change
from orchestrator.job_board import DeadLetter, QueueLook, RetryingJob
from orchestrator.job_causes import without_folders
from webui.errors import NotFoundError
from webui.identity import identity
from webui.permissions import Permission, requires
from webui.services import services

#: How many dead letters one request does again.
MOST_REPLAYED = 10_000

bp = APIBlueprint("jobs", __name__, url_prefix="/api/v1/jobs", tag="Jobs")


class JobsOut(BaseModel):
    """Queues, the most urgent first; the newest 200 dead letters and the next 50 retries of the tenant.

    Operators see those of all tenants.
    """

    queues: list[QueueLook]
    dead: list[DeadLetter]
    retrying: list[RetryingJob]


class ReplayedOut(BaseModel):
    """How many jobs wait again."""

    jobs: int


@bp.get("")
@requires(Permission.VIEW_JOBS)
@bp.output(JobsOut)
def index() -> JobsOut:
    """Look at the queues and the dead letters."""
    board, tenant = services().jobs, identity().tenant
    return JobsOut(
        queues=board.queues(),
        dead=[replace(job, error=without_folders(job.error)) for job in board.dead_letters(tenant)],
        retrying=[replace(job, error=without_folders(job.error)) for job in board.retrying(tenant)],
    )


@bp.post("/<job>/replay")
@requires(Permission.REPLAY_JOBS)
@bp.output({}, status_code=204)
def replay(job: str) -> tuple[str, int]:
    """Do a dead letter again, with all its tries; a job that waits for another try has it now."""
    board, tenant = services().jobs, identity().tenant
    if not (board.replay(job, tenant) or board.try_now(job, tenant)):
        raise NotFoundError
    _note(job, {"replayed": True})
    return "", 204


@bp.post("/replay")
@requires(Permission.REPLAY_JOBS)
@bp.output(ReplayedOut)
def replay_all() -> ReplayedOut:
    """Do all dead letters of the tenant (operators: of all) again, each with all its tries."""
    board, tenant = services().jobs, identity().tenant
    done = sum(board.replay(letter.id, tenant) for letter in board.dead_letters(tenant, MOST_REPLAYED))
    _note("", {"replayed": done})
    return ReplayedOut(jobs=done)


def _note(job: str, what: dict[str, object]) -> None:
    who = identity()
    note_change(who.tenant or "", "job", job, who.id, services().clock.now(), None, what)
