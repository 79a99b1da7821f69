"""Groups that agents are in (SEAT-2)."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, StringConstraints

from webui.api.shapes import Input
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.team.groups import GroupRow

bp = APIBlueprint("groups", __name__, url_prefix="/api/v1/team/groups", tag="Team")

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f/]*$")
]


class GroupIn(Input):
    """A group's name."""

    name: Name


class GroupOut(BaseModel):
    """A group: names of its agents, of those who lead it, and of the queues that it serves."""

    name: str
    agents: list[str]
    leaders: list[str]
    queues: list[str]


class GroupList(BaseModel):
    """All groups of the company."""

    items: list[GroupOut]


@bp.get("")
@requires(Permission.VIEW_TEAM)
@bp.output(GroupList)
def index() -> GroupList:
    """List the groups."""
    return GroupList(items=[_shown(row) for row in services().groups.all(tenant())])


@bp.post("")
@requires(Permission.EDIT_TEAM)
@bp.input(GroupIn)
@bp.output(GroupOut, status_code=201)
def add(json_data: GroupIn) -> GroupOut:
    """Make a group."""
    return _shown(services().groups.add(tenant(), json_data.name, identity().id))


@bp.put("/<group>")
@requires(Permission.EDIT_TEAM)
@bp.input(GroupIn)
@bp.output(GroupOut)
def rename(group: str, json_data: GroupIn) -> GroupOut:
    """Rename a group; its agents, queues and leaders stay."""
    return _shown(services().groups.rename(tenant(), group, json_data.name, identity().id))


@bp.delete("/<group>")
@requires(Permission.EDIT_TEAM)
@bp.output({}, status_code=204)
def remove(group: str) -> tuple[str, int]:
    """Delete a group that no agent is in and that serves no queue."""
    services().groups.remove(tenant(), group, identity().id)
    return "", 204


def _shown(row: GroupRow) -> GroupOut:
    return GroupOut(name=row.name, agents=list(row.agents), leaders=list(row.leaders), queues=list(row.queues))
