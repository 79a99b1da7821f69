"""What people do with a running call: hold, send on, ask somebody, hang up (WEB-1, SUP-1)."""

from collections.abc import Callable
from typing import Literal

from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.audit import note_change
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Destination, Way
from orchestrator.domain.consult import Consult, ConsultState
from orchestrator.service.control_call import ControlCall
from webui.api.shapes import Input, Term
from webui.errors import NotAnAgentError
from webui.identity import identity, tenant
from webui.permissions import Permission, permissions_of, requires
from webui.scoping import expect_call
from webui.services import services

bp = APIBlueprint("call_control", __name__, url_prefix="/api/v1/calls/<call>", tag="Call control")


class TransferTarget(Input):
    """Where the caller goes: a queue, an agent, who must be online and reachable, or a number outside.

    `keep_place` puts the caller ahead of those who called later, else at the line's end. Whom nobody takes goes back to
    where he came from, ahead of those who called later.
    """

    way: Literal["queue", "agent", "number"]
    target: Term
    keep_place: bool = False


class ConsultTarget(Input):
    """Who is asked: another agent, who must be online and reachable, or a number outside."""

    way: Literal["agent", "number"]
    target: Term


class ConsultOut(BaseModel):
    """Who is asked, an agent or a `number` outside (the other is empty), and how far that has come."""

    agent: str
    number: str
    state: ConsultState
    since: int


class ControlledCallOut(BaseModel):
    """A running call after a command; `agent` is null where it has gone on without one."""

    now: int
    id: str
    state: CallState
    since: int
    agent: str | None
    held_since: int | None
    consult: ConsultOut | None


@bp.post("/hold")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ControlledCallOut)
def hold(call: str) -> ControlledCallOut:
    """Put the caller on hold: music; the agent hears nothing. The phone itself must not hold."""
    _control().hold(tenant(), call, own_agent(), identity().id)
    return shown(call)


@bp.post("/resume")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ControlledCallOut)
def resume(call: str) -> ControlledCallOut:
    """End the hold; while somebody is asked, `return` does."""
    _control().resume(tenant(), call, own_agent())
    return shown(call)


@bp.post("/recording/pause")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ControlledCallOut)
def pause_recording(call: str) -> ControlledCallOut:
    """Record silence while a card number is said, for the company's limit at most; once more begins it anew."""
    _control().pause_recording(tenant(), call, own_agent(), identity().id)
    return shown(call)


@bp.post("/recording/resume")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ControlledCallOut)
def resume_recording(call: str) -> ControlledCallOut:
    """Record again what is said."""
    _control().resume_recording(tenant(), call, own_agent(), identity().id)
    return shown(call)


@bp.post("/transfer")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.input(TransferTarget)
@bp.output(ControlledCallOut)
def transfer(call: str, json_data: TransferTarget) -> ControlledCallOut:
    """Send the caller on without asking; the own wrap-up begins at once."""
    keeps = json_data.keep_place and json_data.way == "queue"
    to = Destination(way=Way(json_data.way), target=json_data.target, keep_wait=keeps)
    _control().transfer(tenant(), call, own_agent(), to, identity().id)
    return shown(call)


@bp.post("/consult")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.input(ConsultTarget)
@bp.output(ControlledCallOut)
def consult(call: str, json_data: ConsultTarget) -> ControlledCallOut:
    """Ask somebody while the caller is on hold; if nobody answers, caller and agent are joined again."""
    ask = _control().consult_outside if json_data.way == "number" else _control().consult
    ask(tenant(), call, own_agent(), json_data.target, identity().id)
    return shown(call)


@bp.post("/complete")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ControlledCallOut)
def complete(call: str) -> ControlledCallOut:
    """Leave the caller to whoever is asked, or to the third of a conference."""
    _control().complete(tenant(), call, own_agent(), identity().id)
    return shown(call)


@bp.post("/return")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ControlledCallOut)
def give_back(call: str) -> ControlledCallOut:
    """Let whoever is asked go, and talk to the caller again."""
    _control().give_back(tenant(), call, own_agent())
    return shown(call)


@bp.post("/conference")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ControlledCallOut)
def conference(call: str) -> ControlledCallOut:
    """Caller, agent and whoever is asked hear each other."""
    _control().confer(tenant(), call, own_agent(), identity().id)
    return shown(call)


def hanging_up(*_: object, **__: object) -> Permission:
    """Return the permission for ending a call: agents end their own, supervisors any."""
    held = permissions_of(identity())
    return Permission.HANG_UP_CALLS if Permission.HANG_UP_CALLS in held else Permission.CONTROL_OWN_CALLS


@bp.post("/hang-up")
@requires(hanging_up)
@bp.output(ControlledCallOut)
def hang_up(call: str) -> ControlledCallOut:
    """End the call for everybody."""
    if Permission.HANG_UP_CALLS in permissions_of(identity()):
        expect_call(Permission.HANG_UP_CALLS, call)
        return audited(call, "hang_up", lambda: _control().hang_up(tenant(), call, None))
    _control().hang_up(tenant(), call, own_agent())
    return shown(call)


def audited(call: str, what: str, act: Callable[[], object]) -> ControlledCallOut:
    """Do what supervisors do: only what can be written down, and what is refused leaves no row."""
    with services().database.atomic():
        note_change(tenant(), "supervision", call, identity().id, services().clock.now(), None, {"act": what})
        act()
    return shown(call)


def _control() -> ControlCall:
    return services().use_cases().control


def own_agent() -> str:
    """Return the agent that whoever asks is; raises NotAnAgentError."""
    own = identity().agent
    if own is None:
        raise NotAnAgentError
    return own


def shown(call: str) -> ControlledCallOut:
    """Show the call as it is now."""
    found = services().use_cases().work.store.call(tenant(), call)
    return shape(services().clock.now(), found.document) if found else _gone(call)


def shape(now: int, call: Call) -> ControlledCallOut:
    """Show what a command has made of a call."""
    asked = call.consult
    return ControlledCallOut(
        now=now,
        id=call.id,
        state=call.state,
        since=call.since,
        agent=call.agent,
        held_since=call.held_since,
        consult=_consult(asked) if asked else None,
    )


def _consult(asked: Consult) -> ConsultOut:
    return ConsultOut(agent=asked.agent, number=asked.number, state=asked.state, since=asked.since)


def _gone(call: str) -> ControlledCallOut:
    """The call ended while it was being answered for."""
    now = services().clock.now()
    return ControlledCallOut(
        now=now, id=call, state=CallState.ENDED, since=now, agent=None, held_since=None, consult=None
    )
