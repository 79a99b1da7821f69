"""Misbehaviour on command: late, doubled and reordered events, lost races, slow originates.

Events of one channel never overtake each other (a real switch keeps that order too); across channels they
may.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from simulator.events import Event

BridgeFault = Literal["first_dies", "second_dies"]


@dataclass
class Faults:
    """All off by default. Times are milliseconds."""

    duplicate_every: int = 0
    """Deliver every n-th event twice."""
    delay_ms: int = 0
    """Deliver every event that much later."""
    reorder_ms: int = 0
    """Delay each channel's events by its own random time up to this."""
    originate_delay_ms: int = 0
    """The channel of an originate comes into being that late (the kill-before-channel-exists race)."""
    swallow: bool = False
    """Deliver no event at all."""
    bridges: deque[BridgeFault] = field(default_factory=deque)
    """For each coming uuid_bridge: the leg that hangs up in the same instant."""
    chance: random.Random = field(default_factory=random.Random)
    _lags: dict[str | None, float] = field(default_factory=dict)
    _waiting: dict[str | None, deque[Event]] = field(default_factory=dict)
    _count: int = 0

    def clear(self) -> None:
        """Behave again."""
        self.duplicate_every = self.delay_ms = self.reorder_ms = self.originate_delay_ms = 0
        self.swallow = False
        self.bridges.clear()
        self._lags.clear()

    def pass_on(self, event: Event, hand_out: Callable[[Event], None]) -> None:
        """Deliver now or later, once or twice."""
        if self.swallow:
            return
        self._count += 1
        twice = bool(self.duplicate_every) and self._count % self.duplicate_every == 0
        for _ in range(2 if twice else 1):
            self._after_lag(event, hand_out)

    def _after_lag(self, event: Event, hand_out: Callable[[Event], None]) -> None:
        queue = self._waiting.get(event.channel)
        if not self.delay_ms and not self.reorder_ms and not queue:
            hand_out(event)
            return
        if event.channel not in self._lags:
            self._lags[event.channel] = (self.delay_ms + self.chance.uniform(0, self.reorder_ms)) / 1000
        waiting = self._waiting.setdefault(event.channel, deque())
        waiting.append(event)
        loop = asyncio.get_running_loop()
        loop.call_later(self._lags[event.channel], lambda: self._release(event.channel, hand_out))

    def _release(self, channel: str | None, hand_out: Callable[[Event], None]) -> None:
        waiting = self._waiting[channel]
        hand_out(waiting.popleft())
        if not waiting:
            del self._waiting[channel]
            self._lags.pop(channel, None)
