"""A telephone transfers the caller (REFER): the switch parks the caller with the number asked for."""

from orchestrator.domain import in_call
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import Mark
from orchestrator.domain.config import HANG_UP, Destination, Way, to_queue
from orchestrator.domain.events import CallTransferred
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service import hold
from orchestrator.service.calling_out import called_number, check_rules
from orchestrator.service.errors import RefusedError
from orchestrator.service.forward_call import forward_of, send_forward_on
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ring_outside import Outside, outside
from orchestrator.service.route_call import go
from orchestrator.service.way_back import way_back
from orchestrator.service.work import Unit

#: The mark with the number asked for; it must not be found again at the next park.
ASKED_FOR = "cc_transfer_to"

#: In these somebody talks to the caller whose telephone can transfer.
REFERABLE = (CallState.CONNECTED, CallState.FORWARDED)

#: Shorter ones are no telephones outside but telephones of the company, of which none is there.
LEAST_DIGITS = 7


class ReferCall:
    """Treats it as the agent's transfer command; a telephone outside may send callers to people of the tenant only."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches lines that callers are sent to, and agents who become ready."""
        self._offers = offers

    def referred(self, tenant: str, call: str, number: str) -> bool:
        """The caller is parked to be sent to `number`; False for a call in which nobody talks."""
        return bool(self._offers.run(tenant, lambda unit: refer(unit, call, number)))


def refer(unit: Unit, call_id: str, number: str) -> None:
    """The caller goes to the agent, line or telephone of that number, or back to where he came from."""
    call = unit.call(call_id)
    if call is None or call.state not in REFERABLE:
        raise IllegalTransitionError("call", call.state if call else "unknown", "referred")
    unit.tell(call.switch, Mark(leg=call.line, variables={ASKED_FOR: ""}))
    if call.state is CallState.FORWARDED:
        _from_outside(unit, call, number)
    else:
        _from_agent(unit, call, number)
    unit.explain(call.id, Occasion.PHONE_TRANSFERS)


def _from_agent(unit: Unit, call: Call, number: str) -> None:
    """The agent wraps up."""
    to = _inside(unit, call, number) or _outside(unit, call, number) or way_back(unit, call)
    agent = call.agent or ""
    unit.events.append(
        CallTransferred(at=unit.now, call=call.id, agent=agent, way=to.way.value, target=to.target, by="")
    )
    hold.send_on(unit, call, to, "transferred")
    moved = unit.new_calls[call.id]
    go(unit, in_call.free(moved, unit.now), to, RouteReason.TRANSFERRED)


def _from_outside(unit: Unit, call: Call, number: str) -> None:
    """Whom nobody takes goes where he would have gone had nobody answered outside."""
    otherwise = forward_of(call).otherwise
    lost = way_back(unit, call) if otherwise == HANG_UP else otherwise
    send_forward_on(unit, call, _inside(unit, call, number) or lost)


def _inside(unit: Unit, call: Call, number: str) -> Destination | None:
    """Return where a short number leads: a ready agent's telephone, or an owned number's line."""
    for agent in unit.config.agents.values():
        found = unit.agent_anew(agent.id) if agent.device == number else None
        if found and found.ready:
            return Destination(way=Way.AGENT, target=agent.id, otherwise=way_back(unit, call))
    owned = unit.config.numbers.get(number)
    if owned and owned.route.way is Way.QUEUE and owned.route.target in unit.config.queues:
        return to_queue(owned.route.target)
    return None


def _outside(unit: Unit, call: Call, number: str) -> Destination | None:
    """Return the telephone outside that an agent may call, and that can be rung."""
    to = Destination(way=Way.NUMBER, target=number, otherwise=way_back(unit, call))
    try:
        called = called_number(unit.config, number)
        check_rules(unit.config, called, unit.now)
    except RefusedError:
        return None
    if len(called) < LEAST_DIGITS or not isinstance(outside(unit, call, to), Outside):
        return None
    return to
