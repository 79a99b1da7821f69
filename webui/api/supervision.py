"""Supervisors in running calls (SUP-1): each act has a permission of its own and leaves a row in the audit."""

from apiflask import APIBlueprint

from orchestrator.domain.supervision import Mode
from orchestrator.service.supervise_call import SuperviseCall
from webui.api.call_control import ControlledCallOut, audited, own_agent
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.scoping import expect_call
from webui.services import services

bp = APIBlueprint("supervision", __name__, url_prefix="/api/v1/calls/<call>", tag="Supervision")


@bp.post("/listen")
@requires(Permission.LISTEN_TO_CALLS)
@bp.output(ControlledCallOut)
def listen(call: str) -> ControlledCallOut:
    """Listen to the call on the own device; nobody hears the supervisor."""
    return _supervise(call, Mode.LISTEN, Permission.LISTEN_TO_CALLS)


@bp.post("/whisper")
@requires(Permission.WHISPER_IN_CALLS)
@bp.output(ControlledCallOut)
def whisper(call: str) -> ControlledCallOut:
    """Listen; the agent alone hears the supervisor."""
    return _supervise(call, Mode.WHISPER, Permission.WHISPER_IN_CALLS)


@bp.post("/barge")
@requires(Permission.BARGE_INTO_CALLS)
@bp.output(ControlledCallOut)
def barge(call: str) -> ControlledCallOut:
    """Listen; agent and caller hear the supervisor."""
    return _supervise(call, Mode.BARGE, Permission.BARGE_INTO_CALLS)


@bp.post("/take-over")
@requires(Permission.TAKE_OVER_CALLS)
@bp.output(ControlledCallOut)
def take_over(call: str) -> ControlledCallOut:
    """Get the caller of a call that one listens to; the agent wraps up."""
    expect_call(Permission.TAKE_OVER_CALLS, call)
    return audited(call, "take_over", lambda: _use().take_over(tenant(), call, own_agent(), identity().id))


@bp.post("/stop-supervising")
@requires(Permission.LISTEN_TO_CALLS)
@bp.output(ControlledCallOut)
def stop(call: str) -> ControlledCallOut:
    """Listen no more."""
    return audited(call, "stop_supervising", lambda: _use().stop(tenant(), call, own_agent(), identity().id))


def _supervise(call: str, mode: Mode, permission: Permission) -> ControlledCallOut:
    expect_call(permission, call)
    return audited(call, mode.value, lambda: _use().listen(tenant(), call, own_agent(), mode, identity().id))


def _use() -> SuperviseCall:
    return services().use_cases().supervise
