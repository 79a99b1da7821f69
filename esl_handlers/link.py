"""Keeps a connection to one switch up, and everything in the right order when it comes and goes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import gevent
import structlog
from gevent.event import Event

from esl_handlers.client import SwitchConnection
from esl_handlers.errors import CannotConnectError, ConnectionLostError, SwitchDownError, SwitchError
from esl_handlers.metrics import SocketMetrics
from esl_handlers.pump import EventPump


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before the next attempt, in seconds: doubling, with half of it left to chance."""

    first_s: float = 0.1
    longest_s: float = 5.0
    stable_s: float = 10.0  # a connection that lived so long starts the count again

    def pause(self, failures: int) -> float:
        """The pause after so many failures in a row (at least one)."""
        longest: float = min(self.longest_s, self.first_s * 2.0 ** min(failures - 1, 16))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


class SwitchLink:
    """Connects, subscribes while events are kept, lets `on_up` reconcile, then lets the events through.

    `on_up(connection)` may use the connection and raise if it cannot finish: the connection is then
    dropped and the whole is tried again. `on_down(reason)` follows each `on_up` that came to its end.
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], SwitchConnection],
        pump: EventPump,
        metrics: SocketMetrics,
        *,
        on_up: Callable[[SwitchConnection], None],
        on_down: Callable[[SwitchError], None],
        backoff: Backoff | None = None,
    ) -> None:
        """`connect` makes a connection that is not open yet and gives its events to `pump.offer`."""
        self._name, self._connect, self._pump, self._metrics = name, connect, pump, metrics
        self._on_up, self._on_down, self._backoff = on_up, on_down, backoff or Backoff()
        self._current: SwitchConnection | None = None  # from the first attempt to its end
        self._reconciled = False
        self._stopping = Event()
        self._greenlet: gevent.Greenlet[[], None] | None = None
        self._log = structlog.get_logger("switch_link").bind(switch=name)

    @property
    def connection(self) -> SwitchConnection:
        """The connection, once reconciled.

        Raises:
            SwitchDownError: there is none now.
        """
        if self._current is None or not self._reconciled:
            raise SwitchDownError(f"There is no connection to switch {self._name} now; it is being tried again.")
        return self._current

    def start(self) -> None:
        """Begin to connect, in the background."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """End the connection and the attempts to get one, and wait until that is done."""
        self._stopping.set()
        if self._current is not None:
            self._current.stop()
        if self._greenlet is not None:
            self._greenlet.join()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            lived_s = self._live_once()
            failures = 1 if lived_s > self._backoff.stable_s else failures + 1
            self._stopping.wait(self._backoff.pause(failures))

    def _live_once(self) -> float:
        """One connection from the attempt to its end; returns how many seconds it was up."""
        self._pump.hold()
        self._current = connection = self._connect()
        if not self._open(connection):
            return 0.0
        up_at = time.monotonic()
        self._reconciled = self._guarded("reconcile", lambda: self._on_up(connection))
        if self._reconciled:
            self._pump.release()
            connection.wait_ended()
            self._reconciled = False
            self._guarded("on_down", lambda: self._on_down(self._reason(connection)))
        connection.stop()
        self._count_loss(connection)
        return time.monotonic() - up_at

    def _open(self, connection: SwitchConnection) -> bool:
        try:
            connection.open()
        except CannotConnectError as error:
            self._metrics.connects.labels(self._name, error.error_id).inc()
            self._log.warning("cannot connect", error_id=error.error_id, error=str(error))
            return False
        self._metrics.connects.labels(self._name, "connected").inc()
        return True

    def _guarded(self, what: str, call: Callable[[], None]) -> bool:
        try:
            call()
        except SwitchError as error:
            self._log.warning(f"{what} failed", error_id=error.error_id, error=str(error))
            return False
        except Exception:  # noqa: BLE001 - the loop's edge: the next attempt may do better
            self._metrics.handler_failures.labels(self._name, what).inc()
            self._log.exception(f"{what} failed")
            return False
        return True

    def _reason(self, connection: SwitchConnection) -> SwitchError:
        return connection.reason or ConnectionLostError(f"The connection to switch {self._name} ended.")

    def _count_loss(self, connection: SwitchConnection) -> None:
        reason = self._reason(connection)
        self._metrics.losses.labels(self._name, reason.error_id).inc()
        self._log.warning("connection ended", error_id=reason.error_id, error=str(reason))
