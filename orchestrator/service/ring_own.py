"""Ring the own phone of an agent who calls somebody: the device, or the mobile through a trunk (OUT-1, MOB-1)."""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain.agent import Agent, AnswerMode
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import RingAgent, RingNumber
from orchestrator.domain.events import CallPlaced
from orchestrator.domain.outbound import Outbound
from orchestrator.domain.story import Occasion
from orchestrator.service.offer_call import new_offer
from orchestrator.service.ring_agent import find_order
from orchestrator.service.ring_outside import refusal_of
from orchestrator.service.work import Unit

#: The agent's own phone is rung so long, seconds: a device begins at once, the telephone network takes its time.
OWN_RING_S = 20
MOBILE_RING_S = 40


def ring_own(unit: Unit, call_id: str, placed: Outbound, switch: str, agent: Agent, by: str) -> None:
    """Begin the call; raises a RefusedError where the agent's mobile can't be rung."""
    call = _new(unit, call_id, placed, switch)
    order = _order(unit, call, agent)
    call = replace(call, offer=new_offer(unit, agent, order, ""))
    unit.save_call(
        call,
        CallPlaced(
            at=unit.now, call=call.id, switch=switch, agent=agent.id, leg=order.leg, number=placed.number,
            caller_id=placed.caller_id, by=by,
        ),
    )  # fmt: skip
    unit.save_agent(agent.call_out(call.id, order.leg, unit.now), "calls_out", by, call=call.id)
    unit.tell(switch, order)
    unit.explain(call.id, Occasion.PLACED)


def _new(unit: Unit, call_id: str, placed: Outbound, switch: str) -> Call:
    return Call(
        id=call_id,
        tenant=unit.tenant,
        switch=switch,
        state=CallState.PLACED,
        since=unit.now,
        caller=placed.number,
        number=placed.caller_id,
        arrived=unit.now,
        outbound=placed,
    )


def _order(unit: Unit, call: Call, agent: Agent) -> RingAgent | RingNumber:
    ring_s = MOBILE_RING_S if agent.mode is AnswerMode.MOBILE else OWN_RING_S
    order = find_order(unit, call, agent, str(uuid4()), "", ring_s)
    if isinstance(order, str):
        raise refusal_of(order, unit.config.agents[agent.id].mobile)
    return replace(order, dials=True) if isinstance(order, RingAgent) else order
