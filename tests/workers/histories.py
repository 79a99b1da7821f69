"""Random histories of a company, with what they add up to: what reports are compared with (REP-1)."""

from dataclasses import dataclass, field, replace
from random import Random
from zlib import crc32

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call_states import Outcome, Party
from orchestrator.domain.events import (
    AgentChanged,
    AgentLeft,
    CallArrived,
    CallEnded,
    CallPlaced,
    Connected,
    Event,
    Forwarded,
    ForwardEnded,
    HoldEnded,
    LegEnded,
    OfferEnded,
    OfferMade,
    QueueEntered,
    QueueLeft,
    RecordingBegun,
    SurveyBegun,
    Surveyed,
)
from orchestrator.domain.forward import ForwardResult
from orchestrator.domain.offer import OfferState

S = 1_000_000
MINUTE, HOUR = 60 * S, 3600 * S
AGENTS, QUEUES, CALLERS, NUMBERS = ("a1", "a2", "a3"), ("q1", "q2"), ("+8613800000001", "+8613800000002"), ("40", "41")
GROUPS = {"a1": "early", "a2": "early", "a3": ""}
TAGS, DISPOSITIONS = ("invoice", "vip"), ("sold", "refused", "later")
THRESHOLD_US = 20 * S


@dataclass(frozen=True, slots=True)
class Hit:
    """What one thing that happened adds to the figure `name`."""

    name: str
    at: int
    by: int
    queue: str | None
    agent: str | None
    number: str
    call: str


@dataclass(slots=True)
class History:
    """Events in order, what they are to add up to, and who wrote which tags."""

    chance: Random
    now: int
    events: list[Event] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    tags: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    arrivals: list[tuple[str, int]] = field(default_factory=list)
    call: str = ""
    number: str = ""
    talks: int = 0
    connected: int | None = None

    def hit(self, name: str, queue: str | None = None, agent: str | None = None, by: int = 1, at: int = 0) -> None:
        """Note what happens now, or happened `at`."""
        self.hits.append(Hit(name, at or self.now, by, queue, agent, self.number, self.call))

    def passes(self, low: int, high: int) -> int:
        """Let some time go by, us."""
        spent = self.chance.randrange(low, high)
        self.now += spent
        return spent

    def state(self, agent: str, state: AgentState) -> None:
        """The agent's state changes now."""
        before = self.agents.get(agent, Agent(id=agent, since=self.now))
        during = before.call if before.state is AgentState.WRAP_UP else self.call or None
        after = replace(before, state=state, since=self.now, call=None if state is AgentState.ONLINE else self.call)
        self.agents[agent] = after
        self.events.append(
            AgentChanged(
                at=self.now, agent=after, previous=before.state, previous_since=before.since, cause="", call=during
            )
        )


def history(chance: Random, begin: int, calls: int) -> History:
    """Make calls of every kind, one after another, from `begin` (us UTC) on."""
    made = History(chance, begin)
    for agent in AGENTS:
        made.state(agent, AgentState.ONLINE)
    for place in range(calls):
        made.passes(S, chance.choice((MINUTE, HOUR, 9 * HOUR)))
        made.call, made.number, made.talks, made.connected = f"c{place}", chance.choice(NUMBERS), 0, None
        _KINDS[chance.choice(tuple(_KINDS))](made)
        _write_tags(made)
    return made


def _came_in(made: History) -> bool:
    """A customer calls; tell whether the same one had called in the day before."""
    caller = made.chance.choice(CALLERS)
    again = any(other == caller and made.now - 24 * HOUR <= at < made.now for other, at in made.arrivals)
    made.arrivals.append((caller, made.now))
    made.events.append(
        CallArrived(at=made.now, call=made.call, switch="s", caller=caller, caller_name="", number=made.number)
    )
    return again


def _queued(made: History) -> None:
    """Some lines, out of the last of which somebody may take the call, hand it on, or nobody does."""
    began, again = made.now, _came_in(made)
    while made.chance.random() < 0.3:
        _wait(made, Outcome.TIMED_OUT)
    outcome = made.chance.choice(
        (
            Outcome.CONNECTED,
            Outcome.CONNECTED,
            Outcome.ABANDONED,
            Outcome.LOST,
            Outcome.CALLBACK_FAILED,
            Outcome.CALLED_BACK,
        )
    )
    queue, agent = _wait(made, outcome)
    if agent:
        if outcome is Outcome.CONNECTED and again:
            made.hit("repeated", queue, agent)
        _talk(made, agent, queue, survey=True)
        if made.chance.random() < 0.4:
            _talk(made, made.chance.choice(AGENTS), None, survey=False)
    _over(made, outcome, began)


def _wait(made: History, outcome: Outcome) -> tuple[str, str | None]:
    queue, entered, taken = made.chance.choice(QUEUES), made.now, outcome in (Outcome.CONNECTED, Outcome.CALLED_BACK)
    agent = made.chance.choice(AGENTS) if taken else None
    made.events.append(QueueEntered(at=entered, call=made.call, queue=queue, priority=0, entered=entered, limit=None))
    wait = made.passes(S // 2, 40 * S)
    short, within = outcome is Outcome.ABANDONED and wait < 5 * S, outcome is Outcome.CONNECTED and wait <= THRESHOLD_US
    made.events.append(
        QueueLeft(
            at=made.now, call=made.call, queue=queue, entered=entered, wait=wait, outcome=outcome, short=short,
            within_service_level=within, day="", agent=agent,
        )
    )  # fmt: skip
    for name in ("offered", outcome.value, *(["short"] if short else []), *(["within"] if within else [])):
        if name != "lost":
            made.hit(name, queue, agent)
    if outcome is Outcome.CONNECTED:
        made.hit("answer_us", queue, agent, wait)
    return queue, agent


def _talk(made: History, agent: str, queue: str | None, *, survey: bool, out: bool = False) -> None:
    """Agent and customer talk; the one who talks last to the same agent again wraps up for both."""
    leg, joined = f"{made.call}-{made.talks}", made.now
    made.talks, made.connected = made.talks + 1, made.connected or made.now
    if made.agents[agent].state is not AgentState.ONLINE:
        made.state(agent, AgentState.ONLINE)
    made.state(agent, AgentState.IN_CALL)
    if not out:
        made.events.append(
            OfferMade(at=joined, call=made.call, queue=queue or "", agent=agent, leg=leg, rings_out=joined)
        )
        made.events.append(
            OfferEnded(
                at=joined,
                call=made.call,
                queue=queue or "",
                agent=agent,
                leg=leg,
                offered=joined,
                result=OfferState.ACCEPTED,
            )
        )
    made.events.append(Connected(at=joined, call=made.call, queue=queue or "", agent=agent, leg=leg))
    made.passes(S, 5 * MINUTE)
    held = made.passes(S, MINUTE) if made.chance.random() < 0.3 else 0
    if held:
        made.events.append(HoldEnded(at=made.now, call=made.call, agent=agent, held=held, how="resumed"))
    talk = made.now - joined
    made.events.append(AgentLeft(at=made.now, call=made.call, agent=agent, leg=leg, talk=talk))
    told = {"handled": 1, "direct": 0 if queue else 1, "talk_us": talk, "hold_us": held}
    for name, by in ({"reached": 1, "out_talk_us": talk} if out else told).items():
        made.hit(name, queue, agent, by, joined)
    if survey:
        _survey(made, queue, agent, joined)
    wrap = _wrap_up(made, agent, leg, joined)
    made.hit("out_wrap_up_us" if out else "wrap_up_us", queue, agent, wrap, joined)


def _survey(made: History, queue: str | None, agent: str, joined: int) -> None:
    if made.chance.random() < 0.5:
        return
    made.events.append(SurveyBegun(at=made.now, call=made.call, queue=queue or "", agent=agent))
    made.hit("asked", queue, agent, at=joined)
    if made.chance.random() < 0.6:
        score = made.chance.randrange(1, 6)
        made.events.append(Surveyed(at=made.now, call=made.call, queue=queue or "", agent=agent, score=score))
        made.hit("scored", queue, agent, at=joined)
        made.hit("scores", queue, agent, score, joined)


def _wrap_up(made: History, agent: str, leg: str, began: int) -> int:
    made.events.append(
        LegEnded(
            at=made.now, call=made.call, leg=leg, role="agent", agent=agent, created=began, progress=0, answered=began,
            ended=made.now, billed_ms=0, cause="", hung_up=False,
        )
    )  # fmt: skip
    made.state(agent, AgentState.WRAP_UP)
    spent = made.passes(S, MINUTE)
    made.state(agent, AgentState.ONLINE)
    return spent


def _direct(made: History) -> None:
    began = made.now
    _came_in(made)
    made.passes(S, 10 * S)
    _talk(made, made.chance.choice(AGENTS), None, survey=False)
    _over(made, Outcome.CONNECTED, began)


def _out(made: History) -> None:
    began, agent, reached = made.now, made.chance.choice(AGENTS), made.chance.random() < 0.6
    made.events.append(
        CallPlaced(
            at=began, call=made.call, switch="s", agent=agent, leg=f"{made.call}-0", number=made.chance.choice(CALLERS),
            caller_id=made.number, by="",
        )
    )  # fmt: skip
    made.passes(S, 20 * S)
    if reached:
        _talk(made, agent, None, survey=False, out=True)
    else:
        made.hit("unreached", None, agent, at=began)
    _over(made, Outcome.REACHED if reached else Outcome.NOT_REACHED, began)


def _forwarded(made: History) -> None:
    """After a line, or straight from the menu."""
    began, queue = made.now, None
    _came_in(made)
    if made.chance.random() < 0.5:
        queue, _ = _wait(made, Outcome.TIMED_OUT)
    made.passes(S, 10 * S)
    made.events.append(Forwarded(at=made.now, call=made.call, leg=f"{made.call}-o", number="+8613"))
    made.hit("forwarded", queue)
    made.passes(S, MINUTE)
    made.events.append(
        ForwardEnded(
            at=made.now, call=made.call, leg=f"{made.call}-o", number="+8613", result=ForwardResult.ENDED, cause=""
        )
    )
    _over(made, Outcome.FORWARDED, began)


def _message(made: History) -> None:
    began, queue = made.now, made.chance.choice((None, *QUEUES))
    _came_in(made)
    made.passes(S, 10 * S)
    made.events.append(
        RecordingBegun(at=made.now, call=made.call, recording=made.call, path="", kind="voicemail", queue=queue)
    )
    made.hit("messages", queue)
    made.passes(S, MINUTE)
    _over(made, Outcome.VOICEMAIL, began)


def _over(made: History, outcome: Outcome, began: int) -> None:
    made.events.append(
        CallEnded(
            at=made.now, call=made.call, outcome=outcome, hung_up_by=Party.CALLER, cause="", arrived=began,
            answered=began, connected=made.connected,
        )
    )  # fmt: skip


def _write_tags(made: History) -> None:
    """Nobody, or one or two agents write tags, also the same ones."""
    made.tags[made.call] = [
        (agent, tuple(made.chance.sample(TAGS, made.chance.randrange(1, 3))))
        for agent in made.chance.sample(AGENTS, made.chance.choice((0, 1, 2)))
    ]


def given(call: str, agent: str) -> str:
    """Return the disposition that an agent gives a call if he writes of it: none, or one that another may give, too."""
    return ("", *DISPOSITIONS)[crc32(f"{call} {agent}".encode()) % 4]


_KINDS = {"queued": _queued, "direct": _direct, "out": _out, "forwarded": _forwarded, "message": _message}
