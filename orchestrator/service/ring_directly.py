"""Put a caller through to one agent, whom no queue chooses: rung at once if ready, else the call goes on (CALL-1)."""

from uuid import uuid4

from orchestrator.domain import direct
from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.commands import Mark, PlayRinging
from orchestrator.domain.config import Destination
from orchestrator.domain.story import RouteReason
from orchestrator.service.offer_call import new_offer, ring, unreachable
from orchestrator.service.ring_agent import ring_order
from orchestrator.service.work import Unit

#: How long the agent is rung (s) where nothing else is said.
RING_S = 30

#: The channel is in no line any more: whoever finds it must not put it back there.
IN_NO_LINE = {"cc_queue": "", "cc_entered": "", "cc_priority": ""}


def ring_directly(unit: Unit, call: Call, to: Destination) -> RouteReason | None:
    """Have the destination's agent rung; returns why that can't be, None if it is."""
    agent = unit.agent_anew(to.target)
    if agent is None or to.target not in unit.config.agents:
        return RouteReason.UNKNOWN_AGENT
    if not (agent.ready or _comes_back(call, agent)):
        return RouteReason.AGENT_NOT_READY
    order = ring_order(unit, call, agent, str(uuid4()), "", to.ring_s or RING_S)
    if order is None:
        unreachable(unit, agent)
        return RouteReason.AGENT_NOT_READY
    offer = new_offer(unit, agent, order, "")
    unit.save_call(direct.ring(call, offer, to, unit.now))
    unit.tell(call.switch, Mark(leg=call.line, variables=IN_NO_LINE), PlayRinging(leg=call.line))
    ring(unit, call, agent, offer, order)
    return None


def _comes_back(call: Call, agent: Agent) -> bool:
    """Tell whether the agent has called this customer, whom nobody else took, and still wraps that up."""
    placed = call.outbound is not None and call.outbound.agent == agent.id
    return placed and agent.state is AgentState.WRAP_UP and agent.call == call.id and agent.reachable
