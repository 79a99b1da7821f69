"""Put a caller through to one agent, whom no queue chooses: rung at once if ready, else the call goes on (CALL-1)."""

from uuid import uuid4

from orchestrator.domain import direct
from orchestrator.domain.call import Call
from orchestrator.domain.commands import Mark, PlayRinging
from orchestrator.domain.config import Destination
from orchestrator.service.offer_call import new_offer, ring
from orchestrator.service.work import Unit

#: How long the agent is rung (s) where nothing else is said.
RING_S = 30

#: The channel is in no line any more: whoever finds it must not put it back there.
IN_NO_LINE = {"cc_queue": "", "cc_entered": "", "cc_priority": ""}


def ring_directly(unit: Unit, call: Call, to: Destination) -> str:
    """Have the destination's agent rung; returns why that can't be, empty if it is."""
    agent, configured = unit.agent(to.target), unit.config.agents.get(to.target)
    if agent is None or configured is None:
        return "unknown_agent"
    if not agent.ready:
        return "agent_not_ready"
    ring_s = to.ring_s or RING_S
    offer = new_offer(unit, agent, str(uuid4()), "", ring_s)
    unit.save_call(direct.ring(call, offer, to, unit.now))
    unit.tell(call.switch, Mark(leg=call.line, variables=IN_NO_LINE), PlayRinging(leg=call.line))
    ring(unit, call, agent, offer, configured.device, ring_s)
    return ""
