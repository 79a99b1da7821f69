"""Calls that agents place: by the keypad, by a click on a number, or by another system (OUT-1)."""

from typing import Annotated
from uuid import uuid4

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.service.call_out import Order
from orchestrator.service.calling_out import choices
from orchestrator.store import keys
from webui.api.call_control import ControlledCallOut, own_agent, shown
from webui.api.shapes import PRINTABLE, Input, Term
from webui.identity import identity, tenant
from webui.permissions import Permission, check, requires
from webui.readiness import switch_names
from webui.services import services

bp = APIBlueprint("outbound_calls", __name__, url_prefix="/api/v1/outbound-calls", tag="Calls")


class CallOrder(Input):
    """Whom to call, `number` written in any way. `caller_id` is the owned number to show, empty = the usual one.

    `agent` calls, by default whoever asks; for others a permission of its own is needed.
    """

    number: Annotated[str, Field(min_length=1, max_length=40, pattern=PRINTABLE)]
    caller_id: Annotated[str, Field(max_length=32, pattern=PRINTABLE)] = ""
    agent: Term | None = None


class CallerId(BaseModel):
    """An owned number that may be shown; `usual` is the one that is shown without a choice."""

    number: str
    usual: bool


class CallerIds(BaseModel):
    """What the agent may show, the usual number first; none: the agent can't call."""

    items: list[CallerId]


@bp.post("")
@requires(Permission.PLACE_OWN_CALLS)
@bp.input(CallOrder)
@bp.output(ControlledCallOut, status_code=202)
def place(json_data: CallOrder) -> ControlledCallOut:
    """Ring the agent's own phone, then the number. With `Idempotency-Key` a repeated request begins no second call."""
    agent = _agent(json_data.agent)
    new = str(uuid4())
    _place(json_data, agent, new)
    return shown(new)


@bp.get("/caller-ids")
@requires(Permission.PLACE_OWN_CALLS)
@bp.output(CallerIds)
def caller_ids() -> CallerIds:
    """List the numbers that the own calls may show."""
    config = services().use_cases().work.unit(tenant()).config
    found = choices(config, own_agent())
    return CallerIds(items=[CallerId(number=number, usual=place == 0) for place, number in enumerate(found)])


def _agent(wanted: str | None) -> str:
    """Return who calls; raises ForbiddenError for others without the permission, NotAnAgentError."""
    if wanted is None or wanted in ("me", identity().agent):
        return own_agent()
    check(identity(), Permission.PLACE_CALLS_FOR_OTHERS)
    return wanted


def _place(order: CallOrder, agent: str, call: str) -> None:
    web = services()
    owned = [name for name in switch_names(web.settings.switches) if web.redis.exists(keys.lease(name))]
    wanted = Order(
        call=call, agent=agent, number=order.number, caller_id=order.caller_id, by=identity().id, switches=owned
    )
    web.use_cases().outbound.place(tenant(), wanted)
