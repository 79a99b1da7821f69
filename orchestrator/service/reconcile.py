"""After every connect: bring stored calls and the switch's channels together, one rule a difference.

Done before any event is handled, and again as a periodic audit. Doing it twice changes nothing.
"""

import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp
from orchestrator.domain.consult import pending
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.outbound import unanswered
from orchestrator.service.adopt_callback import AdoptCallback
from orchestrator.service.adopt_placed import AdoptPlaced
from orchestrator.service.adopt_question import AdoptQuestion
from orchestrator.service.adoption import mark_adopted, referred, vanished
from orchestrator.service.answer_offer import AnswerOffer, legs_of, talking_legs
from orchestrator.service.call_back import ROLE, CallBack
from orchestrator.service.call_out import CUSTOMER, CallOut
from orchestrator.service.consult import CONSULT
from orchestrator.service.end_call import EndCall
from orchestrator.service.enqueue_call import EnqueueCall
from orchestrator.service.follow_steps import FollowSteps
from orchestrator.service.forward_call import ForwardCall
from orchestrator.service.mend_call import mend
from orchestrator.service.meter_again import meter_again
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Configurations, Telephony
from orchestrator.service.rebuild_call import RebuildCall
from orchestrator.service.rebuild_callback import RebuildCallback
from orchestrator.service.refer_call import refer
from orchestrator.service.release import after_call
from orchestrator.service.ring_outside import OUTSIDE
from orchestrator.service.seen import LegSeen
from orchestrator.service.test_call import TEST
from orchestrator.service.work import Unit, Work


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a switch: (tenant, call id) of its calls, (tenant, call id, leg) of agents who talk.

    `callbacks` are (tenant, call id) of calls whose customer is called back: their line is another channel, or none.
    `at` is when that was read (us UTC): what is decided later is told to the switch by whoever decides it.
    `placed` are those of agents' calls whose customer has not answered: the channel may not exist.
    """

    calls: frozenset[tuple[str, str]]
    talks: frozenset[tuple[str, str, str]]
    callbacks: frozenset[tuple[str, str]] = frozenset()
    at: int = sys.maxsize
    placed: frozenset[tuple[str, str]] = frozenset()


class Reconcile:
    """Compares and mends."""

    def __init__(
        self,
        work: Work,
        offers: OfferCall,
        configurations: Configurations,
        telephony: Telephony,
        rebuild: RebuildCall,
        enqueue: EnqueueCall,
        answer: AnswerOffer,
        end: EndCall,
        forward: ForwardCall,
        callbacks: CallBack,
        outbound: CallOut,
        steps: FollowSteps,
    ) -> None:
        """The use cases do the mending."""
        self._work, self._offers, self._configurations, self._telephony = work, offers, configurations, telephony
        self._rebuild, self._enqueue, self._answer, self._end = rebuild, enqueue, answer, end
        self._forward, self._steps = forward, steps
        self._callbacks = callbacks
        self._rebuild_callback = RebuildCallback(offers)
        self._questions = AdoptQuestion(answer)
        self._promised = AdoptCallback(work, offers, telephony, answer, end, callbacks, steps)
        self._placed = AdoptPlaced(offers, answer, outbound)

    def known(self, switch: str) -> Known:
        """Read which calls are stored for a switch; do this before asking the switch for its channels."""
        at = self._work.clock.now()
        stored = [
            held.document
            for tenant in self._configurations.tenants()
            for held in self._work.store.all_calls(tenant)
            if held.document.switch == switch
        ]
        talks = [(call.tenant, call.id, leg) for call in stored for leg in talking_legs(call)]
        return Known(
            frozenset((call.tenant, call.id) for call in stored if not call.callback and not unanswered(call)),
            frozenset(talks),
            frozenset((call.tenant, call.id) for call in stored if call.callback),
            at,
            frozenset((call.tenant, call.id) for call in stored if unanswered(call)),
        )

    def adopt(self, switch: str, known: Known, seen: Iterable[LegSeen], restarted: bool) -> None:
        """Take over everything of a switch. `restarted`: its earlier channels are gone with it."""
        self._work.store.forget_all()
        legs = {leg.leg: leg for leg in seen}
        for tenant, call in sorted(known.calls):
            self._adopt_call(tenant, call, legs, restarted, known.at)
        for tenant, call in sorted(known.callbacks):
            self._promised.adopt(tenant, call, legs, known.at)
        for tenant, call in sorted(known.placed):
            self._offers.run(tenant, lambda unit, call=call: mark_adopted(unit, call))  # type: ignore[misc]
            self._placed.adopt(tenant, call, self._work.store.call(tenant, call), legs)
        ours = {call for _, call in known.calls | known.callbacks | known.placed}
        for leg in legs.values():
            if leg.is_caller and leg.leg not in ours:
                self._rebuild.rebuild(switch, leg, legs.values())
            elif leg.role == ROLE:
                self._rebuild_callback.rebuild(switch, leg, legs.values())
        self._end_orphans(switch, legs.values())
        self._meter_again(switch, legs.values())
        self.free_agents()

    def audit(
        self, switch: str, known: Known, gone: Collection[str], unknown: Collection[str], seen: Collection[LegSeen]
    ) -> None:
        """Act on what no event has told: `gone` legs of known calls, and `unknown` callers among the legs `seen`."""
        for tenant, call in sorted(known.calls):
            if call in gone:
                self._end.caller_left(tenant, call, vanished(call, "caller"))
        for tenant, call, leg in sorted(known.talks):
            if leg in gone and call not in gone:
                self._end.agent_leg_ended(tenant, call, vanished(leg, "agent"))
        for caller in seen:
            if caller.leg in unknown and caller.is_caller:
                self._rebuild.rebuild(switch, caller, seen)
        self._meter_again(switch, seen)
        self.free_agents()

    def free_agents(self) -> None:
        """Free agents who are said to be in calls that don't exist or don't know them."""
        for tenant in self._configurations.tenants():
            engaged = [h.document for h in self._work.store.all_agents(tenant) if h.document.engaged]
            # Offers are made by other processes too: an old copy of the call would not know this agent.
            self._work.store.forget(tenant, [id_ for agent in engaged for id_ in (agent.id, agent.call or "")])
            for agent in engaged:
                self._offers.run(tenant, lambda unit, agent=agent: _free(unit, agent.id))  # type: ignore[misc]
            queues = self._work.unit(tenant).config.queues
            self._offers.wake(tenant, queues)

    def _adopt_call(self, tenant: str, call_id: str, legs: dict[str, LegSeen], restarted: bool, since: int) -> None:
        caller = legs.get(call_id)
        if caller is None:
            self._end.caller_left(tenant, call_id, vanished(call_id, "caller"), lost=restarted)
            return
        held = self._work.store.call(tenant, call_id)
        if held is None:
            return
        self._offers.run(tenant, lambda unit: mark_adopted(unit, call_id))
        call = held.document
        if call.state is CallState.ARRIVED and caller.answered:
            self._enqueue.answered(tenant, call_id)
        elif call.state is CallState.OFFERED and call.asked.leg in legs and legs[call.asked.leg].parked:
            self._questions.adopt(tenant, call, legs[call.asked.leg], call.asked.step)
        elif call.step and caller.answers(call.step):
            self._steps.step_over(tenant, call_id, call.step, caller.key)
        elif call.forward and not call.forward.won and call.forward.leg in legs and legs[call.forward.leg].parked:
            self._forward.parked(tenant, call_id, call.forward.leg, call.switch)
        elif referred(call, caller):
            self._offers.run(tenant, lambda unit: refer(unit, call_id, caller.transfer_to))
        else:
            self._adopt_partners(tenant, call, legs, since)
            self._offers.run(tenant, lambda unit: mend(unit, call_id, caller, legs, since))

    def _adopt_partners(self, tenant: str, call: Call, legs: dict[str, LegSeen], since: int) -> None:
        """Who talked to the caller or was asked is gone, or has answered, and nobody was there to be told."""
        role = OUTSIDE if call.state is CallState.FORWARDED else "agent"
        if call.consult and call.consult.leg not in legs and call.leg in legs and legs[call.leg].parked:
            self._answer.parked(tenant, call.id, call.leg, call.switch)
        for leg in talking_legs(call):
            if leg not in legs:
                self._end.agent_leg_ended(tenant, call.id, vanished(leg, role))
        if call.consult is None or not pending(call.consult) or call.consult.since >= since:
            return
        asked = call.consult.leg
        if asked not in legs:
            self._end.agent_leg_ended(tenant, call.id, vanished(asked, "agent", call.consult.agent))
        elif legs[asked].parked:
            self._questions.adopt(tenant, call, legs[asked], call.consult.step)

    def _meter_again(self, switch: str, seen: Collection[LegSeen]) -> None:
        """Calls of prepaid tenants that run without meters were rebuilt, or began before the balance was back."""
        for tenant in self._configurations.tenants():
            if not self._work.store.balances.prepaid(tenant):
                continue
            for held in self._work.store.all_calls(tenant):
                if held.document.switch == switch:
                    self._offers.run(tenant, lambda unit, call=held.document.id: meter_again(unit, call, seen))  # type: ignore[misc]

    def _end_orphans(self, switch: str, legs: Iterable[LegSeen]) -> None:
        for leg in legs:
            if leg.role not in ("agent", OUTSIDE, CONSULT, ROLE, TEST, CUSTOMER):
                continue
            held = self._work.store.call(leg.tenant, leg.call) if leg.tenant and leg.call else None
            if held is None or leg.leg not in (*legs_of(held.document), held.document.line):
                self._telephony.send(switch, [HangUp(leg=leg.leg)])


def _free(unit: Unit, agent_id: str) -> None:
    agent = unit.agent(agent_id)
    if agent is None or not agent.engaged:
        raise IllegalTransitionError("agent", agent.state if agent else "unknown", "freed")
    call = unit.call(agent.call or "")
    if call and call.state is not CallState.ENDED and agent.leg in legs_of(call):
        return
    if agent.state is AgentState.RINGING:
        unit.save_agent(agent.fail_offer(False, unit.config.miss_limit, unit.now), "freed")
    else:
        unit.save_agent(after_call(unit, agent), "freed")
