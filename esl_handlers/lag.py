"""How late a switch's events reach us."""

from __future__ import annotations

from collections.abc import Callable

DRIFT = 0.0002  # seconds a second by which the two clocks may run apart without being taken for lag


class LagMeter:
    """Compares each event's delay with the shortest of its connection.

    A reader that cannot keep up sees old events without any sign of it (docs/freeswitch.md,
    section 14). The switch's clock and ours need not agree: only a growing difference is lag.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds and never jumps."""
        self._clock = clock
        self._least: float | None = None
        self._read_at = 0.0
        self.last = 0.0

    def lag(self, at: int) -> float:
        """Seconds by which the event that happened `at` (microseconds since the epoch) is late."""
        now = self._clock()
        delay = now - at / 1e6
        if self._least is None:
            self._least = delay
        else:
            self._least = min(delay, self._least + (now - self._read_at) * DRIFT)
        self._read_at = now
        self.last = delay - self._least
        return self.last
