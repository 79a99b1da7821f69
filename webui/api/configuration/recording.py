"""Who is recorded, and for how long recordings are kept (REC-1)."""

from collections.abc import Iterator
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.recording_policy import POLICY, RecordingPolicies, RecordingPolicy
from orchestrator.domain.checks import Place, Problem
from webui.api.shapes import Input, Term
from webui.errors import NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_recording", __name__, url_prefix="/api/v1/config/recording", tag="Configuration")

AREA = RecordingPolicies()


class PolicyIn(Input):
    """Whether calls are recorded: `record` unless a queue or an agent (by key; null = says nothing) says otherwise.

    The agent's word counts before the queue's. An agent's pause ends by itself after `pause_s` seconds. Recordings are
    deleted `days` days after their calls, null = never.
    """

    record: bool
    pause_s: Annotated[int, Field(ge=10, le=1800)]
    days: Annotated[int, Field(ge=1, le=36_500)] | None
    queues: dict[Term, bool | None]
    agents: dict[Term, bool | None]


class PolicyOut(BaseModel):
    """The policy as it is."""

    record: bool
    pause_s: int
    days: int | None
    queues: dict[str, bool | None]
    agents: dict[str, bool | None]


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(PolicyOut)
def show() -> PolicyOut:
    """Show who is recorded."""
    return _shown(_policy())


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(PolicyIn)
@bp.output(PolicyOut)
def change(json_data: PolicyIn) -> PolicyOut:
    """Change who is recorded, for the next conversation; queues and agents that are not named stay as they are."""
    wanted = RecordingPolicy(**json_data.model_dump())
    services().editor.refuse(_strangers(wanted, _policy()))
    with services().editor.change(AREA, tenant(), POLICY, identity().id):
        AREA.put(tenant(), wanted)
    return _shown(_policy())


def _policy() -> RecordingPolicy:
    found = AREA.find(tenant(), POLICY)
    if found is None:
        raise NotFoundError
    return found


def _shown(policy: RecordingPolicy) -> PolicyOut:
    return PolicyOut.model_validate(policy, from_attributes=True)


def _strangers(wanted: RecordingPolicy, known: RecordingPolicy) -> Iterator[Problem]:
    """Yield queues and agents that there aren't."""
    for field, id_, named, there in (
        ("queues", "unknown_queue", wanted.queues, known.queues),
        ("agents", "unknown_agents", wanted.agents, known.agents),
    ):
        strangers = sorted(set(named) - set(there))
        if strangers:
            yield Place(AREA.name, POLICY, field).problem(id_, ", ".join(strangers))
