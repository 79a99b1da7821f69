"""Who owns a switch: a lease with a fencing token, renewed each second, three seconds long."""

import time

from orchestrator.store import keys, scripts
from orchestrator.store.connection import TextRedis

LEASE_MS = 3000
RENEW_S = 1.0


class Leases:
    """The leases this process holds. A lease not renewed in time is given up here before it ends in Redis."""

    def __init__(self, redis: TextRedis, owner: str) -> None:
        """`owner` names this process uniquely."""
        self._redis, self._owner = redis, owner
        self._take = scripts.load(redis, "lease-2")
        self._release = scripts.load(redis, "release-1")
        self._held: dict[str, tuple[int, float]] = {}
        self._served: set[str] = set()

    def take(self, switch: str) -> int | None:
        """Take or renew the lease; return its fencing token, None while somebody else owns the switch."""
        asked = time.monotonic()
        token = int(self._take(keys=[keys.lease(switch), keys.FENCE], args=[self._owner, LEASE_MS]))
        if token:
            self._held[switch] = (token, asked + LEASE_MS / 1000)
            return token
        self.drop(switch)
        return None

    def fence(self, switch: str) -> int | None:
        """Return the token of a lease held now, None otherwise."""
        token, until = self._held.get(switch, (0, 0.0))
        return token if time.monotonic() < until else None

    def serve(self, switch: str) -> None:
        """Everything on the switch has been taken over."""
        self._served.add(switch)

    def served(self, switch: str) -> bool:
        """Tell whether this process has taken everything on the switch over, and owns it still."""
        return switch in self._served and self.fence(switch) is not None

    def claimed(self, switch: str) -> bool:
        """Tell whether any process owns the switch, as Redis knows it."""
        return bool(self._redis.exists(keys.lease(switch)))

    def drop(self, switch: str) -> None:
        """Act no more for the switch, without asking Redis."""
        self._held.pop(switch, None)
        self._served.discard(switch)

    def release(self, switch: str) -> None:
        """Give the lease back at once, for a successor who waits."""
        self.drop(switch)
        self._release(keys=[keys.lease(switch)], args=[self._owner])
