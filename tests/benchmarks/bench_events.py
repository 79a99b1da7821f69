"""CPU time from event bytes to the handler: our reader against stock greenswitch, in one run.

`python -m tests.benchmarks.bench_events` prints the median CPU time an event of both, over all
plain events of the recorded traces whose kinds we subscribe to, and their ratio. Both sides start
from the same bytes and end with a handler called: greenswitch with its header dictionary, ours
with the typed event.
"""

from __future__ import annotations

import io
import statistics
import time
from collections import Counter
from collections.abc import Callable

from greenswitch.esl import ESLProtocol

from esl_handlers import switch_events
from esl_handlers.frames import FrameReader
from esl_handlers.translate import EVENT_TYPES, KNOWN_EVENTS, to_event, unquote
from tests.esl import recorded

ROUNDS = 15
CHUNK = 65536  # what one read from the socket gives at most
TARGET = 0.16


def subscribed_events() -> list[bytes]:
    """The recorded events, framed as on the wire, of the kinds that a real run subscribes to."""
    return [
        line.wire
        for name in recorded.names()
        for line in recorded.from_switch(name)
        if line.headers["Content-Type"] == "text/event-plain" and to_event(line.body) is not None
    ]


class Stock(ESLProtocol):
    """greenswitch as it is, reading from memory instead of a socket."""

    def __init__(self, stream: bytes) -> None:
        super().__init__()
        self.connected = True
        self.sock_file = io.BytesIO(stream)
        self.sock = self.sock_file
        self.handled: Counter[str] = Counter()
        for name in KNOWN_EVENTS:
            self.register_handle(name, self._handle)

    def _handle(self, event: object) -> None:
        self.handled[event.headers["Event-Name"]] += 1  # type: ignore[attr-defined]

    def run(self) -> int:
        """Read everything, then handle everything; returns how many handlers were called."""
        self.receive_events()
        self._run = True
        self._esl_event_queue.put(_LastEvent(self))
        self.process_events()
        return self.handled.total()


class _LastEvent:
    """Ends greenswitch's endless loop as soon as it is taken from the queue."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock

    @property
    def headers(self) -> dict[str, str]:
        self._stock._run = False
        return {}


def run_stock(stream: bytes) -> int:
    """All events through greenswitch."""
    return Stock(stream).run()


def run_ours(stream: bytes) -> int:
    """All events through our frames, typed events and a table of handlers by type."""
    unquote.cache_clear()  # a pass must not live on what the pass before it learned
    reader, handled = FrameReader(), Counter[type]()

    def handle(event: switch_events.SwitchEvent) -> None:
        handled[type(event)] += 1

    table = dict.fromkeys(EVENT_TYPES, handle)
    for start in range(0, len(stream), CHUNK):
        for frame in reader.feed(stream[start : start + CHUNK]):
            event = to_event(frame.body)
            if event is not None:
                table[type(event)](event)
    return handled.total()


def cpu_per_event(run: Callable[[bytes], int], stream: bytes, expected: int) -> float:
    """Microseconds of CPU an event of one whole pass."""
    started = time.process_time_ns()
    handled = run(stream)
    spent = time.process_time_ns() - started
    if handled != expected:
        raise RuntimeError(f"{run.__name__} handled {handled} of {expected} events")
    return spent / expected / 1000


def main() -> None:
    """Measure both in turns, so that a slow moment of the machine hits both."""
    events = subscribed_events()
    stream = b"".join(events)
    stock, ours = [], []
    for _ in range(ROUNDS):
        stock.append(cpu_per_event(run_stock, stream, len(events)))
        ours.append(cpu_per_event(run_ours, stream, len(events)))
    ratio = statistics.median(ours) / statistics.median(stock)
    print(f"events                    {len(events)}, {len(stream) // len(events)} bytes on average")
    print(f"greenswitch 0.0.19, stock {statistics.median(stock):7.1f} us CPU an event (median of {ROUNDS})")
    print(f"typed events, ours        {statistics.median(ours):7.1f} us CPU an event (median of {ROUNDS})")
    print(f"ratio                     {ratio:7.3f}  (target at most {TARGET})")


if __name__ == "__main__":
    main()
