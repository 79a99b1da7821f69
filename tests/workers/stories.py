"""Events as they are found in a tenant's stream, for tests."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call_states import Outcome, Party
from orchestrator.domain.choice import Candidate, Choice, Standing, Verdict
from orchestrator.domain.config import Strategy
from orchestrator.domain.events import (
    AgentChanged,
    AgentLeft,
    CallArrived,
    CallEnded,
    Connected,
    Event,
    LegEnded,
    OfferAlerted,
    OfferEnded,
    OfferMade,
    OfferWon,
    QueueEntered,
    QueueLeft,
)
from orchestrator.domain.offer import OfferState
from orchestrator.store.codec import event_to_json

S = 1_000_000
#: 2026-01-05 09:00:00 UTC.
NINE = 1_767_603_600 * S

#: 1002 has been idle longer than 1003; a third agent of the queue is on break.
CHOICE = Choice(
    strategy=Strategy.LONGEST_IDLE,
    candidates=(
        Candidate(agent="1002", score=NINE - 60 * S, verdict=Verdict.CHOSEN),
        Candidate(agent="1003", score=NINE - 20 * S, verdict=Verdict.BEHIND),
    ),
    standings={"ready": 2, "break": 1},
    others={"1004": Standing.BREAK},
)

Message = tuple[str, int, str]


def stream(events: Iterable[Event]) -> list[Message]:
    """Number the events as Redis does; several in a row share a millisecond."""
    base = NINE // 1000
    return [(f"{base + n // 3}-{n % 3}", n + 1, event_to_json(event)) for n, event in enumerate(events)]


def arrived(call: str, at: int) -> CallArrived:
    """A caller comes in."""
    return CallArrived(at=at, call=call, switch="one", caller="13800138000", caller_name="王", number="4001")


def queued(call: str, at: int) -> QueueEntered:
    """The caller joins the line of sales."""
    return QueueEntered(at=at, call=call, queue="sales", priority=0, entered=at, limit=None)


def left(call: str, at: int, entered: int, outcome: Outcome, agent: str | None = None) -> QueueLeft:
    """The caller leaves the line of sales."""
    wait = at - entered
    return QueueLeft(
        at=at, call=call, queue="sales", entered=entered, wait=wait, outcome=outcome, day="2026-01-05", agent=agent,
        short=outcome is Outcome.ABANDONED and wait < 5 * S,
        within_service_level=outcome is Outcome.CONNECTED and wait <= 20 * S,
    )  # fmt: skip


def ended(call: str, at: int, outcome: Outcome, began: int, connected: int | None = None) -> CallEnded:
    """The caller's channel is gone."""
    return CallEnded(
        at=at, call=call, outcome=outcome, hung_up_by=Party.CALLER, cause="NORMAL_CLEARING",
        arrived=began, answered=began, connected=connected,
    )  # fmt: skip


def leg_ended(call: str, leg: str, role: str, agent: str | None, began: int, at: int) -> LegEnded:
    """A channel of the call ended."""
    return LegEnded(
        at=at, call=call, leg=leg, role=role, agent=agent, created=began, progress=0, answered=began, ended=at,
        billed_ms=(at - began) // 1000, cause="NORMAL_CLEARING", hung_up=role == "caller",
    )  # fmt: skip


def missed_offer(call: str, leg: str, agent: str, at: int) -> list[Event]:
    """An agent lets it ring for 15 seconds."""
    return [
        OfferMade(at=at, call=call, queue="sales", agent=agent, leg=leg, rings_out=at + 15 * S),
        OfferAlerted(at=at + S // 5, call=call, agent=agent, leg=leg),
        OfferEnded(
            at=at + 15 * S, call=call, queue="sales", agent=agent, leg=leg, offered=at,
            result=OfferState.NO_ANSWER, cause="NO_ANSWER",
        ),
    ]  # fmt: skip


def answered_offer(call: str, leg: str, agent: str, at: int) -> list[Event]:
    """An agent takes it after 3 seconds; the two are joined at once."""
    return [
        OfferMade(at=at, call=call, queue="sales", agent=agent, leg=leg, rings_out=at + 15 * S, choice=CHOICE),
        OfferAlerted(at=at + S, call=call, agent=agent, leg=leg),
        OfferWon(at=at + 3 * S, call=call, agent=agent, leg=leg),
        OfferEnded(
            at=at + 3 * S, call=call, queue="sales", agent=agent, leg=leg, offered=at, result=OfferState.ACCEPTED
        ),
        Connected(at=at + 3 * S, call=call, queue="sales", agent=agent, leg=leg),
    ]


def connected_call(call: str, at: int) -> list[Event]:
    """1001 misses it, 1002 takes it 18 s after the arrival and talks for a minute; the agent hangs up."""
    first, second = f"{call}-a", f"{call}-b"
    joined, over = at + 18 * S, at + 78 * S
    return [
        arrived(call, at),
        queued(call, at),
        *missed_offer(call, first, "1001", at),
        leg_ended(call, first, "agent", "1001", at, at + 15 * S),
        *answered_offer(call, second, "1002", at + 15 * S),
        left(call, joined, at, Outcome.CONNECTED, "1002"),
        AgentLeft(at=over, call=call, agent="1002", leg=second, talk=60 * S, cause="NORMAL_CLEARING"),
        leg_ended(call, second, "agent", "1002", at + 15 * S, over),
        leg_ended(call, call, "caller", None, at, over),
        ended(call, over, Outcome.CONNECTED, at, joined),
    ]


def abandoned_call(call: str, at: int) -> list[Event]:
    """The caller gives up after 4 seconds while a phone rings."""
    leg = f"{call}-a"
    gone = at + 4 * S
    return [
        arrived(call, at),
        queued(call, at),
        *missed_offer(call, leg, "1001", at)[:2],
        left(call, gone, at, Outcome.ABANDONED),
        leg_ended(call, call, "caller", None, at, gone),
        ended(call, gone, Outcome.ABANDONED, at),
    ]


def changes(agent: str, steps: Sequence[tuple[str, int]]) -> list[AgentChanged]:
    """Changes of an agent: each step is `registered`, `lost`, `same` or a state, and microseconds since the last."""
    now, events = NINE, []
    known = Agent(id=agent, since=NINE)
    for step, later in steps:
        now += later
        changed = _step(known, step, now)
        events.append(AgentChanged(at=now, agent=changed, previous=known.state, previous_since=known.since, cause=step))
        known = changed
    return events


def _step(agent: Agent, step: str, now: int) -> Agent:
    if step in ("registered", "lost"):
        return replace(agent, registered=step == "registered")
    if step == "same":
        return replace(agent, connected_in=agent.connected_in + 1)
    return replace(agent, state=AgentState(step), since=now)
