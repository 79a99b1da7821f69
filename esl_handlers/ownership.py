"""One switch: take its lease, connect, reconcile, handle events, do wishes; begin again whenever that ends."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import gevent
import structlog
from redis.exceptions import RedisError

from esl_handlers.client import Address, SwitchConnection
from esl_handlers.dispatch import Dispatcher
from esl_handlers.errors import CannotConnectError, SwitchError
from esl_handlers.metrics import SocketMetrics
from esl_handlers.pump import EventPump
from esl_handlers.reconcile import SwitchReconcile
from esl_handlers.switch_events import SwitchEvent
from esl_handlers.telephony import SwitchTelephony
from orchestrator.domain.commands import Command
from orchestrator.metrics import Metrics
from orchestrator.service.ports import FencedError
from orchestrator.store.leases import RENEW_S, Leases
from orchestrator.store.requests import Requests

#: A process that stands by asks for the lease this often.
STANDBY_S = 0.2

#: Pauses between attempts to connect: doubled from the first to the last.
BACK_OFF_S = (0.1, 5.0)

#: Wishes are waited for this long at a time.
WISHES_MS = 500


@dataclass(frozen=True, slots=True)
class Tools:
    """What owning any switch needs."""

    leases: Leases
    telephony: SwitchTelephony
    dispatcher: Dispatcher
    reconcile: SwitchReconcile
    requests: Callable[[str], Requests]
    late: Callable[[Sequence[Command]], object]
    metrics: Metrics
    socket_metrics: SocketMetrics
    audit_s: float


class Ownership:
    """The life of one switch's event socket in this process."""

    def __init__(self, address: Address, tools: Tools) -> None:
        """Nothing happens before `run`."""
        self._address, self._tools = address, tools
        self._requests = tools.requests(address.name)
        self._stopped = threading.Event()
        self._connection: SwitchConnection | None = None
        self._pause_s = BACK_OFF_S[0]
        self._log = structlog.get_logger("switch").bind(switch=address.name)

    def run(self) -> None:
        """Own the switch whenever nobody else does, until stopped."""
        while not self._stopped.is_set():
            try:
                if self._tools.leases.take(self._address.name) is None:
                    self._stopped.wait(STANDBY_S)
                else:
                    self._own()
            except CannotConnectError as error:
                self._log.error("cannot connect", reason=str(error))
                self._back_off()
            except (SwitchError, RedisError, FencedError) as error:
                self._tools.metrics.failures.labels("switch").inc()
                self._log.warning("switch given up", reason=str(error) or type(error).__name__)
                self._back_off()

    def stop(self) -> None:
        """End in order: the socket first, then the lease for whoever stands by."""
        self._stopped.set()
        if self._connection:
            self._connection.stop()

    def _own(self) -> None:
        name = self._address.name
        pump = EventPump(name, lambda event: self._handle(event, connection), self._tools.socket_metrics)
        pump.hold()
        connection = SwitchConnection(self._address, pump.offer, self._tools.socket_metrics)
        helpers = [gevent.spawn(self._renew, connection)]
        try:
            connection.open()
            self._connection = connection
            self._tools.telephony.attach(name, connection)
            self._requests.skip()
            self._tools.reconcile.adopt(name, connection)
            self._tools.metrics.reconciles.labels(name).inc()
            self._tools.leases.serve(name)
            pump.release()
            self._pause_s = BACK_OFF_S[0]
            self._tools.metrics.connected.labels(name).set(1)
            self._log.info("switch owned")
            helpers += [gevent.spawn(self._do_wishes, connection), gevent.spawn(self._audit, connection)]
            self._log.info("connection ended", reason=str(connection.wait_ended()))
        finally:
            self._tools.metrics.connected.labels(name).set(0)
            self._tools.telephony.detach(name)
            self._connection = None
            pump.stop()
            connection.stop()
            gevent.killall(helpers)
            self._tools.leases.release(name)

    def _handle(self, event: SwitchEvent, connection: SwitchConnection) -> None:
        """Handle an event; one that Redis was not there for is lost, so everything is taken over anew."""
        try:
            self._tools.dispatcher.handle(self._address.name, event)
        except RedisError:
            gevent.spawn(connection.stop)
            raise

    def _renew(self, connection: SwitchConnection) -> None:
        """Renew the lease; without it this process must not act for the switch any more.

        Another token means that the lease was lost in between, perhaps with everything else in Redis.
        """
        token = self._tools.leases.fence(self._address.name)
        while connection.wait_ended(RENEW_S) is None:
            try:
                held = self._tools.leases.take(self._address.name) == token
            except RedisError as error:
                self._log.warning("lease not renewed", error=str(error))
                held = self._tools.leases.fence(self._address.name) is not None
            if not held:
                self._log.warning("lease lost")
                connection.stop()

    def _do_wishes(self, connection: SwitchConnection) -> None:
        def act(commands: Sequence[Command]) -> None:
            for command in commands:
                self._tools.telephony.write(connection, command)

        while connection.reason is None:
            try:
                self._requests.read(WISHES_MS, act, self._too_late)
            except RedisError as error:
                self._tools.metrics.failures.labels("wishes").inc()
                self._log.warning("wishes not read", error=str(error))
                connection.wait_ended(1)

    def _too_late(self, commands: Sequence[Command]) -> None:
        """Whoever can wait for nothing else hears at once that a wish was not done."""
        self._tools.metrics.failures.labels("late_wishes").inc(len(commands))
        self._log.warning("wishes came too late", commands=[command.type for command in commands])
        self._tools.late(commands)

    def _audit(self, connection: SwitchConnection) -> None:
        while connection.wait_ended(self._tools.audit_s) is None:
            try:
                self._tools.reconcile.audit(self._address.name, connection)
            except (SwitchError, RedisError) as error:
                self._tools.metrics.failures.labels("audit").inc()
                self._log.warning("audit failed", error=str(error))

    def _back_off(self) -> None:
        self._stopped.wait(self._pause_s)
        self._pause_s = min(self._pause_s * 2, BACK_OFF_S[1])
