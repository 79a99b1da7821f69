"""An agent's leg was answered while no orchestrator lived: it is won, or, on a mobile, the question goes on (MOB-1)."""

from orchestrator.domain.call import Call
from orchestrator.domain.mobile import TAKE
from orchestrator.service.answer_offer import AnswerOffer
from orchestrator.service.seen import LegSeen


class AdoptQuestion:
    """Goes on from what the switch knows of the question to a mobile."""

    def __init__(self, answer: AnswerOffer) -> None:
        """The use case that the events would have met."""
        self._answer = answer

    def adopt(self, tenant: str, call: Call, leg: LegSeen, step: str) -> None:
        """Take a parked leg over; `step` is what it was asked last, empty if it was not asked.

        The key that takes a call counts whenever it was pressed; what nobody can have heard is asked once more.
        """
        if leg.asks(step):
            return
        if leg.key == TAKE or leg.answers(step):
            self._answer.keyed(tenant, call.id, leg.leg, step, leg.key)
        else:
            self._answer.parked(tenant, call.id, leg.leg, call.switch, again=True)
