"""The outbox's way out: from each tenant's stream to RQ jobs, at least once, trimmed only behind what is done."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog
from redis.exceptions import RedisError, ResponseError

from orchestrator.service.ports import Clock, Configurations
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis

GROUP = "relay"

#: Events that one job writes at most: what comes in a burst is written by fewer transactions.
BATCH = 1000
BLOCK_MS = 1000

#: Batches that another relay took and did not finish within this time are taken over.
CLAIM_MS = 10_000

#: Events stay readable for wallboards this long after they were handed on.
KEEP_MS = 60_000

Entry = list[str]


class Records(Protocol):
    """Where events go."""

    def write(self, tenant: str, batch: Sequence[Entry]) -> None:
        """Hand on `[stream id, number, event json]` in order; the same batch may come twice."""


class Relay:
    """One loop a process; any number of processes share the work."""

    def __init__(
        self, redis: TextRedis, configurations: Configurations, clock: Clock, records: Records, name: str
    ) -> None:
        """`redis` is a connection of its own (reading blocks it); `name` is this consumer, unique."""
        self._redis, self._configurations, self._clock = redis, configurations, clock
        self._records, self._name = records, name
        self._groups: set[str] = set()
        self._stopped = threading.Event()
        self._log = structlog.get_logger("relay")

    def stop(self) -> None:
        """End the loop."""
        self._stopped.set()

    def run(self, failed: Callable[[], object]) -> None:
        """Relay until stopped; `failed()` counts rounds that raised."""
        while not self._stopped.is_set():
            try:
                self.relay_once(BLOCK_MS)
            except (RedisError, OSError) as error:
                failed()
                self._groups.clear()
                self._log.warning("relay round failed", cause=repr(error))
                self._stopped.wait(1)

    def relay_once(self, block_ms: int | None) -> int:
        """Hand on what is there, waiting up to `block_ms` for something; returns the number of events."""
        tenants = {keys.events(tenant): tenant for tenant in self._configurations.tenants()}
        if not tenants:
            self._stopped.wait((block_ms or 0) / 1000)
            return 0
        for key in tenants:
            self._prepare(key)
        done = sum(self._claim(key, tenant) for key, tenant in tenants.items())
        found: Any = self._redis.xreadgroup(GROUP, self._name, dict.fromkeys(tenants, ">"), BATCH, block_ms)
        return done + sum(self._hand_on(key, tenants[key], entries) for key, entries in found or [])

    def _prepare(self, key: str) -> None:
        if key in self._groups:
            return
        try:
            self._redis.xgroup_create(key, GROUP, id="0", mkstream=True)
        except ResponseError as exists:
            if "BUSYGROUP" not in str(exists):
                raise
        self._groups.add(key)

    def _claim(self, key: str, tenant: str) -> int:
        _, entries, *_ = self._redis.xautoclaim(key, GROUP, self._name, CLAIM_MS, "0-0", BATCH)
        return self._hand_on(key, tenant, [entry for entry in entries if entry[1]])

    def _hand_on(self, key: str, tenant: str, entries: Sequence[tuple[str, dict[str, str]]]) -> int:
        if not entries:
            return 0
        self._records.write(tenant, [[id_, fields["n"], fields["e"]] for id_, fields in entries])
        self._redis.xack(key, GROUP, *(id_ for id_, _ in entries))
        self._trim(key)
        return len(entries)

    def _trim(self, key: str) -> None:
        pending = self._redis.xpending(key, GROUP)
        oldest = pending["min"] or self._redis.xinfo_groups(key)[0]["last-delivered-id"]
        behind = min(int(oldest.split("-")[0]), self._clock.now() // 1000 - KEEP_MS)
        self._redis.xtrim(key, minid=str(behind), approximate=True)
