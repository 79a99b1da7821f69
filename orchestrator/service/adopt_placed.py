"""A call that an agent has placed, taken over by another orchestrator while its customer had not answered (SAFE-1)."""

from collections.abc import Mapping

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.outbound import Progress
from orchestrator.service import call_out, end_placed
from orchestrator.service.adopt_question import AdoptQuestion
from orchestrator.service.answer_offer import AnswerOffer
from orchestrator.service.call_out import CallOut
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Held
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit


class AdoptPlaced:
    """Goes on from what the switch has: the agent's channel, and the customer's if it was made."""

    def __init__(self, offers: OfferCall, answer: AnswerOffer, outbound: CallOut) -> None:
        """The use cases that the events would have met."""
        self._offers, self._answer, self._outbound = offers, answer, outbound
        self._questions = AdoptQuestion(answer)

    def adopt(self, tenant: str, call_id: str, held: Held[Call] | None, legs: Mapping[str, LegSeen]) -> None:
        """Take one over. A phone that nobody was told to ring yet may still be: its deadline decides."""
        if held is None or held.document.offer is None:
            return
        call, leg = held.document, legs.get(held.document.offer.leg)
        if call.state is CallState.PLACED:
            self._adopt_placed(tenant, call, leg)
        elif leg is None:
            self._offers.run(tenant, lambda unit: _agent_gone(unit, call_id))
        else:
            self._adopt_calling(tenant, call, leg, legs.get(call_id))

    def _adopt_placed(self, tenant: str, call: Call, leg: LegSeen | None) -> None:
        if leg and leg.parked:
            self._questions.adopt(tenant, call, leg, call.asked.step)
        elif leg and leg.rings:
            self._answer.alerted(tenant, call.id, leg.leg, call.switch)

    def _adopt_calling(self, tenant: str, call: Call, leg: LegSeen, customer: LegSeen | None) -> None:
        if customer and customer.answered:
            self._outbound.answered(tenant, call.id, call.id, call.switch, customer.answered)
        elif customer and customer.rings:
            self._outbound.progressed(tenant, call.id, call.id, call.switch, Progress.RINGING)
        elif customer is None and not leg.dialling:
            self._offers.run(tenant, lambda unit: _dial(unit, call.id, leg))


def _agent_gone(unit: Unit, call_id: str) -> None:
    call = unit.call(call_id)
    if call and call.state is CallState.CALLING:
        end_placed.not_reached(unit, call, "GONE", Outcome.LOST)


def _dial(unit: Unit, call_id: str, leg: LegSeen) -> None:
    """The agent's channel rings nobody: it has done with that, or was never told to."""
    call = unit.call(call_id)
    if call is None or call.state is not CallState.CALLING:
        return
    trunk = unit.config.trunk_of(call.placed.caller_id)
    if leg.disposition or trunk is None:
        end_placed.not_reached(unit, call, leg.disposition or "NO_TRUNK")
    else:
        unit.tell(call.switch, call_out.dial(unit, call, trunk.dialled(call.placed.number), trunk.name))
