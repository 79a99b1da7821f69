"""A customer who was called back talks to an agent when Redis loses everything: the talk's two channels tell of it."""

from collections.abc import Iterable
from dataclasses import replace

from orchestrator.domain import calling_back
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.callback import Callback
from orchestrator.domain.story import Occasion
from orchestrator.service.accept_call import Arrival, arrived_event, new_call
from orchestrator.service.numbers import normalise
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.promise_callback import promised_event
from orchestrator.service.rebuild_call import restore_talk
from orchestrator.service.record_call import restored
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit


class RebuildCallback:
    """Makes calls out of the channels of customers who were called back."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches agents who become ready."""
        self._offers = offers

    def rebuild(self, switch: str, customer: LegSeen, others: Iterable[LegSeen]) -> None:
        """Restore the talk; a customer who hears no agent is let go, and promised a callback again by the events."""
        partner = next((leg for leg in others if _talks_to(leg, customer)), None)
        if partner and customer.tenant:
            self._offers.run(customer.tenant, lambda unit: _restore(unit, switch, customer, partner))


def _talks_to(leg: LegSeen, customer: LegSeen) -> bool:
    return customer.bridged and leg.bridged and leg.role == "agent" and leg.call == customer.call


def _restore(unit: Unit, switch: str, customer: LegSeen, partner: LegSeen) -> None:
    """A promise that came back from the events in the meantime is the one that is being kept."""
    known = unit.call(customer.call)
    if known and not (known.away and known.state in (CallState.WAITING, CallState.RESTING)):
        return
    waiting = _again(unit, known) if known else _promised(unit, switch, customer)
    kept = replace(waiting.promised, leg=customer.leg, tries=waiting.promised.tries or 1)
    restore_talk(unit, restored(unit, replace(waiting, callback=kept), customer), partner)
    unit.explain(waiting.id, Occasion.REBUILT)


def _again(unit: Unit, known: Call) -> Call:
    return calling_back.rest_over(known, unit.now) if known.state is CallState.RESTING else known


def _promised(unit: Unit, switch: str, customer: LegSeen) -> Call:
    number = normalise(customer.number, unit.config.country)
    arrival = Arrival(
        leg=customer.call,
        switch=switch,
        caller=number,
        caller_name="",
        number=customer.caller,
        created=customer.created or unit.now,
    )
    arrived = new_call(unit, arrival)
    callback = Callback(number=number, caller_id=customer.caller, promised=arrived.arrived)
    routed = replace(arrived.answer(arrived.arrived), entered=arrived.arrived)
    waiting = calling_back.promise(routed, callback, customer.queue, 0, unit.now, unit.now)
    unit.events.extend([arrived_event(unit, arrived, rebuilt=True), promised_event(unit, waiting)])
    return waiting
