"""Who talked to the customer of a call, when and how long: pure (CDR-1, REP-1).

A conversation begins when agent and customer, or a telephone outside and the customer, hear each other. It belongs to
a channel of the call, and is counted where agents' counters of today are (WALL-4): each `connected` is one.
"""

from collections.abc import Sequence
from typing import Any

from orchestrator.domain.events import (
    AgentLeft,
    CallEnded,
    CallPlaced,
    Connected,
    Event,
    Forwarded,
    ForwardEnded,
    HoldEnded,
    QueueEntered,
    QueueLeft,
    SurveyBegun,
    Surveyed,
)

Row = dict[str, Any]

#: How a conversation came about: out of a queue's line, straight to the agent, called by the agent, with a telephone
#: outside.
QUEUE, DIRECT, OUT, OUTSIDE = "queue", "direct", "out", "outside"

#: The columns of a channel that had none.
NONE: Row = {
    "joined": None,
    "way": None,
    "queue": None,
    "talk_us": None,
    "hold_us": None,
    "again": None,
    "asked": False,
    "score": None,
}


def conversations_in(events: Sequence[Event], ended: CallEnded) -> dict[str, Row]:
    """Return the conversations by their channels, in order; times and durations are us.

    `again` is when the same agent talked in this call once more: wrap-up before that belongs to this one. `asked` and
    `score` (1-5) tell of the survey.
    """
    found, latest = dict[str, Row](), dict[str, Row]()
    taken, placed, queue = _taken(events), _placed(events), None
    for event in events:
        match event:
            case QueueEntered() | QueueLeft():
                queue = event.queue
            case Connected() if event.leg not in found:
                row = _joined(event.at, event.agent, _way(event, taken, placed), event.queue or queue, ended)
                if event.agent in latest:
                    latest[event.agent]["again"] = event.at
                found[event.leg] = latest[event.agent] = row
            case Forwarded() if event.leg not in found:
                found[event.leg] = _joined(event.at, None, OUTSIDE, queue, ended)
            case AgentLeft() | ForwardEnded() if event.leg in found:
                found[event.leg]["talk_us"] = _talked(event, found[event.leg])
            case HoldEnded() | SurveyBegun() | Surveyed() if event.agent in latest:
                _add(latest[event.agent], event)
    return found


def _joined(at: int, agent: str | None, way: str, queue: str | None, ended: CallEnded) -> Row:
    """One that nothing ends lasts to the call's end; `queue` is the line it came out of."""
    whose = queue if way in (QUEUE, OUTSIDE) else None
    begun = {"joined": at, "agent": agent, "way": way, "queue": whose, "talk_us": max(0, ended.at - at), "hold_us": 0}
    return NONE | begun


def _talked(event: AgentLeft | ForwardEnded, row: Row) -> int:
    return event.talk if isinstance(event, AgentLeft) else max(0, event.at - int(row["joined"]))


def _add(row: Row, event: HoldEnded | SurveyBegun | Surveyed) -> None:
    match event:
        case HoldEnded():
            row["hold_us"] += event.held
        case SurveyBegun():
            row["asked"] = True
        case Surveyed():
            row.update(asked=True, score=event.score)


def _way(event: Connected, taken: set[tuple[str | None, int]], placed: set[str]) -> str:
    if event.leg in placed:
        return OUT
    return QUEUE if (event.agent, event.at) in taken else DIRECT


def _taken(events: Sequence[Event]) -> set[tuple[str | None, int]]:
    """Return which agents took the call out of a line, and when."""
    return {(event.agent, event.at) for event in events if isinstance(event, QueueLeft) and event.agent}


def _placed(events: Sequence[Event]) -> set[str]:
    """Return the channels of agents who called the customer."""
    return {event.leg for event in events if isinstance(event, CallPlaced)}
