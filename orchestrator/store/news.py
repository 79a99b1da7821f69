"""News for people who look at a page right now: told to every web process, kept by none.

Whoever misses one (not connected, Redis away) sees the same by asking: news only save the asking again and again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from orchestrator.store.connection import TextRedis

#: Redis' channel that all web processes listen to.
CHANNEL = "{cc}:news"

#: A listener wakes up this often (s) though nothing was told.
WAKE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something for one `person` (a user's id) of a tenant, or for all who have a `permission`.

    `event` is the live feed's name for it.
    """

    tenant: str
    event: str
    data: dict[str, Any]
    person: str = ""
    permission: str = ""


def voicemails_changed(tenant: str) -> Told:
    """Return the news that voicemails are others than before: which, everybody asks within the own scope."""
    return Told(tenant=tenant, event="voicemail", data={}, permission="voicemail.view")


def alerts_changed(tenant: str) -> Told:
    """Return the news that there may be more to look at than before (SAFE-4)."""
    return Told(tenant=tenant, event="alerts", data={}, permission="alerts.view")


class News:
    """Tells and hears."""

    def __init__(self, redis: TextRedis) -> None:
        self._redis = redis

    def tell(self, told: Told) -> None:
        """Tell everybody who listens now."""
        self._redis.publish(CHANNEL, json.dumps(asdict(told), separators=(",", ":")))

    def listen(self, hear: Callable[[Told], None], more: Callable[[], bool] = lambda: True) -> None:
        """Hear what is told, as long as `more` says so; raises RedisError when Redis goes away."""
        with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            channel.subscribe(CHANNEL)
            while more():
                message = channel.get_message(timeout=WAKE_S)
                if message:
                    hear(Told(**json.loads(message["data"])))
