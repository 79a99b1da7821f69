"""A tenant's live state at one moment, read from Redis in one go."""

from dataclasses import dataclass

from orchestrator.domain.agent import Agent
from orchestrator.domain.call import Call
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.counters import Count
from orchestrator.domain.monitor import OwnSeat, QueueBoard, SeatBoard
from orchestrator.service.work import UnknownTenantError, day_of
from orchestrator.store import keys
from orchestrator.store.codec import from_json
from orchestrator.store.connection import TextRedis
from orchestrator.store.live_store import unpack

#: Reading a stream from its beginning.
BEGINNING = "0-0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything live after event number `sequence`, whose id in the stream is `position`; `now` is microseconds."""

    sequence: int
    position: str
    now: int
    day: str
    config: TenantConfig
    agents: list[Agent]
    calls: list[Call]
    counts: list[Count]

    def seats(self) -> SeatBoard:
        """The seat board of this moment."""
        return SeatBoard(self.config, self.agents, self.calls, self.day)

    def queues(self) -> QueueBoard:
        """The queue board of this moment."""
        return QueueBoard(self.config, self.agents, self.calls, self.counts, self.day)


def take_snapshot(redis: TextRedis, tenant: str) -> Snapshot:
    """Read a tenant's live state; raises UnknownTenantError when no configuration is published."""
    with redis.pipeline(transaction=True) as pipe:
        pipe.time()
        pipe.get(keys.sequence(tenant))
        pipe.xrevrange(keys.events(tenant), count=1)
        pipe.get(keys.config(tenant))
        pipe.hvals(keys.agents(tenant))
        pipe.hvals(keys.calls(tenant))
        pipe.hgetall(keys.counters(tenant))
        (seconds, micros), sequence, last, config, agents, calls, counters = pipe.execute()
    if config is None:
        raise UnknownTenantError(tenant)
    parsed = from_json(TenantConfig, config)
    now = seconds * 1_000_000 + micros
    return Snapshot(
        sequence=int(sequence or 0),
        position=last[0][0] if last else BEGINNING,
        now=now,
        day=day_of(now, parsed.timezone),
        config=parsed,
        agents=[unpack(Agent, value).document for value in agents],
        calls=[unpack(Call, value).document for value in calls],
        counts=[_count(field, int(by)) for field, by in counters.items()],
    )


def _count(field: str, by: int) -> Count:
    day, rest = field.split(":", 1)
    queue, name = rest.rsplit(":", 1)
    return Count(day, queue, name, by)


def take_seat(redis: TextRedis, tenant: str, agent: str) -> tuple[int, OwnSeat] | None:
    """Read one agent's own seat and the time (us), None for an unknown agent; raises UnknownTenantError."""
    with redis.pipeline(transaction=True) as pipe:
        pipe.time()
        pipe.get(keys.config(tenant))
        pipe.hget(keys.agents(tenant), agent)
        (seconds, micros), config, value = pipe.execute()
    if config is None:
        raise UnknownTenantError(tenant)
    if value is None:
        return None
    now, parsed = seconds * 1_000_000 + micros, from_json(TenantConfig, config)
    document = unpack(Agent, value).document
    call = redis.hget(keys.calls(tenant), document.call) if document.call else None
    calls = [unpack(Call, call).document] if call else []
    seat = SeatBoard(parsed, [document], calls, day_of(now, parsed.timezone)).own(agent)
    return (now, seat) if seat else None
