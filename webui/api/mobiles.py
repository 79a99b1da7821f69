"""The mobile on which an agent may answer (MOB-1): set by administrators, and by the agent where the company lets."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.configuration import configuration
from orchestrator.database.mobiles import AgentMobile, AgentMobiles
from orchestrator.domain.checks import Place, Problem
from orchestrator.domain.config import TenantConfig
from orchestrator.service.errors import UnknownAgentError
from orchestrator.service.numbers import normalise
from webui.api.call_control import own_agent
from webui.api.shapes import PRINTABLE, Input
from webui.identity import identity, tenant
from webui.permissions import Permission, permissions_of, requires
from webui.services import services

bp = APIBlueprint("mobiles", __name__, url_prefix="/api/v1/agents/<agent>/mobile", tag="Agents")

AREA = AgentMobiles()

#: A number with its country's code (E.164); short codes are nobody's mobile.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class MobileIn(Input):
    """The number, however it is written; empty = none, then the agent answers in the browser."""

    number: Annotated[str, Field(max_length=32, pattern=PRINTABLE)] = ""


class MobileOut(BaseModel):
    """The number with its country's code, and whether whoever asks may change it."""

    number: str
    may_change: bool


def seeing(agent: str, *_: object, **__: object) -> Permission:
    """Return the permission for seeing a number: the own, or as part of the configuration."""
    return Permission.CHANGE_OWN_STATE if _is_own(agent) else Permission.VIEW_CONFIG


def changing(agent: str, *_: object, **__: object) -> Permission:
    """Return the permission for changing a number: the own where the company lets agents, else the configuration."""
    own = _is_own(agent) and configuration(tenant()).mobile.own_number
    return Permission.CHANGE_OWN_STATE if own else Permission.EDIT_CONFIG


@bp.get("")
@requires(seeing)
@bp.output(MobileOut)
def show(agent: str) -> MobileOut:
    """Show an agent's mobile; `me` is the own."""
    return _shown(_existing(agent))


@bp.put("")
@requires(changing)
@bp.input(MobileIn)
@bp.output(MobileOut)
def change(agent: str, json_data: MobileIn) -> MobileOut:
    """Change an agent's mobile; it applies to the next call."""
    mobile = _existing(agent)
    number = normalise(json_data.number, configuration(tenant()).country) if json_data.number.strip() else ""
    changed = replace(mobile, number=number)
    editor = services().editor
    editor.refuse(_flaws(changed, json_data.number, configuration(tenant())))
    with editor.change(AREA, tenant(), mobile.agent, identity().id):
        AREA.put(tenant(), changed)
    return _shown(changed)


def _is_own(agent: str) -> bool:
    person = identity()
    return agent == "me" or (person.agent is not None and agent == person.agent)


def _existing(agent: str) -> AgentMobile:
    key = own_agent() if agent == "me" else agent
    found = AREA.find(tenant(), key)
    if found is None:
        raise UnknownAgentError(agent=key)
    return found


def _shown(mobile: AgentMobile) -> MobileOut:
    held = permissions_of(identity())
    return MobileOut(number=mobile.number, may_change=changing(mobile.agent) in held)


def _flaws(mobile: AgentMobile, written: str, config: TenantConfig) -> Iterator[Problem]:
    """A mobile can be dialled, is none of the company's own numbers, and belongs to one agent."""
    place = Place(AREA.name, mobile.agent, "number")
    others = {agent.mobile: agent.name for agent in config.agents.values() if agent.id != mobile.agent}
    if not mobile.number:
        return
    if not _E164.fullmatch(mobile.number):
        yield place.problem("not_a_mobile", written)
    if mobile.number in {normalise(number, config.country) for number in config.numbers}:
        yield place.problem("own_number", written)
    if mobile.number in others:
        yield place.problem("mobile_taken", others[mobile.number])
