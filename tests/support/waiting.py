"""A queue with a past: callers who have waited in it and left."""

from orchestrator.domain.waiting_time import Departure
from orchestrator.store import keys
from orchestrator.store.codec import to_json
from orchestrator.store.connection import TextRedis

SECOND = 1_000_000


def served_each(redis: TextRedis, tenant: str, queue: str, seconds: int, now: int) -> None:
    """Until `now` (us UTC) an agent took a caller every so many seconds, each of whom had waited three turns."""
    for turns in range(20, 0, -1):
        left = now - turns * seconds * SECOND
        departure = Departure(left - 3 * seconds * SECOND, left, served=True)
        redis.lpush(keys.departures(tenant, queue), to_json(departure))
