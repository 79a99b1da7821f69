"""The call is answered: put it into the queue of the number that was dialled, with waiting music."""

from orchestrator.domain.call import Call, CallState
from orchestrator.domain.commands import HangUp, Mark, PlayMusic
from orchestrator.domain.config import QueueConfig
from orchestrator.domain.events import QueueEntered
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.work import Unit


class EnqueueCall:
    """Enters calls into queues."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches the queue afterwards."""
        self._offers = offers

    def answered(self, tenant: str, call: str) -> None:
        """The caller's channel was answered."""
        self._offers.run(tenant, lambda unit: self._enqueue(unit, call))

    def _enqueue(self, unit: Unit, call_id: str) -> None:
        call = unit.call(call_id)
        if call is None or call.state is not CallState.ARRIVED:
            raise IllegalTransitionError("call", call.state if call else "unknown", "answered")
        queue = unit.config.queues.get(unit.config.numbers.get(call.number, ""))
        if queue is None:
            unit.save_call(call.turn_away(unit.now))
            unit.tell(call.switch, HangUp(leg=call.id, cause="NO_ROUTE_DESTINATION"))
        else:
            enter(unit, call, queue)
        unit.explain(call.id, "answered")


def enter(unit: Unit, call: Call, queue: QueueConfig) -> None:
    """Put the call at the end of the queue's line."""
    limit = None if queue.max_wait_s is None else queue.max_wait_s * 1_000_000
    waiting = call.enqueue(queue.id, queue.priority, limit, unit.now)
    entered = QueueEntered(
        at=unit.now,
        call=call.id,
        queue=queue.id,
        priority=queue.priority,
        entered=unit.now,
        limit=waiting.limit,
    )
    unit.save_call(waiting, entered)
    place = {"cc_queue": queue.id, "cc_entered": str(waiting.entered), "cc_priority": str(queue.priority)}
    unit.tell(call.switch, Mark(leg=call.id, variables=place), PlayMusic(leg=call.id, music=queue.music))
