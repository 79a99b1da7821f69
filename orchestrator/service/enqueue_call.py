"""The call is answered: send it where the number that was dialled leads at this hour."""

from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import HANG_UP, Destination, Way
from orchestrator.domain.hours import first_destination, opening
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service.caller_priority import raised
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.route_call import go
from orchestrator.service.test_call import use_draft
from orchestrator.service.work import Unit


class EnqueueCall:
    """Routes answered calls."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches the queue afterwards."""
        self._offers = offers

    def answered(self, tenant: str, call: str) -> None:
        """The caller's channel was answered."""
        self._offers.run(tenant, lambda unit: self._route(unit, call))

    def _route(self, unit: Unit, call_id: str) -> None:
        call = unit.call(call_id)
        if call is None or call.state is not CallState.ARRIVED:
            raise IllegalTransitionError("call", call.state if call else "unknown", "answered")
        if call.test:
            use_draft(unit, call)
            go(unit, call.answer(unit.now), Destination(way=Way.MENU, target=call.test), RouteReason.TEST)
            unit.explain(call.id, Occasion.ANSWERED)
            return
        number = unit.config.numbers.get(call.number)
        hours = unit.config.hours.get(number.hours) if number else None
        reason = RouteReason(opening(hours, unit.config.timezone, unit.now).value) if hours else RouteReason.NUMBER
        destination = first_destination(unit.config, number, unit.now) if number else HANG_UP
        go(unit, raised(unit, call.answer(unit.now)), destination, reason)
        unit.explain(call.id, Occasion.ANSWERED)
