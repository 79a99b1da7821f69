"""Fires deadlines: on the moment for those set by this process, within a second for all others."""

import heapq
import threading
from collections.abc import Callable, Iterable

import structlog
from redis.exceptions import RedisError

from orchestrator.service.ports import Clock, Configurations, LiveStore
from orchestrator.store.connection import is_away

#: Deadlines set by processes that died, or elsewhere, are found by looking this often.
SCAN_S = 1.0

#: Deadlines taken from a tenant at one look; the rest follows at once.
BATCH = 200


class Timers:
    """One loop a process. Any number of processes may fire the same deadline: only one of them changes anything."""

    def __init__(
        self,
        store: LiveStore,
        configurations: Configurations,
        clock: Clock,
        fire: Callable[[str, str], object],
        failed: Callable[[], object],
    ) -> None:
        """`fire(tenant, member)` acts on one deadline; `failed()` counts those that raised."""
        self._store, self._configurations, self._clock = store, configurations, clock
        self._fire, self._failed = fire, failed
        self._heap: list[tuple[int, str]] = []
        self._wake = threading.Event()
        self._stopped = False
        self._log = structlog.get_logger("timers")

    def notice(self, tenant: str, due_ms: int) -> None:
        """Hear of a deadline that this process has just set."""
        earliest = self._heap[0][0] if self._heap else None
        heapq.heappush(self._heap, (due_ms, tenant))
        if earliest is None or due_ms < earliest:
            self._wake.set()

    def stop(self) -> None:
        """End the loop."""
        self._stopped = True
        self._wake.set()

    def run(self) -> None:
        """Fire until stopped."""
        next_scan = 0.0
        while not self._stopped:
            self._wake.clear()
            now = self._clock.now()
            tenants = self._due(now // 1000)
            if now >= next_scan:
                tenants = set(self._configurations.tenants())
                next_scan = now + SCAN_S * 1_000_000
            self.fire_due(tenants, now)
            self._wake.wait(self._pause_s(next_scan))

    def fire_due(self, tenants: Iterable[str], now: int) -> None:
        """Fire what is due in these tenants at `now` (microseconds UTC)."""
        for tenant in sorted(tenants):
            for member in self._store.due(tenant, now, BATCH):
                if not self._fire_one(tenant, member):
                    return

    def _fire_one(self, tenant: str, member: str) -> bool:
        """Fire one; False when Redis takes no change now: all others would fail too, and fill the log."""
        try:
            self._fire(tenant, member)
        except RedisError as error:
            self._failed()
            if is_away(error):
                self._log.error("deadlines wait: Redis takes no changes", cause=str(error))
                return False
            self._log.exception("deadline failed", tenant=tenant, deadline=member)
        except Exception:  # noqa: BLE001 - one bad deadline must not stop the others
            self._failed()
            self._log.exception("deadline failed", tenant=tenant, deadline=member)
        return True

    def _due(self, now_ms: int) -> set[str]:
        tenants = set()
        while self._heap and self._heap[0][0] <= now_ms:
            tenants.add(heapq.heappop(self._heap)[1])
        return tenants

    def _pause_s(self, next_scan: float) -> float:
        due = min([next_scan, *(ms * 1000 for ms, _ in self._heap[:1])])
        return max(0.001, min(SCAN_S, (due - self._clock.now()) / 1_000_000))
