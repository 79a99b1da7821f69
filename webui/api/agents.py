"""Agents: the own seat, and what people change about agents."""

from dataclasses import fields

from apiflask import APIBlueprint
from pydantic import Field

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.service.change_agent import ChangeAgent
from orchestrator.service.errors import UnknownAgentError
from webui.api.shapes import PRINTABLE, Input, Name, Names, OwnSeatOut
from webui.errors import NotAnAgentError
from webui.identity import identity, tenant
from webui.live import take_seat
from webui.permissions import Permission, requires
from webui.scoping import expect_agent
from webui.services import connections, services

bp = APIBlueprint("agents", __name__, url_prefix="/api/v1/agents", tag="Agents")


class StateChoice(Input):
    """A state that people choose: online, break, busy or offline; `reason` is one of the tenant's break reasons."""

    state: AgentState
    reason: str = Field(default="", max_length=100, pattern=PRINTABLE)


class ModeChoice(Input):
    """Where calls ring."""

    mode: AnswerMode


def acting_on(agent: str, *_: object, **__: object) -> Permission:
    """Return the permission for changing an agent: `me` and the own id need less than others."""
    person = identity()
    return Permission.CHANGE_OWN_STATE if agent in ("me", person.agent) else Permission.ACT_ON_SEATS


@bp.get("")
@requires(Permission.VIEW_NAMES)
@bp.output(Names)
def index() -> Names:
    """Name all agents."""
    return Names(items=[Name(id=id_, name=name) for id_, name in services().names.agents(tenant())])


@bp.get("/me")
@requires(Permission.CHANGE_OWN_STATE)
@bp.output(OwnSeatOut)
def show_own() -> OwnSeatOut:
    """Show the own seat."""
    return _seat(_named("me"))


@bp.post("/<agent>/state")
@requires(acting_on)
@bp.input(StateChoice)
@bp.output(OwnSeatOut)
def choose_state(agent: str, json_data: StateChoice) -> OwnSeatOut:
    """Choose a state; refused with 409 while ringing or in a call (STATE-2)."""
    _change().choose_state(tenant(), _named(agent), json_data.state, json_data.reason, identity().id)
    return _seat(_named(agent))


@bp.post("/<agent>/wrap-up/finish")
@requires(acting_on)
@bp.output(OwnSeatOut)
def finish_wrap_up(agent: str) -> OwnSeatOut:
    """Close the call form: the wrap-up ends (STATE-4)."""
    _change().finish_wrap_up(tenant(), _named(agent), identity().id)
    return _seat(_named(agent))


@bp.put("/<agent>/answer-mode")
@requires(acting_on)
@bp.input(ModeChoice)
@bp.output(OwnSeatOut)
def change_answer_mode(agent: str, json_data: ModeChoice) -> OwnSeatOut:
    """Choose where calls ring; refused with 409 while ringing or in a call (STATE-2)."""
    _change().change_answer_mode(tenant(), _named(agent), json_data.mode, identity().id)
    return _seat(_named(agent))


@bp.post("/<agent>/forced-logout")
@requires(Permission.ACT_ON_SEATS)
@bp.output(OwnSeatOut)
def force_logout(agent: str) -> OwnSeatOut:
    """End an agent's login (STATE-5); refused with 409 while ringing or in a call (STATE-2)."""
    id_ = _named(agent)
    expect_agent(Permission.ACT_ON_SEATS, id_)
    _change().force_logout(tenant(), id_, identity().id)
    seat = _seat(id_)
    if seat.row.mode is AnswerMode.MOBILE:
        _end_logins(id_)
    return seat


def _end_logins(agent: str) -> None:
    services().phones.end_agent(tenant(), agent)
    for user in services().accounts.of_agent(tenant(), agent):
        services().sessions.end_all(user)
        connections().review(user)


def _change() -> ChangeAgent:
    return services().use_cases().agents


def _named(agent: str) -> str:
    """Return the agent meant, who is the own one or within the scope of `seats.act`."""
    own = identity().agent
    if agent not in ("me", own):
        expect_agent(Permission.ACT_ON_SEATS, agent)
        return agent
    if own is None:
        raise NotAnAgentError
    return own


def _seat(agent: str) -> OwnSeatOut:
    found = take_seat(services().redis, tenant(), agent)
    if found is None:
        raise UnknownAgentError(agent=agent)
    now, seat = found
    return OwnSeatOut(now=now, **{field.name: getattr(seat, field.name) for field in fields(seat)})
