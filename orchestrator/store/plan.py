"""Turns a change into what the commit script writes: documents, and the indexes derived from them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.calling_out import LIVE, Limit
from orchestrator.domain.choice import Standing, standing
from orchestrator.domain.config import Strategy, TenantConfig
from orchestrator.domain.counters import counts_of
from orchestrator.domain.licence import SeatKind
from orchestrator.domain.routing import RANK_SPAN, ages, score
from orchestrator.domain.waiting_time import HORIZON_US, KEPT, Departure, departures_of
from orchestrator.service.ports import Change, Held
from orchestrator.service.work import next_midnight
from orchestrator.store import keys
from orchestrator.store.balances import millionths
from orchestrator.store.codec import event_to_json, to_json

#: A matched pair that nobody reserved within this time is tried again.
MATCH_RETRY_US = 1_000_000

#: What members of a queue are sorted by is the position in this list; whoever is offline comes first.
STANDINGS = list(Standing)

#: What was called on a day is kept so long (s): a day has up to 25 hours, and spending is told afterwards.
CALLED_S = 3 * 86_400

#: So many ready agents of a queue, and so many others, are named when one of them is chosen.
NAMED = 20


def pack(version: int, fence: int, document: Call | Agent) -> str:
    """Write a document as its hash field."""
    return f"{version}|{fence}|{to_json(document)}"


@dataclass(slots=True)
class Plan:
    """One call of the commit script."""

    tenant: str
    config: TenantConfig
    now: int
    today: str
    chance: Callable[[], float]
    keys: list[str] = field(default_factory=list)
    docs: list[list[Any]] = field(default_factory=list)
    add: list[list[Any]] = field(default_factory=list)
    keep: list[list[Any]] = field(default_factory=list)
    drop: list[list[Any]] = field(default_factory=list)
    heads: list[list[Any]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    counts: list[list[Any]] = field(default_factory=list)
    recent: list[list[Any]] = field(default_factory=list)
    limits: list[list[Any]] = field(default_factory=list)
    indexed: dict[str, int] = field(default_factory=dict)
    money: list[list[Any]] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)
    newcomers: int = 0

    def __post_init__(self) -> None:
        """Name the keys that every commit has."""
        self.keys = [
            keys.calls(self.tenant),
            keys.agents(self.tenant),
            keys.deadlines(self.tenant),
            keys.events(self.tenant),
            keys.sequence(self.tenant),
            keys.counters(self.tenant),
        ]

    def fill(self, change: Change) -> "Plan":
        """Plan everything but the documents themselves."""
        self.events = [event_to_json(event) for event in change.events]
        self.counts = [[f"{c.day}:{c.queue}:{c.name}", c.by] for c in counts_of(change.events)]
        self.recent = [self._recent(queue, departure) for queue, departure in departures_of(change.events)]
        self.heads = [self._head(queue) for queue in sorted(change.wake)]
        self.limits = [self._limit(limit) for limit in change.limits]
        for member, due in change.deadlines:
            self._deadline(member, due)
        self.money = [[leg, str(millionths(amount))] for leg, amount in change.money.items()]
        self.given_back = change.given_back
        return self

    def put_call(self, held: Held[Call] | None, call: Call, version: int, fence: int) -> None:
        """Plan a call's document (gone when ended), its place in the line and its deadline."""
        gone = call.state is CallState.ENDED
        value = "" if gone else pack(version, fence, call)
        self.docs.append([1, call.id, _expected(held), fence, value])
        before = held.document if held else None
        if before and before.state is CallState.WAITING and before.queue:
            self.drop.append([self._key(keys.waiting(self.tenant, before.queue)), call.id])
        if call.state is CallState.WAITING and call.queue:
            self.add.append([self._key(keys.waiting(self.tenant, call.queue)), call.id, str(call.place)])
        if call.outbound:
            self._go_out(call, gone)
        self._deadline(f"call:{call.id}", None if gone else call.due)

    def _go_out(self, call: Call, gone: bool) -> None:
        key = self._key(keys.outgoing(self.tenant))
        if gone:
            self.drop.append([key, call.id])
        else:
            self.add.append([key, call.id, str(call.arrived)])

    def _limit(self, limit: Limit) -> list[Any]:
        name = keys.outgoing(self.tenant) if limit.counter == LIVE else keys.called(self.tenant, self.today)
        field_name = "" if limit.counter == LIVE else limit.counter
        return [self._key(name), field_name, str(limit.most), limit.name, int(limit.counts), CALLED_S]

    def put_agent(self, held: Held[Agent] | None, agent: Agent | None, version: int) -> None:
        """Plan an agent's document (None = gone), where it is ready and its deadline."""
        id_ = agent.id if agent else held.document.id if held else ""
        self.docs.append([2, id_, _expected(held), -1, pack(version, 0, agent) if agent else ""])
        ready = self._ready_queues(agent)
        for queue in sorted(set(held.document.queues if held else ()) - ready):
            self.drop.append([self._key(keys.ready(self.tenant, queue)), id_])
        if agent:
            for queue in sorted(ready):
                self._sort(queue, agent)
        self._stand(id_, held, agent)
        self._seat(id_, held, agent)
        self._deadline(f"agent:{id_}", agent.next_due if agent else None)

    def _ready_queues(self, agent: Agent | None) -> set[str]:
        """Return where the agent is ready: nowhere for one who was removed while in a call, and has finished it."""
        if agent is None or not agent.ready or agent.id not in self.config.agents:
            return set()
        return set(agent.queues) & set(self.config.queues)

    def _sort(self, queue: str, agent: Agent) -> None:
        strategy = self.config.queues[queue].strategy
        key = score(self.config.queues[queue], agent, self.today)
        self.add.append([self._key(keys.ready(self.tenant, queue)), agent.id, str(key)])
        if ages(strategy, agent, self.today):
            day, midnight = next_midnight(self.now, self.config.timezone)
            self._deadline(f"day:{day}", midnight)

    def _stand(self, id_: str, held: Held[Agent] | None, agent: Agent | None) -> None:
        queues = set(agent.queues) if agent else set()
        for queue in sorted(set(held.document.queues if held else ()) - queues):
            self.drop.append([self._key(keys.members(self.tenant, queue)), id_])
        position = str(STANDINGS.index(standing(agent))) if agent else ""
        for queue in sorted(queues):
            self.add.append([self._key(keys.members(self.tenant, queue)), id_, position])

    def _seat(self, id_: str, held: Held[Agent] | None, agent: Agent | None) -> None:
        """Note who holds a call seat. Only who was offline and chooses another state can be too many (SEAT-3)."""
        seated = self._key(keys.seated(self.tenant))
        if agent is None or agent.state is AgentState.OFFLINE:
            self.drop.append([seated, id_])
            return
        if held is None or held.document.state is AgentState.OFFLINE:
            self.add.append([seated, id_, str(agent.since // 1000)])
        else:
            self.keep.append([seated, id_, str(agent.since // 1000)])
        if held and held.document.state is AgentState.OFFLINE and not agent.engaged:
            self.newcomers += 1

    def _seats(self) -> list[int]:
        limit = self.config.licence.purchased(SeatKind.CALL, self.now)
        if not self.newcomers or limit is None:
            return []
        return [self._key(keys.seated(self.tenant)), self.newcomers, limit]

    def _purse(self) -> list[int]:
        if not (self.money or self.given_back):
            return []
        return [self._key(keys.balance(self.tenant)), self._key(keys.reservations(self.tenant))]

    def argument(self) -> bytes:
        """Return the script's ARGV[1]."""
        return orjson.dumps(
            {
                "docs": self.docs,
                "add": self.add,
                "keep": self.keep,
                "seats": self._seats(),
                "purse": self._purse(),
                "money": self.money,
                "back": self.given_back,
                "del": self.drop,
                "heads": self.heads,
                "events": self.events,
                "counts": self.counts,
                "recent": self.recent,
                "limits": self.limits,
                "named": NAMED,
                "standings": len(STANDINGS),
                "span": RANK_SPAN,
                "now": self.now // 1000,
                "retry": (self.now + MATCH_RETRY_US) // 1000,
            }
        )

    def _head(self, queue: str) -> list[Any]:
        configured = self.config.queues.get(queue)
        by_chance = configured is not None and configured.strategy is Strategy.RANDOM
        pick = self.chance() if by_chance else -1
        indexes = (keys.waiting, keys.ready, keys.members)
        widen_ms = (configured.widen_s or 0) * 1000 if configured else 0
        return [*(self._key(index(self.tenant, queue)) for index in indexes), queue, pick, widen_ms]

    def _recent(self, queue: str, departure: Departure) -> list[Any]:
        key = self._key(keys.departures(self.tenant, queue))
        return [key, to_json(departure), KEPT - 1, HORIZON_US // 1_000_000]

    def _deadline(self, member: str, due: int | None) -> None:
        if due is None:
            self.drop.append([3, member])
        else:
            self.add.append([3, member, str(-(-due // 1000))])

    def _key(self, name: str) -> int:
        if name not in self.indexed:
            self.keys.append(name)
            self.indexed[name] = len(self.keys)
        return self.indexed[name]


def _expected(held: Held[Any] | None) -> str:
    return f"{held.version}|{held.fence}" if held else ""
