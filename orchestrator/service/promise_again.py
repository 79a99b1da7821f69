"""Redis has lost a promise to call back; nothing on the switch tells of it, but the events do (QUEUE-5, SAFE-1)."""

from orchestrator.domain import calling_back
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.callback import Callback, OpenPromise
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.priority import MOST_PRIORITY
from orchestrator.domain.story import Occasion
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.promise_callback import promised_event
from orchestrator.service.work import Unit


class PromiseAgain:
    """Puts promises back into the line."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches the queue."""
        self._offers = offers

    def restore(self, tenant: str, promise: OpenPromise) -> bool:
        """Let the call wait in its old place again; False when it is there, or its queue isn't any more."""
        return self._offers.run(tenant, lambda unit: _restore(unit, promise))


def _restore(unit: Unit, promise: OpenPromise) -> None:
    if unit.call(promise.call) or promise.queue not in unit.config.queues:
        raise IllegalTransitionError("call", "known", Occasion.PROMISED_AGAIN)
    arrived = Call(
        id=promise.call,
        tenant=unit.tenant,
        switch=promise.switch,
        state=CallState.ARRIVED,
        since=unit.now,
        caller=promise.caller,
        caller_name=promise.caller_name,
        number=promise.dialled,
        arrived=promise.arrived,
        entered=promise.entered,
    )
    callback = Callback(
        number=promise.number, caller_id=promise.caller_id, promised=promise.promised, tries=promise.tries
    )
    priority = MOST_PRIORITY if promise.next else promise.priority
    waiting = calling_back.promise(
        arrived.answer(promise.entered), callback, promise.queue, priority, promise.expires, unit.now
    )
    unit.save_call(waiting, promised_event(unit, waiting))
    unit.explain(promise.call, Occasion.PROMISED_AGAIN)
