"""Priorities of callers in Redis: one sorted set, each number or prefix scored by its priority.

The call path asks with one command whose cost does not depend on how many entries there are.
"""

from collections.abc import Iterable, Mapping, Sequence

from orchestrator.store import keys
from orchestrator.store.blacklist import batches
from orchestrator.store.connection import TextRedis


def first_listed(redis: TextRedis, tenant: str, entries: Sequence[str]) -> int | None:
    """Return the priority of the first of `entries` that is listed."""
    scores = redis.zmscore(keys.callers(tenant), list(entries))
    return next((int(score) for score in scores if score is not None), None)


class RedisCallerPriorityWriter:
    """Puts priorities of callers into force."""

    def __init__(self, redis: TextRedis) -> None:
        """`redis` decodes responses."""
        self._redis = redis

    def put(self, tenant: str, entries: Mapping[str, int]) -> None:
        """Put entries into force, in place of what was said of the same numbers."""
        for batch in batches(entries.items()):
            self._redis.zadd(keys.callers(tenant), dict(batch))

    def drop(self, tenant: str, entries: Iterable[str]) -> None:
        """Put entries out of force."""
        for batch in batches(entries):
            self._redis.zrem(keys.callers(tenant), *batch)

    def replace(self, tenant: str, entries: Iterable[tuple[str, int]]) -> int:
        """Put these entries into force, and no others, all at one moment; returns how many there are."""
        name, count = keys.callers(tenant), 0
        self._redis.delete(f"{name}:next")
        for batch in batches(entries):
            count += len(batch)
            self._redis.zadd(f"{name}:next", dict(batch))
        if count:
            self._redis.rename(f"{name}:next", name)
        else:
            self._redis.unlink(name)
        return count
