"""A call whose customer is called back, taken over by another orchestrator: its line is a channel of ours, or none."""

from collections.abc import Mapping

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp
from orchestrator.domain.offer import OfferTrigger
from orchestrator.service.adopt_question import AdoptQuestion
from orchestrator.service.adoption import mark_adopted, referred, vanished
from orchestrator.service.answer_offer import AnswerOffer
from orchestrator.service.call_back import CallBack
from orchestrator.service.end_call import EndCall
from orchestrator.service.fail_offer import fail
from orchestrator.service.follow_steps import FollowSteps
from orchestrator.service.mend_call import mend
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Telephony
from orchestrator.service.refer_call import refer
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit, Work

Legs = Mapping[str, LegSeen]


class AdoptCallback:
    """Goes on from what the switch has: the agent's channel, and the customer's if he was rung."""

    def __init__(
        self,
        work: Work,
        offers: OfferCall,
        telephony: Telephony,
        answer: AnswerOffer,
        end: EndCall,
        callbacks: CallBack,
        steps: FollowSteps,
    ) -> None:
        """The use cases that the events would have met."""
        self._work, self._offers, self._telephony = work, offers, telephony
        self._answer, self._end, self._callbacks, self._steps = answer, end, callbacks, steps
        self._questions = AdoptQuestion(answer)

    def adopt(self, tenant: str, call_id: str, legs: Legs, since: int) -> None:
        """As with every call, but its line is the customer's channel, and there may be none."""
        held = self._work.store.call(tenant, call_id)
        if held is None:
            return
        call, line = held.document, held.document.line
        self._offers.run(tenant, lambda unit: mark_adopted(unit, call_id))
        if call_id in legs:
            self._telephony.send(call.switch, [HangUp(leg=call_id)])
        if not call.away and line not in legs:
            self._callbacks.leg_ended(tenant, call_id, vanished(line, "callback"))
        elif call.state is CallState.OFFERED:
            self._adopt_offered(tenant, call, legs, since)
        elif call.state is CallState.CALLING_BACK:
            self._adopt_ringing(tenant, call, legs)
        elif not call.away:
            self._adopt_line(tenant, call, legs, since)

    def _adopt_offered(self, tenant: str, call: Call, legs: Legs, since: int) -> None:
        leg = legs.get(call.asked.leg)
        if leg is None:
            self._offers.run(tenant, lambda unit: withdraw(unit, call.id))
        elif leg.parked:
            self._questions.adopt(tenant, call, leg, call.asked.step)
        elif not call.away:
            self._adopt_line(tenant, call, legs, since)

    def _adopt_line(self, tenant: str, call: Call, legs: Legs, since: int) -> None:
        customer, agent_leg = legs[call.line], call.offer.leg if call.offer else call.leg
        if referred(call, customer):
            self._offers.run(tenant, lambda unit: refer(unit, call.id, customer.transfer_to))
        elif agent_leg and agent_leg not in legs:
            self._end.agent_leg_ended(tenant, call.id, vanished(agent_leg, "agent", call.agent))
        elif call.step and customer.answers(call.step):
            self._steps.step_over(tenant, call.id, call.step, customer.key)
        else:
            self._offers.run(tenant, lambda unit: mend(unit, call.id, customer, legs, since))

    def _adopt_ringing(self, tenant: str, call: Call, legs: Legs) -> None:
        customer = legs.get(call.line)
        if call.asked.leg not in legs:
            self._end.agent_leg_ended(tenant, call.id, vanished(call.asked.leg, "agent", call.asked.agent))
        elif customer is None:
            self._callbacks.leg_ended(tenant, call.id, vanished(call.line, "callback"))
        elif customer.parked:
            self._callbacks.answered(tenant, call.id, call.line, call.switch)


def withdraw(unit: Unit, call_id: str) -> None:
    """The agent's leg was lost with the process that made it: nobody's fault."""
    call = unit.call(call_id)
    if call and call.state is CallState.OFFERED:
        fail(unit, call, OfferTrigger.WITHDRAWN, "ADOPTED", kill="ORIGINATOR_CANCEL")
