"""An agent's own telephone transfers the caller (REFER): the switch parks the caller with the number asked for."""

from orchestrator.domain import in_call
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import Mark
from orchestrator.domain.config import Destination, Way, to_queue
from orchestrator.domain.direct import way_back
from orchestrator.domain.events import CallTransferred
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.service import hold
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.route_call import go
from orchestrator.service.work import Unit

#: The mark with the number asked for; it must not be found again at the next park.
ASKED_FOR = "cc_transfer_to"


class ReferCall:
    """Treats it as the agent's transfer command."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches lines that callers are sent to, and agents who become ready."""
        self._offers = offers

    def referred(self, tenant: str, call: str, number: str) -> bool:
        """The caller is parked to be sent to `number`; False for a call in which no agent talks."""
        return bool(self._offers.run(tenant, lambda unit: refer(unit, call, number)))


def refer(unit: Unit, call_id: str, number: str) -> None:
    """The agent wraps up; the caller goes to the agent or line of that number, or back to the line he came from."""
    call = unit.call(call_id)
    if call is None or call.state is not CallState.CONNECTED:
        raise IllegalTransitionError("call", call.state if call else "unknown", "referred")
    to = _destination(unit, call, number)
    agent = call.agent or ""
    unit.events.append(
        CallTransferred(at=unit.now, call=call.id, agent=agent, way=to.way.value, target=to.target, by="")
    )
    unit.tell(call.switch, Mark(leg=call.line, variables={ASKED_FOR: ""}))
    hold.send_on(unit, call, to, "transferred")
    moved = unit.new_calls[call.id]
    go(unit, in_call.free(moved, unit.now), to, "transferred")
    unit.explain(call.id, "telephone transfers")


def _destination(unit: Unit, call: Call, number: str) -> Destination:
    """Return where a short number leads: a ready agent's telephone, or an owned number's line."""
    for agent in unit.config.agents.values():
        found = unit.agent(agent.id) if agent.device == number else None
        if found and found.ready:
            return Destination(way=Way.AGENT, target=agent.id, otherwise=way_back(call))
    owned = unit.config.numbers.get(number)
    if owned and owned.route.way is Way.QUEUE and owned.route.target in unit.config.queues:
        return to_queue(owned.route.target)
    return way_back(call)
