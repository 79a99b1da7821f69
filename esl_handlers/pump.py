"""Hands events to their handler: in order within a call, side by side across calls.

The reader of the socket only puts events in (`offer`) and never waits. While the calls are being
reconciled after a connect, events are kept (`hold`) and then handled in order (`release`).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import gevent
import gevent.queue
import structlog

from esl_handlers.errors import EventBacklogError
from esl_handlers.metrics import SocketMetrics
from esl_handlers.switch_events import SwitchEvent

Handler = Callable[[SwitchEvent], None]


class EventPump:
    """Runs one handler for all events, at most `workers` at once and never two of one lane."""

    def __init__(
        self, switch: str, handle: Handler, metrics: SocketMetrics, *, workers: int = 64, limit: int = 20_000
    ) -> None:
        """`limit`: how many events may wait before `offer` refuses more."""
        self._handle, self._switch, self._limit = handle, switch, limit
        self._failures = metrics.handler_failures
        self._handling = metrics.handling.labels(switch)
        metrics.waiting.labels(switch).set_function(lambda: self._waiting)
        self._lanes: dict[str, deque[tuple[float, SwitchEvent]]] = {}
        self._ready: gevent.queue.SimpleQueue[str] = gevent.queue.SimpleQueue()
        self._held: list[SwitchEvent] | None = None
        self._waiting = 0
        self._log = structlog.get_logger("events").bind(switch=switch)
        self._workers = [gevent.spawn(self._work) for _ in range(workers)]

    @property
    def waiting(self) -> int:
        """Events that no handler has finished with."""
        return self._waiting

    def offer(self, event: SwitchEvent) -> None:
        """Take an event for handling; never waits.

        Raises:
            EventBacklogError: too many wait already; only a new snapshot helps now.
        """
        if self._waiting >= self._limit:
            raise EventBacklogError(f"{self._waiting} events of switch {self._switch} wait to be handled.")
        self._waiting += 1
        if self._held is not None:
            self._held.append(event)
        else:
            self._queue(event)

    def hold(self) -> None:
        """Keep events from now on, forgetting those kept before: their connection is gone."""
        self._waiting -= len(self._held or ())
        self._held = []

    def release(self) -> None:
        """Handle what was kept, in order, and everything that comes from now on."""
        held, self._held = self._held or [], None
        for event in held:
            self._queue(event)

    def stop(self) -> None:
        """End the handlers where they are; reconcile finds what they left."""
        gevent.killall(self._workers)

    def _queue(self, event: SwitchEvent) -> None:
        name = event.lane
        lane = self._lanes.get(name)
        if lane is None:
            self._lanes[name] = lane = deque()
            self._ready.put(name)
        lane.append((time.monotonic(), event))

    def _work(self) -> None:
        while True:
            name = self._ready.get()
            lane = self._lanes[name]
            self._handle_one(*lane.popleft())
            if lane:
                self._ready.put(name)  # behind the others, so that a busy call holds up nobody
            else:
                del self._lanes[name]

    def _handle_one(self, taken_at: float, event: SwitchEvent) -> None:
        try:
            self._handle(event)
        except Exception:  # noqa: BLE001 - one bad event must not stop the events of other calls
            self._failures.labels(self._switch, type(event).__name__).inc()
            self._log.exception("event handler failed", happened=type(event).__name__, lane=event.lane)
        finally:
            self._waiting -= 1
            self._handling.observe(time.monotonic() - taken_at)
