"""How long a caller in a line will probably wait, judged by those who have just left it (QUEUE-5).

The predictor QL_m of W. Whitt, "Predicting Queueing Delays", Management Science 45(6), 1999, section 3: while i callers
are ahead, the line moves at the rate at which agents take callers, and i callers may give up at their own rate. Both
rates are measured: callers served, by the time in which anybody waited; callers who gave up, by the time that all
waited together. So it is right whatever other queues the agents serve, and nobody has to configure anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import Event, OfferEnded, QueueLeft
from orchestrator.domain.offer import OfferState

#: So many departures of a queue are looked at, none older than HORIZON_US; fewer than LEAST are no basis.
KEPT, HORIZON_US, LEAST = 50, 3600 * 1_000_000, 6

#: Who left sooner met a ready agent, or no patience at all: that tells nothing about a line (us).
WAITED_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody who stood in a line from `entered` to `left` (us UTC); `served` = until an agent was asked."""

    entered: int
    left: int
    served: bool


def departures_of(events: Iterable[Event]) -> Iterator[tuple[str, Departure]]:
    """Yield who has left which queue's line after a wait; an agent's ringing is no part of it."""
    events = tuple(events)
    asked = {e.call: e.offered for e in events if isinstance(e, OfferEnded) and e.result is OfferState.ACCEPTED}
    for event in events:
        if isinstance(event, QueueLeft):
            served = event.outcome is Outcome.CONNECTED
            departure = Departure(event.entered, asked.get(event.call, event.at), served)
            if departure.left - departure.entered >= WAITED_US:
                yield event.queue, departure


def estimated_wait(position: int, entered: int, departures: Sequence[Departure], now: int) -> int | None:
    """Return how much longer (us) a caller waits who has been in the line since `entered` (us UTC).

    `position` is the present place, 1 = next. None while there is no basis: too few have left lately, or none of them
    was served.
    """
    recent = sorted((d for d in departures if d.left > now - HORIZON_US), key=lambda d: d.left)
    if len(recent) < LEAST:
        return None
    since, counted = recent[0].left, recent[1:]
    stays = [(max(d.entered, since), d.left) for d in counted] + [(max(entered, since), now)]
    served = sum(d.served for d in counted)
    busy = _covered(stays)
    if not served or not busy:
        return None
    leave = (len(counted) - served) / sum(end - start for start, end in stays)
    return round(sum(1 / (served / busy + ahead * leave) for ahead in range(position)))


def _covered(stays: Iterable[tuple[int, int]]) -> int:
    """Return how long at least one of the stays lasted."""
    covered, until = 0, 0
    for start, end in sorted(stays):
        covered += max(0, end - max(start, until))
        until = max(until, end)
    return covered
