"""Bring the first caller and the best ready agent of a queue together: reserve both, ring the agent."""

from collections.abc import Iterable
from uuid import uuid4

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.choice import Choice, Roster, choice
from orchestrator.domain.commands import RingAgent, RingNumber
from orchestrator.domain.events import OfferMade
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import Offer, OfferState
from orchestrator.domain.routing import choose
from orchestrator.domain.story import Occasion
from orchestrator.service.ports import Head, Held
from orchestrator.service.ring_agent import ring_order
from orchestrator.service.work import Decide, Unit, Work

#: Why an agent is on break whose mobile can't be rung: no trunk that shows an owned number, or a blocked number.
NO_MOBILE = "no_mobile"

#: The agent's phone must have started to ring within this time, or it counts as unreachable. The telephone network may
#: take longer, or tell nothing: of mobiles only the ring time counts.
ALERT_US = 4_000_000


class OfferCall:
    """Matches callers and agents until no pair is left."""

    def __init__(self, work: Work) -> None:
        """`work` runs the reservations."""
        self._work = work

    def run(self, tenant: str, decide: Decide) -> bool:
        """Take a decision, then match the queues it woke. False if the decision's trigger meant nothing."""
        heads = self._work.run(tenant, decide)
        if heads:
            self.match(tenant, heads)
        return heads is not None

    def wake(self, tenant: str, queues: Iterable[str]) -> None:
        """Match queues from scratch."""
        self.run(tenant, lambda unit: unit.wake.update(queues))

    def match(self, tenant: str, heads: list[Head]) -> None:
        """Match from known heads: the caller with the best place first, then whoever is left."""
        while pair := self.best_pair(tenant, heads):
            others = [head.queue for head in heads if head.call and head.agent]
            heads = self.reserve(tenant, pair, others) or []

    def best_pair(self, tenant: str, heads: list[Head]) -> Head | None:
        """Return the caller with the best place and the agent to ask, None when nobody can meet now."""
        for head in sorted((head for head in heads if head.agent), key=_place):
            chosen = self._choose(tenant, head)
            if chosen:
                return Head(head.queue, head.call, chosen, head.roster)
        return None

    def _choose(self, tenant: str, head: Head) -> Held[Agent] | None:
        if not head.call or not head.agent:
            return None
        call = head.call.document
        if head.agent.document.id not in call.tried:
            return head.agent
        ready = self._work.store.ready_agents(tenant, head.queue, len(call.tried) + 1)
        chosen = choose(call, [held.document for held in ready], self._work.clock.now())
        return next((held for held in ready if held.document is chosen), None)

    def reserve(self, tenant: str, pair: Head, others: Iterable[str] = ()) -> list[Head] | None:
        """Reserve both, or neither, and have the agent rung; returns the heads afterwards, of `others` too."""
        if not pair.call or not pair.agent:
            return None
        call, agent, leg = pair.call.document.id, pair.agent.document.id, str(uuid4())

        def decide(unit: Unit) -> None:
            unit.wake.update((pair.queue, *others))
            found_call, found_agent = unit.call(call), unit.agent(agent)
            if found_call and found_agent and _still_matches(found_call, found_agent, pair.queue):
                _offer(unit, found_call, found_agent, leg, pair.roster)

        return self._work.run(tenant, decide, given=pair)


def _place(head: Head) -> tuple[int, str]:
    call = head.call.document if head.call else None
    return (call.place, call.id) if call else (0, "")


def _still_matches(call: Call, agent: Agent, queue: str) -> bool:
    return call.state is CallState.WAITING and call.queue == queue and agent.ready and queue in agent.queues


def _offer(unit: Unit, call: Call, agent: Agent, leg: str, roster: Roster) -> None:
    queue = unit.config.queues.get(call.queue or "")
    if queue is None or agent.id not in unit.config.agents:
        raise IllegalTransitionError("offer", "unconfigured", "offered")
    order = ring_order(unit, call, agent, leg, queue.id, queue.ring_s)
    if order is None:
        unreachable(unit, agent)
        return
    offer = new_offer(unit, agent, order, queue.id)
    why = choice(queue, agent, call, roster, unit.today, unit.now)
    unit.save_call(call.offer_to(offer, unit.now))
    ring(unit, call, agent, offer, order, why)
    unit.explain(call.id, Occasion.MATCHED)


def unreachable(unit: Unit, agent: Agent) -> None:
    """The agent's mobile can't be rung: on break with that reason, so that nobody waits for it (MOB-1)."""
    unit.save_agent(agent.choose(AgentState.BREAK, NO_MOBILE, unit.now), NO_MOBILE)


def new_offer(unit: Unit, agent: Agent, order: RingAgent | RingNumber, queue: str) -> Offer:
    """Return the offer, made now, that rings an agent; `queue` is empty where none asks."""
    mobile, rings_out = isinstance(order, RingNumber), unit.now + order.ring_s * 1_000_000
    return Offer(
        leg=order.leg,
        agent=agent.id,
        queue=queue,
        state=OfferState.DIALLING,
        offered=unit.now,
        due=rings_out if mobile else min(unit.now + ALERT_US, rings_out),
        rings_out=rings_out,
        mobile=mobile,
    )


def ring(
    unit: Unit, call: Call, agent: Agent, offer: Offer, order: RingAgent | RingNumber, why: Choice | None = None
) -> None:
    """Reserve the agent for an offer and have the phone rung; `why` tells how the agent was chosen."""
    made = OfferMade(
        at=unit.now,
        call=call.id,
        queue=offer.queue,
        agent=agent.id,
        leg=offer.leg,
        rings_out=offer.rings_out,
        choice=why,
    )
    unit.events.append(made)
    unit.save_agent(agent.offer(call.id, offer.leg, offer.queue, unit.now), "offered", call=call.id)
    unit.tell(call.switch, order)
