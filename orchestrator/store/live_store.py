"""Live calls and agents in Redis: versioned documents, working copies, one script a commit."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import orjson

from orchestrator.domain.agent import Agent
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.choice import Roster
from orchestrator.domain.config import Menu, Strategy
from orchestrator.domain.waiting_time import Departure
from orchestrator.service.ports import (
    Change,
    Clock,
    Configurations,
    FencedError,
    Fences,
    Head,
    Held,
    LimitError,
    SeatsFullError,
    StaleError,
)
from orchestrator.service.work import UnknownTenantError, day_of
from orchestrator.store import blacklist, caller_priorities, keys, scripts
from orchestrator.store.balances import RedisBalances
from orchestrator.store.codec import from_json, to_json
from orchestrator.store.connection import TextRedis
from orchestrator.store.drawing import draw
from orchestrator.store.plan import STANDINGS, Plan

Document = TypeVar("Document", Call, Agent)


def unpack(kind: type[Document], value: str) -> Held[Document]:
    """Read a document from its hash field."""
    version, fence, text = value.split("|", 2)
    return Held(from_json(kind, text), int(version), int(fence))


class NoFences:
    """For processes that own no switch."""

    def fence(self, switch: str) -> int | None:  # noqa: ARG002 - a protocol's method
        """Return None: nothing is owned here."""
        return None


class RedisLiveStore:
    """The live store. Working copies spare reads; a stale one costs a reload, never a wrong write."""

    def __init__(
        self,
        redis: TextRedis,
        configurations: Configurations,
        clock: Clock,
        fences: Fences | None = None,
        on_deadline: Callable[[str, int], object] | None = None,
        chance: Callable[[], float] | None = None,
    ) -> None:
        """`redis` decodes responses; `on_deadline(tenant, ms)` hears of each deadline that is set.

        `chance()` returns numbers in [0, 1), evenly spread, by which the strategy random draws; by default those of
        the operating system.
        """
        self._redis, self._configurations, self._clock = redis, configurations, clock
        self.balances = RedisBalances(redis)
        self._fences: Fences = fences or NoFences()
        self._on_deadline = on_deadline
        self._chance = chance or random.SystemRandom().random
        self._commit = scripts.load(redis, "commit-n")
        self._copies: dict[tuple[str, str], Held[Any]] = {}

    def call(self, tenant: str, call: str) -> Held[Call] | None:
        """Read a call, from a working copy where there is one."""
        return self._read(Call, keys.calls(tenant), call)

    def agent(self, tenant: str, agent: str) -> Held[Agent] | None:
        """Read an agent, from a working copy where there is one."""
        return self._read(Agent, keys.agents(tenant), agent)

    def keep_draft(self, tenant: str, call: str, menus: Mapping[str, Menu], seconds: int) -> None:
        """Keep the menus of a draft, by id, that a test call tries, for so long."""
        self._redis.set(keys.draft(tenant, call), to_json(menus), ex=seconds)

    def draft(self, tenant: str, call: str) -> Mapping[str, Menu] | None:
        """Return the menus of the draft that a test call tries, None when they are not kept any more."""
        found = self._redis.get(keys.draft(tenant, call))
        return from_json(dict[str, Menu], found) if found else None

    def forget(self, tenant: str, ids: Iterable[str]) -> None:
        """Drop working copies, so that the next read asks Redis."""
        for id_ in ids:
            self._copies.pop((keys.calls(tenant), id_), None)
            self._copies.pop((keys.agents(tenant), id_), None)

    def forget_all(self) -> None:
        """Drop every working copy: Redis may have lost what they were copied from."""
        self._copies.clear()

    def all_calls(self, tenant: str) -> list[Held[Call]]:
        """Read all live calls of a tenant from Redis."""
        return [unpack(Call, value) for value in self._redis.hvals(keys.calls(tenant))]

    def all_agents(self, tenant: str) -> list[Held[Agent]]:
        """Read all agents of a tenant from Redis."""
        return [unpack(Agent, value) for value in self._redis.hvals(keys.agents(tenant))]

    def ready_agents(self, tenant: str, queue: str, limit: int) -> list[Held[Agent]]:
        """Read up to `limit` ready agents of a queue, best first, or drawn where the strategy is random."""
        config = self._configurations.tenant(tenant)
        configured = config.queues.get(queue) if config else None
        if configured and configured.strategy is Strategy.RANDOM:
            ids = draw(self._redis, keys.ready(tenant, queue), limit, bool(configured.ranks), self._chance)
        else:
            ids = self._redis.zrange(keys.ready(tenant, queue), 0, limit - 1)
        values = self._redis.hmget(keys.agents(tenant), ids) if ids else []
        return [unpack(Agent, value) for value in values if value]

    def waiting(self, tenant: str, queue: str) -> int:
        """Count the callers in a queue's line."""
        return int(self._redis.zcard(keys.waiting(tenant, queue)))

    def position(self, tenant: str, queue: str, call: str) -> int | None:
        """Return the call's place in the queue's line, 1 = next, None if it isn't in it."""
        rank = self._redis.zrank(keys.waiting(tenant, queue), call)
        return None if rank is None else int(rank) + 1

    def departures(self, tenant: str, queue: str) -> Sequence[Departure]:
        """Return who has left the queue's line lately, the latest first."""
        found = self._redis.lrange(keys.departures(tenant, queue), 0, -1)
        return [from_json(Departure, one) for one in found]

    def staffed(self, tenant: str, queue: str) -> bool:
        """Tell whether any agent of the queue is logged in."""
        return bool(self._redis.zcount(keys.members(tenant, queue), 1, "+inf"))

    def seated(self, tenant: str) -> Sequence[str]:
        """Return the agents who are logged in, the longest logged in first."""
        found: list[str] = self._redis.zrange(keys.seated(tenant), 0, -1)
        return found

    def blocked(self, tenant: str, direction: Direction, entries: Sequence[str], now: int) -> str | None:
        """Return the first of `entries` that stands on the blacklist of a single direction at `now` (us UTC)."""
        return blacklist.first_in_force(self._redis, tenant, direction, entries, now)

    def caller_priority(self, tenant: str, entries: Sequence[str]) -> int | None:
        """Return the priority of the first of `entries` on the tenant's list of callers, None for none."""
        return caller_priorities.first_listed(self._redis, tenant, entries)

    def due(self, tenant: str, now: int, limit: int) -> list[str]:
        """Return what is due, earliest first."""
        found: list[str] = self._redis.zrangebyscore(keys.deadlines(tenant), 0, now // 1000, 0, limit)
        return found

    def clear_deadline(self, tenant: str, member: str) -> None:
        """Drop a deadline whose document is gone."""
        self._redis.zrem(keys.deadlines(tenant), member)

    def commit(self, change: Change) -> list[Head]:
        """Write a change and return the heads of `change.wake`.

        Raises StaleError, FencedError, LimitError or SeatsFullError.
        """
        plan = self._plan(change)
        status, *rest = self._commit(keys=plan.keys, args=[plan.argument()])
        if status == "fenced":
            raise FencedError(next(call.switch for _, call in change.calls if call.id == rest[0]))
        if status == "stale":
            raise StaleError
        if status == "limit":
            raise LimitError(rest[0])
        if status == "full":
            raise SeatsFullError
        self._remember(change, plan)
        self._announce(plan, [due for *_, due in rest[0] if due])
        return [_head(head[3], *found[:3]) for head, found in zip(plan.heads, rest[0], strict=True)]

    def _plan(self, change: Change) -> Plan:
        config = self._configurations.tenant(change.tenant)
        if config is None:
            raise UnknownTenantError(change.tenant)
        now = self._clock.now()
        plan = Plan(change.tenant, config, now, day_of(now, config.timezone), self._chance).fill(change)
        for held_call, call in change.calls:
            owned = self._fences.fence(call.switch)
            fence = owned if owned is not None else held_call.fence if held_call else 0
            plan.put_call(held_call, call, held_call.version + 1 if held_call else 1, fence)
        for held_agent, agent in change.agents:
            plan.put_agent(held_agent, agent, held_agent.version + 1 if held_agent else 1)
        return plan

    def _read(self, kind: type[Document], key: str, id_: str) -> Held[Document] | None:
        copy = self._copies.get((key, id_))
        if copy is None:
            value = self._redis.hget(key, id_)
            if value is None:
                return None
            copy = self._copies[key, id_] = unpack(kind, value)
        return copy

    def _remember(self, change: Change, plan: Plan) -> None:
        documents = [document for _, document in (*change.calls, *change.agents)]
        for document, (key, id_, _, _, value) in zip(documents, plan.docs, strict=True):
            if document is None or not value:
                self._copies.pop((plan.keys[key - 1], id_), None)
            else:
                version, fence, _ = value.split("|", 2)
                self._copies[plan.keys[key - 1], id_] = Held(document, int(version), int(fence))

    def _announce(self, plan: Plan, widening: Iterable[int]) -> None:
        if self._on_deadline:
            for due in widening:
                self._on_deadline(plan.tenant, int(due))
            for key, member, score in plan.add:
                if key == 3 and not member.startswith("day:"):  # written often, hours ahead: the scan finds it
                    self._on_deadline(plan.tenant, int(score))
            if plan.heads:
                self._on_deadline(plan.tenant, plan.now // 1000 + 1000)


def _head(queue: str, call: str, agent: str, roster: str) -> Head:
    found_call, found_agent = unpack(Call, call) if call else None, unpack(Agent, agent) if agent else None
    return Head(queue, found_call, found_agent, _roster(roster) if roster else Roster())


def _roster(text: str) -> Roster:
    """Read what the commit script tells of a queue's agents."""
    found = orjson.loads(text)
    ready = zip(found["ready"][::2], found["ready"][1::2], strict=True)
    counts = zip(STANDINGS, found["standings"], strict=True)
    return Roster(
        tuple((agent, int(key)) for agent, key in ready),
        {name.value: count for name, count in counts if count},
        {agent: STANDINGS[int(position)] for agent, position in sorted(found["others"].items())},
    )
