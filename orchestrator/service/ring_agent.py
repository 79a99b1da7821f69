"""How an agent is rung: the device, or the mobile through a trunk (MOB-1, NUM-1)."""

from orchestrator.domain.agent import Agent, AnswerMode
from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.commands import RingAgent, RingNumber
from orchestrator.domain.config import AgentConfig
from orchestrator.domain.mobile import MobileShows
from orchestrator.domain.story import RouteReason
from orchestrator.domain.trunks import Trunk
from orchestrator.service.check_blacklist import blocking_entry
from orchestrator.service.meter_call import unpaid
from orchestrator.service.numbers import normalise
from orchestrator.service.ring_outside import shown_number
from orchestrator.service.work import Unit

#: The role of every leg to an agent (`cc_role`), whatever it rings.
AGENT = "agent"

#: What is wrong with a trunk and not with the mobile behind it: the agent has missed nothing.
TRUNK_CAUSES = frozenset({
    "INVALID_GATEWAY", "GATEWAY_DOWN", "NORMAL_TEMPORARY_FAILURE", "NETWORK_OUT_OF_ORDER", "NORMAL_CIRCUIT_CONGESTION",
    "SERVICE_UNAVAILABLE", "OUTGOING_CALL_BARRED",
})  # fmt: skip


def ring_order(
    unit: Unit, call: Call, agent: Agent, leg: str, queue: str, ring_s: int
) -> RingAgent | RingNumber | None:
    """Return the order to ring an agent for a call with the new channel `leg`; None for a mobile that can't be rung.

    `queue` is empty where none asks.
    """
    order = find_order(unit, call, agent, leg, queue, ring_s)
    return None if isinstance(order, str) else order


def find_order(
    unit: Unit, call: Call, agent: Agent, leg: str, queue: str, ring_s: int
) -> RingAgent | RingNumber | RouteReason:
    """Return the order as `ring_order` does, or why there is none."""
    configured = unit.config.agents.get(agent.id)
    if configured is None:
        return RouteReason.UNKNOWN_AGENT
    if agent.mode is AnswerMode.MOBILE:
        return _mobile(unit, call, configured, leg, queue, ring_s)
    return RingAgent(
        leg=leg,
        tenant=unit.tenant,
        call=call.id,
        agent=agent.id,
        queue=queue,
        device=configured.device,
        ring_s=ring_s,
        caller=call.caller,
        caller_name=call.caller_name,
        browser=bool(agent.page),
    )


def _mobile(unit: Unit, call: Call, agent: AgentConfig, leg: str, queue: str, ring_s: int) -> RingNumber | RouteReason:
    owned = shown_number(unit.config, unit.config.mobile.caller_id, call.number)
    trunk = unit.config.trunk_of(owned)
    if not agent.mobile:
        return RouteReason.NO_MOBILE
    if trunk is None:
        return RouteReason.NO_TRUNK
    if blocking_entry(unit, Direction.OUT, agent.mobile):
        return RouteReason.OUTSIDE_BLOCKED
    refusal = unpaid(unit, call.id, leg, CallDirection.OUT, agent.mobile)
    if refusal:
        return refusal
    return RingNumber(
        leg=leg,
        tenant=unit.tenant,
        call=call.id,
        role=AGENT,
        number=trunk.dialled(agent.mobile),
        trunk=trunk.name,
        caller_id=_customers_number(unit, call, queue, trunk) or owned,
        ring_s=ring_s,
        called=normalise(agent.mobile, unit.config.country),
        marks={"cc_agent": agent.id, **({"cc_queue": queue} if queue else {})},
    )


def _customers_number(unit: Unit, call: Call, queue: str, trunk: Trunk) -> str:
    """Return the customer's number as the trunk wants it; empty where it is not to be shown, or there is none."""
    configured = unit.config.queues.get(queue)
    shows = (configured.mobile_shows if configured else None) or unit.config.mobile.shows
    number = normalise(call.caller, unit.config.country)
    passed_on = shows is MobileShows.CUSTOMER and trunk.passes_on and number.removeprefix("+").isdecimal()
    return trunk.dialled(number) if passed_on else ""
