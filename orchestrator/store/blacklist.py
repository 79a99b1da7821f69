"""The blacklist in Redis: a sorted set a direction, each entry scored by the moment it expires.

The call path asks with one command whose cost does not depend on how many entries there are, and compares the expiry
itself: an expired entry blocks nobody, whether it was removed or not.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.service.ports import Clock
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis

Item = TypeVar("Item")

#: Entries sent to Redis at once.
BATCH = 5000

FOR_EVER = float("inf")


def first_in_force(redis: TextRedis, tenant: str, direction: Direction, entries: Sequence[str], now: int) -> str | None:
    """Return the first of `entries` that is listed for a single direction and not expired at `now` (us UTC)."""
    expiries = redis.zmscore(keys.blacklist(tenant, direction), list(entries))
    found = zip(entries, expiries, strict=True)
    return next((entry for entry, expiry in found if expiry is not None and expiry > now // 1000), None)


class RedisBlacklistWriter:
    """Puts blacklists into force."""

    def __init__(self, redis: TextRedis, clock: Clock) -> None:
        """`clock` is Redis'."""
        self._redis, self._clock = redis, clock

    def put(self, tenant: str, entries: Iterable[BlockedNumber]) -> None:
        """Put entries into force, in place of what was said of the same numbers; expired ones are cleared away."""
        for batch in batches(entries):
            with self._redis.pipeline(transaction=True) as pipe:
                for way in Direction.BOTH.ways:
                    _put(pipe, keys.blacklist(tenant, way), way, batch)
                    pipe.zremrangebyscore(keys.blacklist(tenant, way), "-inf", self._clock.now() // 1000)
                pipe.execute()

    def clear_expired(self, tenant: str) -> int:
        """Clear away what has expired; returns how many there were."""
        now = self._clock.now() // 1000
        return sum(
            int(self._redis.zremrangebyscore(keys.blacklist(tenant, way), "-inf", now)) for way in Direction.BOTH.ways
        )

    def drop(self, tenant: str, entries: Iterable[str]) -> None:
        """Put entries out of force."""
        for batch in batches(entries):
            with self._redis.pipeline(transaction=True) as pipe:
                for way in Direction.BOTH.ways:
                    pipe.zrem(keys.blacklist(tenant, way), *batch)
                pipe.execute()

    def replace(self, tenant: str, entries: Iterable[BlockedNumber]) -> int:
        """Put these entries into force, and no others, all at one moment; returns how many there are."""
        names = {way: keys.blacklist(tenant, way) for way in Direction.BOTH.ways}
        self._redis.delete(*(f"{name}:next" for name in names.values()))
        count = 0
        for batch in batches(entries):
            with self._redis.pipeline(transaction=False) as pipe:
                for way, name in names.items():
                    _put(pipe, f"{name}:next", way, batch)
                pipe.execute()
            count += len(batch)
        self._swap(names.values())
        return count

    def _swap(self, names: Iterable[str]) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            for name in names:
                if self._redis.exists(f"{name}:next"):
                    pipe.rename(f"{name}:next", name)
                else:
                    pipe.unlink(name)
            pipe.execute()


def _put(pipe: TextRedis, name: str, way: Direction, batch: Sequence[BlockedNumber]) -> None:
    scores = {e.entry: FOR_EVER if e.expires is None else e.expires // 1000 for e in batch if way in e.direction.ways}
    others = [e.entry for e in batch if way not in e.direction.ways]
    if scores:
        pipe.zadd(name, scores)
    if others:
        pipe.zrem(name, *others)


def batches(entries: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut into parts of at most BATCH."""
    rest = iter(entries)
    while batch := list(islice(rest, BATCH)):
        yield batch
