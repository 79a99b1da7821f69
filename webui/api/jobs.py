"""Background jobs: the queues now, and jobs that failed at every try, to be done again."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.audit import note_change
from orchestrator.jobs import QueueName
from webui.errors import NotFoundError
from webui.identity import identity
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("jobs", __name__, url_prefix="/api/v1/jobs", tag="Jobs")


class JobQueueOut(BaseModel):
    """A queue of the platform. `oldest_s`: how long the job next in line has waited, seconds, null = none waits."""

    name: QueueName
    waiting: int
    oldest_s: float | None
    running: int
    retrying: int
    dead: int
    workers: int


class DeadLetterOut(BaseModel):
    """A job that failed at every try; `at` in microseconds UTC, `error` is what its last try ended with."""

    id: str
    queue: QueueName
    function: str
    tenant: str
    error: str
    at: int


class JobsOut(BaseModel):
    """Queues, the most urgent first, and the newest 200 dead letters of the tenant (operators: of all)."""

    queues: list[JobQueueOut]
    dead: list[DeadLetterOut]


@bp.get("")
@requires(Permission.VIEW_JOBS)
@bp.output(JobsOut)
def index() -> JobsOut:
    """Look at the queues and the dead letters."""
    board = services().jobs
    return JobsOut(
        queues=[JobQueueOut.model_validate(queue, from_attributes=True) for queue in board.queues()],
        dead=[
            DeadLetterOut.model_validate(letter, from_attributes=True)
            for letter in board.dead_letters(identity().tenant)
        ],
    )


@bp.post("/<job>/replay")
@requires(Permission.REPLAY_JOBS)
@bp.output({}, status_code=204)
def replay(job: str) -> tuple[str, int]:
    """Do a dead letter again, with all its tries."""
    who = identity()
    if not services().jobs.replay(job, who.tenant):
        raise NotFoundError
    note_change(who.tenant or "", "job", job, who.id, services().clock.now(), None, {"replayed": True})
    return "", 204
