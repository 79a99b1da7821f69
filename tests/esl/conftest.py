"""Fixtures of the event socket tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from prometheus_client import CollectorRegistry

from esl_handlers.client import Address, ConnectionSettings, SwitchConnection
from esl_handlers.metrics import SocketMetrics
from esl_handlers.switch_events import SwitchEvent

QUICK = ConnectionSettings(connect_s=2, command_s=2, silence_s=60, probe_s=2, lag_s=5, watch_s=0.01)

Connect = Callable[..., SwitchConnection]


@pytest.fixture
def registry() -> CollectorRegistry:
    """A registry of the test's own."""
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> SocketMetrics:
    """The layer's metrics on that registry."""
    return SocketMetrics(registry)


@pytest.fixture
def connect(metrics: SocketMetrics) -> Iterator[Connect]:
    """Makes connections to a port, not yet open; all are closed in the end."""
    made: list[SwitchConnection] = []

    def make(
        port: int,
        on_event: Callable[[SwitchEvent], None] = lambda _: None,
        settings: ConnectionSettings = QUICK,
        **more: Callable[[], float],
    ) -> SwitchConnection:
        address = Address("fs1", "127.0.0.1", port, "secret")
        made.append(SwitchConnection(address, on_event, metrics, settings, **more))
        return made[-1]

    yield make
    for connection in made:
        connection.stop()
