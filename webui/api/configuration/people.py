"""Agents and groups, as far as queues are served by them."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.configuration import configuration
from webui.identity import tenant
from webui.permissions import Permission, requires

bp = APIBlueprint("configured_people", __name__, url_prefix="/api/v1/config", tag="Configuration")


class AgentOut(BaseModel):
    """An agent: `device` is the SIP user that rings, `mode` where calls are answered at first (web, mobile).

    `mobile` is the number that rings in the mode mobile, empty for none.
    """

    key: str
    name: str
    group: str
    mode: str
    device: str
    mobile: str


class AgentList(BaseModel):
    """All agents."""

    items: list[AgentOut]


class GroupList(BaseModel):
    """The names of all groups."""

    items: list[str]


@bp.get("/agents")
@requires(Permission.VIEW_CONFIG)
@bp.output(AgentList)
def agents() -> AgentList:
    """List the agents."""
    return AgentList(
        items=[
            AgentOut(
                key=agent.id,
                name=agent.name,
                group=agent.group,
                mode=agent.mode,
                device=agent.device,
                mobile=agent.mobile,
            )
            for agent in configuration(tenant()).agents.values()
        ]
    )


@bp.get("/groups")
@requires(Permission.VIEW_CONFIG)
@bp.output(GroupList)
def groups() -> GroupList:
    """List the groups that agents are in."""
    return GroupList(items=sorted({agent.group for agent in configuration(tenant()).agents.values() if agent.group}))
