"""What every way out of a queue has in common: the event that counters, boards and records are made of."""

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import QueueLeft
from orchestrator.service.work import Unit, day_of


def queue_left(unit: Unit, call: Call, outcome: Outcome, agent: str | None = None) -> QueueLeft | None:
    """Return the event of leaving the line now, None for a call that was in none.

    It counts for the tenant's day on which the call left the line. Giving up within the queue's limit for short
    abandons is marked (QUEUE-6).
    """
    if call.queue is None or call.entered is None:
        return None
    queue = unit.config.queues.get(call.queue)
    wait = max(0, unit.now - call.entered)
    short_us = queue.short_abandon_s * 1_000_000 if queue else 0
    level_us = queue.service_level_s * 1_000_000 if queue else 0
    return QueueLeft(
        at=unit.now,
        call=call.id,
        queue=call.queue,
        entered=call.entered,
        wait=wait,
        outcome=outcome,
        short=outcome is Outcome.ABANDONED and wait < short_us,
        within_service_level=outcome is Outcome.CONNECTED and wait <= level_us,
        day=day_of(unit.now, unit.config.timezone),
        agent=agent,
    )
