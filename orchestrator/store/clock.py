"""Redis' clock, read seldom: host clocks may differ, deadlines must not."""

import time

from orchestrator.store.connection import TextRedis

#: The offset to the host's monotonic clock is measured again after this long.
RESYNC_S = 5.0


class RedisClock:
    """Microseconds UTC by Redis' clock."""

    def __init__(self, redis: TextRedis) -> None:
        """Measures the offset at the first use."""
        self._redis = redis
        self._offset = 0
        self._measured = float("-inf")

    def now(self) -> int:
        """Return microseconds UTC; asks Redis every few seconds, else counts on."""
        if time.monotonic() - self._measured > RESYNC_S:
            self._measure()
        return time.monotonic_ns() // 1000 + self._offset

    def _measure(self) -> None:
        self._measured = time.monotonic()
        before = time.monotonic_ns() // 1000
        seconds, micros = self._redis.time()
        after = time.monotonic_ns() // 1000
        self._offset = seconds * 1_000_000 + micros - (before + after) // 2
