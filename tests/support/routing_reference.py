"""Who must be asked, in plain Python, straight from the definitions in docs/routing.md: sorting, no indexes, no Redis.

The reference learns what happened from the tenant's events and works out everything that routing depends on by itself;
it reads no field of an agent's document.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orchestrator.domain.agent import AgentState
from orchestrator.domain.choice import Verdict
from orchestrator.domain.config import Strategy, TenantConfig
from orchestrator.domain.events import (
    AgentChanged,
    CallEnded,
    Connected,
    Event,
    OfferEnded,
    OfferMade,
    QueueEntered,
    QueueLeft,
)

SECOND = 1_000_000


@dataclass
class Person:
    """An agent's history, as far as routing goes."""

    id: str
    queues: tuple[str, ...]
    online: bool = False
    state: str = "offline"
    reachable: bool = False
    idle_since: int = 0
    last_offered: int = 0
    answered: Counter[str] = field(default_factory=Counter)

    @property
    def ready(self) -> bool:
        return self.online and self.reachable

    @property
    def standing(self) -> str:
        if self.online:
            return "ready" if self.reachable else "no_device"
        return self.state


@dataclass
class Caller:
    """A caller in a line."""

    id: str
    queue: str
    priority: int
    entered: int
    failed: list[str] = field(default_factory=list)
    failed_at: int = 0
    asked: bool = False

    @property
    def place(self) -> tuple[int, int, str]:
        return (-self.priority, self.entered // 1000, self.id)


class Reference:
    """Checks each offer before learning of it."""

    def __init__(self, config: TenantConfig) -> None:
        self.config = config
        self.people = {id_: Person(id_, agent.queues) for id_, agent in config.agents.items()}
        self.line: dict[str, Caller] = {}
        self.offers: Counter[Strategy] = Counter()
        self.ties = self.second_tries = self.widened = self.passed_over = self.named = 0

    def learn(self, event: Event) -> None:
        match event:
            case QueueEntered():
                self.line[event.call] = Caller(event.call, event.queue, event.priority, event.entered)
            case QueueLeft() | CallEnded():
                self.line.pop(event.call, None)
            case OfferMade():
                self.check(event)
                caller, person = self.line[event.call], self.people[event.agent]
                caller.asked, person.online, person.last_offered = True, False, event.at
            case OfferEnded():
                self._offer_ended(event)
            case Connected():
                self.people[event.agent].answered[self.day(event.at)] += 1
            case AgentChanged():
                self._agent_changed(event)

    def _offer_ended(self, event: OfferEnded) -> None:
        caller = self.line.get(event.call)
        if caller and event.result.value in ("no_answer", "refused", "unreachable"):
            caller.failed = [*(a for a in caller.failed if a != event.agent), event.agent]
            caller.asked, caller.failed_at = False, event.at

    def _agent_changed(self, event: AgentChanged) -> None:
        """Only what was done to whom, and when, is taken from the event."""
        person, after = self.people[event.agent.id], event.agent
        person.reachable = after.registered or after.mode.value == "mobile"
        online = after.state is AgentState.ONLINE
        over = event.previous in (AgentState.RINGING, AgentState.IN_CALL, AgentState.WRAP_UP) and online
        if over or event.cause == "chosen":
            person.idle_since = event.at
        person.online, person.state = online, after.state.value

    def day(self, at: int) -> str:
        return datetime.fromtimestamp(at / SECOND, UTC).astimezone(ZoneInfo(self.config.timezone)).date().isoformat()

    def ready(self, queue: str) -> list[Person]:
        return [person for person in self.people.values() if person.ready and queue in person.queues]

    def check(self, offer: OfferMade) -> None:
        """QUEUE-2, QUEUE-3, QUEUE-4: the right caller, the right agent."""
        caller = self.line[offer.call]
        others = [c for c in self.line.values() if not c.asked and c.queue == caller.queue]
        assert caller.place == min(c.place for c in others), f"{offer} passes over somebody in line"
        candidates = self.candidates(caller, offer.at)
        assert offer.agent in candidates, f"{offer}, expected one of {candidates}"
        self.check_reasons(offer, caller)
        # what time alone allows is noticed at its own deadline, of two in the same millisecond at one first
        earlier = [
            head
            for head in self.heads()
            if head.place < caller.place and offer.agent not in head.failed and self.may_ask(head, offer.at - 1_000)
        ]
        assert not {head.queue for head in earlier} & set(self.people[offer.agent].queues), f"{offer} jumps a line"
        self.offers[self.config.queues[caller.queue].strategy] += 1

    def check_reasons(self, offer: OfferMade, caller: Caller) -> None:
        """CDR-1: who was ready, in which order, why not chosen; and what all others of the queue were doing."""
        assert offer.choice
        ready = [person.id for person in self.ready(caller.queue)]
        named = [candidate.agent for candidate in offer.choice.candidates]
        assert offer.agent in named
        assert set(named) <= set(ready)
        assert len(named) in (min(len(ready), 20), min(len(ready), 21))
        order = [(candidate.rank, candidate.score) for candidate in offer.choice.candidates[:20]]
        assert order == sorted(order)
        asked = max(self.asked(caller, offer.at), self.rank(caller.queue, offer.agent))
        for candidate in offer.choice.candidates:
            assert (candidate.agent == offer.agent) == (candidate.verdict is Verdict.CHOSEN)
            if candidate.agent != offer.agent:
                assert (candidate.agent in caller.failed) == (candidate.verdict is Verdict.FAILED)
                later = candidate.agent not in caller.failed and self.rank(caller.queue, candidate.agent) > asked
                assert later == (candidate.verdict is Verdict.NOT_YET)
                self.passed_over += later
        members = [person for person in self.people.values() if caller.queue in person.queues]
        assert offer.choice.standings == Counter(person.standing for person in members)
        others = {person.id: person.standing for person in members if person.standing != "ready"}
        assert len(offer.choice.others) == min(len(others), 20)
        assert offer.choice.others.items() <= others.items()
        self.named += len(offer.choice.others)

    def candidates(self, caller: Caller, at: int) -> set[str]:
        """Return who may be asked: one agent, or any fresh one where chance decides."""
        ready = self.ready(caller.queue)
        if not self.may_ask(caller, at):
            return set()
        fresh = [person for person in ready if person.id not in caller.failed]
        if fresh:
            lowest = min(self.rank(caller.queue, person.id) for person in fresh)
            self.widened += lowest > 1
            fresh = [person for person in fresh if self.rank(caller.queue, person.id) == lowest]
            return self._best(self.config.queues[caller.queue].strategy, fresh, self.day(at))
        if not ready or at - caller.failed_at < SECOND:
            return set()
        self.second_tries += 1
        return {min((person.id for person in ready), key=caller.failed.index)}

    def _best(self, strategy: Strategy, fresh: list[Person], today: str) -> set[str]:
        keys: dict[str, tuple[int, ...]] = {}
        for person in fresh:
            match strategy:
                case Strategy.RANDOM:
                    return {other.id for other in fresh}
                case Strategy.ROUND_ROBIN:
                    keys[person.id] = (person.last_offered,)
                case Strategy.FEWEST_ANSWERED:
                    keys[person.id] = (person.answered[today], person.last_offered // 1000)
                case Strategy.LONGEST_IDLE:
                    keys[person.id] = (person.idle_since,)
        self.ties += sum(key == min(keys.values()) for key in keys.values()) > 1
        return {min(keys, key=lambda id_: (keys[id_], id_.encode()))}

    def rank(self, queue: str, agent: str) -> int:
        return self.config.queues[queue].ranks.get(agent, 1)

    def asked(self, caller: Caller, at: int) -> int:
        """Return the highest rank that the caller has waited long enough for."""
        widen_s = self.config.queues[caller.queue].widen_s
        return 9 if widen_s is None else 1 + (at // 1000 - caller.entered // 1000) // (widen_s * 1000)

    def may_ask(self, caller: Caller, at: int) -> bool:
        """Tell whether anybody ready is of a rank that is asked."""
        asked = self.asked(caller, at)
        return any(self.rank(caller.queue, person.id) <= asked for person in self.ready(caller.queue))

    def unmet(self, now: int) -> list[tuple[str, str]]:
        """Return callers at the head of a line for whom somebody could be asked now."""
        able = [caller for caller in self.heads() if self.may_ask(caller, now)]
        return [(c.queue, c.id) for c in able if any(p.id not in c.failed for p in self.ready(c.queue))]

    def heads(self) -> list[Caller]:
        """Return the first caller of each line."""
        lines = [[c for c in self.line.values() if not c.asked and c.queue == queue] for queue in self.config.queues]
        return [min(line, key=lambda c: c.place) for line in lines if line]
