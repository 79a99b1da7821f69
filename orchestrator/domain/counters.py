"""Today's counters of a queue, made of events: the same arithmetic in Redis, on wallboards and in records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import Event, QueueLeft


@dataclass(frozen=True, slots=True)
class Count:
    """Add `by` to a queue's counter `name` on the tenant's day `day`."""

    day: str
    queue: str
    name: str
    by: int


def counts_of(events: Iterable[Event]) -> Iterator[Count]:
    """Yield what the events add to today's counters (QUEUE-6, WALL-2).

    `offered` counts every call that left the line, so offered = connected + abandoned + timed_out + lost holds at
    any moment; `short` is the part of `abandoned` that gave up at once; `within` were connected within the service
    level's threshold; `answer_us` sums the waiting time of connected calls, for the average speed of answer.
    """
    for event in events:
        if not isinstance(event, QueueLeft):
            continue
        yield Count(event.day, event.queue, "offered", 1)
        yield Count(event.day, event.queue, event.outcome.value, 1)
        if event.short:
            yield Count(event.day, event.queue, "short", 1)
        if event.outcome is Outcome.CONNECTED:
            yield Count(event.day, event.queue, "answer_us", event.wait)
            if event.within_service_level:
                yield Count(event.day, event.queue, "within", 1)
