"""What agents have called today, as the limits count it (SAFE-4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.service.work import day_of
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from orchestrator.store.plan import CALLED_S


@dataclass(frozen=True, slots=True)
class CalledToday:
    """Calls that are going on, calls begun today, and what they have cost (millionths)."""

    live: int
    calls: int
    spend: int


class Called:
    """Reads the counters, and takes over what calls have cost: charging knows it, some time after they ended."""

    def __init__(self, redis: TextRedis) -> None:
        """`redis` decodes responses."""
        self._redis = redis

    def today(self, tenant: str, now: int, timezone: str) -> CalledToday:
        """Return what was called on the tenant's day of `now` (us UTC)."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zcard(keys.outgoing(tenant))
            pipe.hmget(keys.called(tenant, day_of(now, timezone)), "calls", "spend")
            live, (calls, spend) = pipe.execute()
        return CalledToday(int(live), int(calls or 0), int(spend or 0))

    def spent(self, tenant: str, day: str, total: int, by_agent: Mapping[str, int]) -> None:
        """Tell what the calls of the tenant's day have cost, in all and by agent (millionths), in place of before."""
        key = keys.called(tenant, day)
        fields = {"spend": total, **{f"spend:{agent}": amount for agent, amount in by_agent.items()}}
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, mapping=fields)
            pipe.expire(key, CALLED_S)
            pipe.execute()
