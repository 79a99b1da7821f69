"""The PIN by which an agent is known when changing the own state by phone (MOB-1): chosen by the agent, never shown."""

import secrets
from collections.abc import Iterator
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.mobiles import AgentPin, AgentPins
from orchestrator.domain.checks import Place, Problem
from orchestrator.domain.pins import acceptable, hash_pin, trivial
from orchestrator.service.errors import UnknownAgentError
from webui.api.call_control import own_agent
from webui.api.shapes import PRINTABLE, Input
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("pins", __name__, url_prefix="/api/v1/agents", tag="Agents")

AREA = AgentPins()

#: Bytes of salt.
SALT = 16


class PinIn(Input):
    """The new PIN: 4 to 8 digits that are not the first ones others would try."""

    pin: Annotated[str, Field(max_length=32, pattern=PRINTABLE)]


class PinOut(BaseModel):
    """Whether a PIN is chosen."""

    chosen: bool


def seeing(agent: str, *_: object, **__: object) -> Permission:
    """Return the permission for seeing whether a PIN is chosen: the own, or as part of the configuration."""
    return Permission.CHANGE_OWN_STATE if _is_own(agent) else Permission.VIEW_CONFIG


def changing(agent: str, *_: object, **__: object) -> Permission:
    """Return the permission for forgetting a PIN: the own, or as part of the configuration."""
    return Permission.CHANGE_OWN_STATE if _is_own(agent) else Permission.EDIT_CONFIG


@bp.get("/<agent>/pin")
@requires(seeing)
@bp.output(PinOut)
def show(agent: str) -> PinOut:
    """Tell whether an agent (`me`: the own) has chosen a PIN."""
    return PinOut(chosen=_existing(agent).chosen)


@bp.put("/me/pin")
@requires(Permission.CHANGE_OWN_STATE)
@bp.input(PinIn)
@bp.output(PinOut)
def choose(json_data: PinIn) -> PinOut:
    """Choose the own PIN; it applies to the next call to the agents' service."""
    agent, pin = _existing("me").agent, json_data.pin.strip()
    editor = services().editor
    editor.refuse(_flaws(agent, pin))
    kept = hash_pin(pin, secrets.token_bytes(SALT))
    with editor.change(AREA, tenant(), agent, identity().id):
        AREA.choose(tenant(), agent, kept)
    return PinOut(chosen=True)


@bp.delete("/<agent>/pin")
@requires(changing)
@bp.output(PinOut)
def forget(agent: str) -> PinOut:
    """Forget a PIN: the agent can't change the state by phone until a new one is chosen."""
    found = _existing(agent)
    with services().editor.change(AREA, tenant(), found.agent, identity().id):
        AREA.remove(tenant(), found.agent)
    return PinOut(chosen=False)


def _is_own(agent: str) -> bool:
    return agent in ("me", identity().agent)


def _existing(agent: str) -> AgentPin:
    key = own_agent() if agent == "me" else agent
    found = AREA.find(tenant(), key)
    if found is None:
        raise UnknownAgentError(agent=key)
    return found


def _flaws(agent: str, pin: str) -> Iterator[Problem]:
    place = Place(AREA.name, agent, "pin")
    if not acceptable(pin):
        yield place.problem("pin_digits")
    elif trivial(pin):
        yield place.problem("pin_trivial")
