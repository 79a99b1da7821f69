"""Open callbacks: who is promised to be called back, and what supervisors do about it (QUEUE-5)."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.audit import note_change
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from webui.identity import identity, tenant
from webui.live import take_snapshot
from webui.permissions import Permission, requires
from webui.scoping import expect_callback, queues_within
from webui.services import services

bp = APIBlueprint("callbacks", __name__, url_prefix="/api/v1/callbacks", tag="Calls")


class CallbackOut(BaseModel):
    """A promise that is open. Times are microseconds UTC; `again` is when a customer not reached is tried again."""

    call: str
    number: str
    caller_id: str
    queue: str | None
    state: CallState
    agent: str | None
    promised: int
    entered: int | None
    expires: int | None
    tries: int
    again: int | None


class CallbackList(BaseModel):
    """All of the tenant's at the moment `now`, the longest promised first."""

    now: int
    items: list[CallbackOut]


@bp.get("")
@requires(Permission.VIEW_LIVE_CALLS)
@bp.output(CallbackList)
def index() -> CallbackList:
    """List the open callbacks of the queues within the data scope."""
    taken = take_snapshot(services().redis, tenant())
    covered = queues_within(Permission.VIEW_LIVE_CALLS)
    open_ = (call for call in taken.calls if call.away and (covered is None or call.queue in covered))
    waiting = sorted(open_, key=lambda call: (call.entered or 0, call.id))
    return CallbackList(now=taken.now, items=[_shown(call) for call in waiting])


@bp.post("/<call>/cancel")
@requires(Permission.ACT_ON_CALLBACKS)
@bp.output({}, status_code=204)
def cancel(call: str) -> tuple[str, int]:
    """Give a callback up; refused with 409 while somebody rings or talks."""
    expect_callback(Permission.ACT_ON_CALLBACKS, call)
    services().use_cases().callbacks.cancel(tenant(), call, identity().id)
    return _noted(call, "cancelled")


@bp.post("/<call>/next")
@requires(Permission.ACT_ON_CALLBACKS)
@bp.output({}, status_code=204)
def call_next(call: str) -> tuple[str, int]:
    """Put a callback before everybody in the line; refused with 409 while somebody rings or talks."""
    expect_callback(Permission.ACT_ON_CALLBACKS, call)
    services().use_cases().callbacks.call_next(tenant(), call, identity().id)
    return _noted(call, "next")


def _noted(call: str, order: str) -> tuple[str, int]:
    now = services().clock.now()
    note_change(tenant(), "callback", call, identity().id, now, None, {"order": order})
    return "", 204


def _shown(call: Call) -> CallbackOut:
    promise = call.promised
    return CallbackOut(
        call=call.id,
        number=promise.number,
        caller_id=promise.caller_id,
        queue=call.queue,
        state=call.state,
        agent=call.offer.agent if call.offer else None,
        promised=promise.promised,
        entered=call.entered,
        expires=call.limit,
        tries=promise.tries,
        again=promise.again,
    )
