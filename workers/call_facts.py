"""What the events of a call say about it: pure, the last word of each kind counts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from orchestrator.domain.blacklist import Direction
from orchestrator.domain.events import (
    CallArrived,
    CallBlocked,
    CallEnded,
    CallPlaced,
    CallTurnedDown,
    Connected,
    Event,
    HoldEnded,
    LegEnded,
    OfferAlerted,
    OfferEnded,
    OfferMade,
    OfferWon,
    OutsideCalled,
    QueueEntered,
    QueueLeft,
    Surveyed,
)
from orchestrator.domain.offer import OfferState
from workers.conversations import NONE, conversations_in
from workers.recorded import recordings_in

Row = dict[str, Any]

#: Whether the customer called or was called.
IN, OUT = "in", "out"
Kind = TypeVar("Kind", bound=Event)

#: Events by their kinds, each in order: most calls are asked for a dozen kinds.
Kinds = Mapping[type[Event], list[Any]]


@dataclass(frozen=True, slots=True)
class CallFacts:
    """The columns of a call's record and of what belongs to it."""

    call: Row
    legs: list[Row]
    stays: list[Row]
    offers: list[Row]
    recordings: list[Row]

    def counted(self) -> Iterator[int]:
        """Yield when something of the call counts in reports (us UTC), but for its messages."""
        yield from (stay["ended"] for stay in self.stays)
        yield from (leg["joined"] for leg in self.legs if leg["joined"] is not None)
        if self.call["direction"] == OUT:
            yield self.call["arrived"]


def facts_of(events: Sequence[Event]) -> CallFacts | None:
    """Return what the events of one call, in order, amount to; None until it has ended, and for a test call.

    Events may be missing; what is not known is empty.
    """
    kinds = _by_kind(events)
    endings = _of(kinds, CallEnded)
    if not endings or any(event.test for event in _of(kinds, CallArrived)):
        return None
    ended = endings[-1]
    talks = conversations_in(events, ended)
    stays, offers = _stays(events, talks, ended), _offers(events, ended)
    call = _call(events, kinds, ended) | {
        "wait_us": sum(stay["wait_us"] for stay in stays),
        "ring_us": sum(_ringing(offer) for offer in offers),
        "talk_us": sum(talk["talk_us"] for talk in talks.values() if talk["agent"]),
        "hold_us": sum(event.held for event in _of(kinds, HoldEnded)),
        "short": any(stay["short"] for stay in stays),
    }
    return CallFacts(call, _legs(kinds, talks, ended), stays, offers, recordings_in(events, ended))


def _by_kind(events: Sequence[Event]) -> Kinds:
    kinds = defaultdict[type[Event], list[Any]](list)
    for event in events:
        kinds[type(event)].append(event)
    return kinds


def _of(kinds: Kinds, kind: type[Kind]) -> list[Kind]:
    return kinds.get(kind, [])


def _call(events: Sequence[Event], kinds: Kinds, ended: CallEnded) -> Row:
    # A call that was found on the switch after a loss arrives a second time: the first arrival knows best.
    arrival = next(iter(_of(kinds, CallArrived)), None)
    blocked = next(iter(_of(kinds, CallBlocked)), None)
    begun = arrival or blocked
    placed = next(iter(_of(kinds, CallPlaced)), None)
    refused = next(iter(_of(kinds, CallTurnedDown)), None)
    connected = _of(kinds, Connected)
    scores = [event.score for event in _of(kinds, Surveyed)]
    queued = [event.queue for event in events if isinstance(event, QueueEntered | QueueLeft | Connected)]
    queues = [queue for queue in queued if queue]
    customer, ours = _parties(begun, placed)
    switched = arrival or placed
    return {
        "switch": switched.switch if switched else "",
        "direction": OUT if placed or _refused_out(blocked) else IN,
        "caller": customer,
        "caller_name": arrival.caller_name if arrival else "",
        "number": ours,
        "queue": queues[-1] if queues else None,
        "agent": connected[-1].agent if connected else placed.agent if placed else None,
        "arrived": ended.arrived,
        "answered": ended.answered,
        "connected": ended.connected,
        "ended": ended.at,
        "outcome": ended.outcome.value,
        "hung_up_by": ended.hung_up_by.value,
        "cause": ended.cause,
        "blocked_by": blocked.entry if blocked else None,
        "refused": refused.reason.value if refused else None,
        "score": scores[-1] if scores else None,
    }


def _refused_out(blocked: CallBlocked | None) -> bool:
    return blocked is not None and blocked.direction is Direction.OUT


def _parties(begun: CallArrived | CallBlocked | None, placed: CallPlaced | None) -> tuple[str, str]:
    """Return the customer's number and the tenant's, whoever called whom."""
    if placed:
        return placed.number, placed.caller_id
    if begun is None:
        return "", ""
    out = isinstance(begun, CallBlocked) and _refused_out(begun)
    return (begun.number, begun.caller) if out else (begun.caller, begun.number)


def _stays(events: Sequence[Event], talks: Mapping[str, Row], ended: CallEnded) -> list[Row]:
    """Return the stays in order; one written down again after a loss is the same, the time taken along is not."""
    stays: list[Row] = []
    for event in events:
        match event:
            case QueueEntered() if not _is_last(stays, event):
                stays.append(_waiting(event, event.priority, ended))
            case QueueLeft():
                if not _is_last(stays, event):
                    stays.append(_waiting(event, 0, ended))
                stays[-1].update(_left(event))
            case Connected() if stays and stays[-1]["queue"] == event.queue:
                stays[-1]["talk_us"] = talks[event.leg]["talk_us"]
    return stays


def _is_last(stays: list[Row], event: QueueEntered | QueueLeft) -> bool:
    return bool(stays) and (stays[-1]["queue"], stays[-1]["entered"]) == (event.queue, event.entered)


def _waiting(event: QueueEntered | QueueLeft, priority: int, ended: CallEnded) -> Row:
    return {
        "queue": event.queue,
        "entered": event.entered,
        "ended": ended.at,
        "priority": priority,
        "wait_us": max(0, ended.at - event.entered),
        "outcome": ended.outcome.value,
        "short": False,
        "within_service_level": False,
        "agent": None,
        "talk_us": 0,
    }


def _left(event: QueueLeft) -> Row:
    return {
        "queue": event.queue,
        "ended": event.at,
        "wait_us": event.wait,
        "outcome": event.outcome.value,
        "short": event.short,
        "within_service_level": event.within_service_level,
        "agent": event.agent,
    }


def _offers(events: Sequence[Event], ended: CallEnded) -> list[Row]:
    offers: dict[str, Row] = {}
    for event in events:
        match event:
            case OfferMade():
                offers.setdefault(event.leg, _asked(event, event.at, ended))["choice"] = event.choice
            case OfferAlerted() if event.leg in offers:
                offers[event.leg]["rang"] = event.at
            case OfferWon() if event.leg in offers:
                offers[event.leg]["won"] = event.at
            case OfferEnded():
                answer = {"ended": event.at, "result": event.result.value, "cause": event.cause}
                offers.setdefault(event.leg, _asked(event, event.offered, ended)).update(answer)
    return list(offers.values())


def _asked(event: OfferMade | OfferEnded, offered: int, ended: CallEnded) -> Row:
    return {
        "leg": event.leg,
        "queue": event.queue,
        "agent": event.agent,
        "offered": offered,
        "rang": None,
        "won": None,
        "ended": ended.at,
        "result": OfferState.CANCELLED.value,
        "cause": "",
        "choice": None,
    }


def _ringing(offer: Row) -> int:
    """How long the agent's phone rang, microseconds."""
    if offer["rang"] is None:
        return 0
    return max(0, int(offer["won"] or offer["ended"]) - int(offer["rang"]))


def _legs(kinds: Kinds, talks: Mapping[str, Row], ended: CallEnded) -> list[Row]:
    """Return the channels; one that talked and of whose end nothing was told lasts to the call's end."""
    called = {event.leg: event.number for event in _of(kinds, OutsideCalled)}
    legs = {event.leg: _leg(event, called.get(event.leg)) for event in _of(kinds, LegEnded)}
    missing = {leg: _untold(leg, talk, ended) for leg, talk in talks.items() if leg not in legs}
    return [leg | talks.get(leg["leg"], NONE | {"agent": leg["agent"]}) for leg in (*legs.values(), *missing.values())]


def _leg(event: LegEnded, number: str | None) -> Row:
    return {
        "leg": event.leg,
        "role": event.role,
        "number": number,
        "agent": event.agent,
        "created": event.created,
        "progress": event.progress or None,
        "answered": event.answered or None,
        "ended": event.ended,
        "billed_ms": event.billed_ms,
        "cause": event.cause,
        "hung_up": event.hung_up,
    }


def _untold(leg: str, talk: Row, ended: CallEnded) -> Row:
    """Nothing is charged for it: what a channel costs is measured by the switch alone."""
    return {
        "leg": leg,
        "role": "agent" if talk["agent"] else "outside",
        "number": None,
        "agent": talk["agent"],
        "created": talk["joined"],
        "progress": None,
        "answered": talk["joined"],
        "ended": max(talk["joined"], ended.at),
        "billed_ms": 0,
        "cause": "",
        "hung_up": False,
    }
