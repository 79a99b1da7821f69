"""Events to their handler: order within a call, no waiting across calls, and what is kept for later."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import gevent
import pytest
from gevent.event import Event
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from esl_handlers.errors import EventBacklogError
from esl_handlers.lag import LagMeter
from esl_handlers.metrics import SocketMetrics
from esl_handlers.pump import EventPump, Handler
from esl_handlers.switch_events import DtmfPressed, SwitchEvent

MakePump = Callable[..., EventPump]


def press(call: str, digit: str) -> DtmfPressed:
    """A key pressed in a call."""
    return DtmfPressed(core_uuid="core", at=1, uuid=call, digit=digit)


def drain(pump: EventPump) -> None:
    """Let the handlers run until nothing waits."""
    with gevent.Timeout(5):
        while pump.waiting:
            gevent.idle()


@pytest.fixture
def make(metrics: SocketMetrics) -> Iterator[MakePump]:
    """Makes pumps; all are stopped in the end."""
    made: list[EventPump] = []

    def make_one(handle: Handler, **more: int) -> EventPump:
        made.append(EventPump("fs1", handle, metrics, **more))
        return made[-1]

    yield make_one
    for pump in made:
        pump.stop()


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.booleans()), max_size=60), st.integers(1, 5))
def test_each_calls_events_are_handled_in_order(plan: list[tuple[str, bool]], workers: int) -> None:
    """SAFE-1: however handlers pause, the events of one call never overtake each other or overlap."""
    seen: dict[str, list[str]] = {}
    busy: set[str] = set()

    def handle(event: SwitchEvent) -> None:
        assert isinstance(event, DtmfPressed)
        assert event.uuid not in busy
        busy.add(event.uuid)
        if event.digit.endswith("True"):
            gevent.idle()
        seen.setdefault(event.uuid, []).append(event.digit)
        busy.remove(event.uuid)

    pump = EventPump("fs1", handle, SocketMetrics(CollectorRegistry()), workers=workers)
    given_to: dict[str, list[str]] = {}
    for number, (call, pauses) in enumerate(plan):
        digit = f"{number} {pauses}"
        given_to.setdefault(call, []).append(digit)
        pump.offer(press(call, digit))
    drain(pump)
    pump.stop()
    assert seen == given_to


def test_a_handler_that_waits_holds_up_only_its_own_call(make: MakePump) -> None:
    """WALL-1: other calls go on while one handler waits for something."""
    go_on, other_done = Event(), Event()

    def handle(event: SwitchEvent) -> None:
        assert go_on.wait(5) if event.lane == "A" else not other_done.set()

    pump = make(handle, workers=2)
    for event in (press("A", "1"), press("A", "2"), press("B", "1")):
        pump.offer(event)
    assert other_done.wait(5)
    assert pump.waiting == 2
    go_on.set()
    drain(pump)


def test_a_handler_that_fails_is_counted_and_the_call_goes_on(make: MakePump, registry: CollectorRegistry) -> None:
    """SAFE-1: one bad event stops neither its call nor the others."""
    seen = []

    def handle(event: SwitchEvent) -> None:
        assert isinstance(event, DtmfPressed)
        if event.digit == "1":
            raise ValueError("no such key")
        seen.append(event.digit)

    pump = make(handle, workers=1)
    pump.offer(press("A", "1"))
    pump.offer(press("A", "2"))
    drain(pump)
    assert seen == ["2"]
    labels = {"switch": "fs1", "event": "DtmfPressed"}
    assert registry.get_sample_value("zuoxi_esl_handler_failures_total", labels) == 1
    assert registry.get_sample_value("zuoxi_esl_handling_seconds_count", {"switch": "fs1"}) == 2


def test_events_are_kept_until_the_calls_are_reconciled(make: MakePump) -> None:
    """SAFE-1: subscribe first, then snapshot, then replay: nothing is lost, nothing comes too early."""
    seen: list[str] = []
    pump = make(lambda event: seen.append(event.digit))  # type: ignore[attr-defined]
    pump.hold()
    for digit in "123":
        pump.offer(press("A", digit))
    gevent.idle()
    assert seen == []
    pump.release()
    pump.offer(press("A", "4"))
    drain(pump)
    assert seen == ["1", "2", "3", "4"]


def test_what_a_lost_connection_left_is_forgotten(make: MakePump) -> None:
    """SAFE-1: the next snapshot knows better than events that were kept before it."""
    seen: list[str] = []
    pump = make(lambda event: seen.append(event.digit))  # type: ignore[attr-defined]
    pump.hold()
    pump.offer(press("A", "old"))
    pump.hold()
    pump.offer(press("A", "new"))
    pump.release()
    drain(pump)
    assert seen == ["new"]


@pytest.mark.parametrize("held", [False, True])
def test_the_queue_is_bounded(make: MakePump, held: bool) -> None:
    """SAFE-1: a pump that can't keep up says so, kept events included."""
    pump = make(lambda _: None, limit=2)
    if held:
        pump.hold()
    pump.offer(press("A", "1"))
    pump.offer(press("B", "1"))
    with pytest.raises(EventBacklogError, match="2 events of switch fs1"):
        pump.offer(press("C", "1"))


def test_clocks_that_differ_are_no_lag_but_growing_delay_is() -> None:
    """SAFE-1: lag is what an event is later than the fastest one, whatever the switch's clock says."""
    now = [1000.0]
    meter = LagMeter(lambda: now[0])
    assert meter.lag(50_000_000) == 0
    now[0] += 20
    assert meter.lag(70_000_000) == pytest.approx(0, abs=0.01)
    now[0] += 20
    assert meter.lag(84_000_000) == pytest.approx(6, abs=0.02)
    now[0] += 1
    assert meter.lag(92_000_000) == 0


def test_clocks_that_drift_apart_are_no_lag() -> None:
    """SAFE-1: a connection of a week isn't dropped because two clocks run at 50 parts in a million."""
    now = [0.0]
    meter = LagMeter(lambda: now[0])
    for _ in range(30_000):
        now[0] += 20
        assert meter.lag(int(now[0] * 999_950)) < 0.01
