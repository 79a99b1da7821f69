"""The queue board: one row a queue (WALL-2). Times are microseconds UTC."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator.domain.agent import Agent
from orchestrator.domain.call import Call
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.counters import Count, counts_of
from orchestrator.domain.events import (
    AgentChanged,
    AgentRemoved,
    CallbackPromised,
    CallEnded,
    Event,
    QueueEntered,
    QueueLeft,
)
from orchestrator.domain.monitor.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One queue on the queue board (WALL-2).

    `callbacks` are promised and not reached yet: no part of `waiting`.
    `longest_since` is when the longest waiting caller entered; `connected` to `offered` count today;
    `service_level` (connected within the queue's threshold / offered) and `abandonment_rate` (abandoned / offered)
    are 0-1 and None while nothing was offered; `answer_us_average` is None while nothing was connected.
    """

    id: str
    name: str
    waiting: int
    callbacks: int
    longest_since: int | None
    ready: int
    connected: int
    abandoned: int
    timed_out: int
    short: int
    offered: int
    service_level: float | None
    answer_us_average: int | None
    abandonment_rate: float | None


class QueueBoard:
    """The queues of a tenant, as seen on the tenant's day `day`; `counts` are the counters of that day."""

    def __init__(
        self,
        config: TenantConfig,
        agents: Iterable[Agent],
        calls: Iterable[Call],
        counts: Iterable[Count],
        day: str,
    ) -> None:
        self.day = day
        self._config = config
        self._lines: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._queue_of: dict[str, str] = {}
        self._promised: dict[str, str] = {}
        self._serves: dict[str, frozenset[str]] = {}
        self._ready: Counter[str] = Counter()
        self._counts: Counter[tuple[str, str]] = Counter()
        for agent in agents:
            self._serve(agent.id, _serves(agent))
        for call in calls:
            if call.queue is not None and call.entered is not None and call.left is None:
                if call.callback:
                    self._promise(call.id, call.queue)
                else:
                    self._enter(call.id, call.queue, call.entered)
        for count in counts:
            self._count(count)

    def rows(self) -> list[QueueRow]:
        """Every row, in the order of the queues' ids."""
        return [self._row(queue) for queue in sorted(self._config.queues)]

    def row(self, queue: str) -> QueueRow | None:
        """One queue's row, or None."""
        return self._row(queue) if queue in self._config.queues else None

    def reached(self, reach: Reach) -> frozenset[str]:
        """The ids of the queues that agents within a reach serve."""
        return reach.queues(self._config)

    def apply(self, event: Event) -> set[str]:
        """Advance by one event; answers with the ids of the queues it touched."""
        match event:
            case QueueEntered(call=call, queue=queue, entered=entered):
                return self._enter(call, queue, entered)
            case CallbackPromised(call=call, queue=queue):
                return self._promise(call, queue)
            case QueueLeft(call=call, queue=queue):
                return self._leave(call) | self._count_all(event) | {queue}
            case CallEnded(call=call):
                return self._leave(call)
            case AgentChanged(agent=agent):
                return self._serve(agent.id, _serves(agent))
            case AgentRemoved(agent=removed):
                return self._serve(removed, frozenset())
            case _:
                return set()

    def configure(self, config: TenantConfig) -> set[str]:
        """Take over a new configuration: queues may have come, gone, been renamed, or be served by others."""
        before, self._config = self._config.queues, config
        return {*before, *config.queues}

    def new_day(self, day: str) -> set[str]:
        """Restart today's counters when `day` is later than the board's (WALL-4)."""
        if day <= self.day:
            return set()
        touched = {queue for queue, _ in self._counts}
        self.day = day
        self._counts.clear()
        return touched

    def _enter(self, call: str, queue: str, entered: int) -> set[str]:
        left = self._leave(call)
        self._queue_of[call] = queue
        self._lines[queue][call] = entered
        return left | {queue}

    def _promise(self, call: str, queue: str) -> set[str]:
        left = self._leave(call)
        self._promised[call] = queue
        return left | {queue}

    def _leave(self, call: str) -> set[str]:
        promised = self._promised.pop(call, None)
        if promised is not None:
            return {promised}
        queue = self._queue_of.pop(call, None)
        if queue is None:
            return set()
        del self._lines[queue][call]
        return {queue}

    def _count_all(self, event: QueueLeft) -> set[str]:
        touched = self.new_day(event.day)
        for count in counts_of([event]):
            self._count(count)
        return touched

    def _count(self, count: Count) -> None:
        if count.day == self.day:
            self._counts[count.queue, count.name] += count.by

    def _serve(self, agent: str, queues: frozenset[str]) -> set[str]:
        before = self._serves.pop(agent, frozenset())
        if queues:
            self._serves[agent] = queues
        self._ready.subtract(before)
        self._ready.update(queues)
        return set(before ^ queues)

    def _row(self, queue: str) -> QueueRow:
        offered, connected, abandoned = (self._counts[queue, name] for name in ("offered", "connected", "abandoned"))
        line = self._lines[queue]
        return QueueRow(
            id=queue,
            name=self._config.queues[queue].name,
            waiting=len(line),
            callbacks=sum(one == queue for one in self._promised.values()),
            longest_since=min(line.values(), default=None),
            ready=self._ready[queue],
            connected=connected,
            abandoned=abandoned,
            timed_out=self._counts[queue, "timed_out"],
            short=self._counts[queue, "short"],
            offered=offered,
            service_level=self._counts[queue, "within"] / offered if offered else None,
            answer_us_average=self._counts[queue, "answer_us"] // connected if connected else None,
            abandonment_rate=abandoned / offered if offered else None,
        )


def _serves(agent: Agent) -> frozenset[str]:
    """Queues whose calls the agent could be offered now."""
    return frozenset(agent.queues) if agent.ready else frozenset()
