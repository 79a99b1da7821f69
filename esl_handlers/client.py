"""One connection to a switch's event socket, on greenswitch (this is its only importer).

greenswitch opens the socket and waits for the login. Its reader, parser and writer are replaced: its
parser lets a caller's display name forge headers, and its `send` can neither time out nor be
pipelined (docs/freeswitch.md, section 14).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import gevent
import structlog
from gevent import socket
from gevent.event import Event
from gevent.lock import BoundedSemaphore
from greenswitch.esl import InboundESL, NotConnectedError

from esl_handlers import errors
from esl_handlers.frames import Frame, FrameLimits, FrameReader
from esl_handlers.lag import LagMeter
from esl_handlers.metrics import SocketMetrics
from esl_handlers.pending import Future, Job, Pending
from esl_handlers.replies import Reply
from esl_handlers.switch_commands import Authenticate, Exit, GetCoreUuid, JobCommand, Subscribe, SwitchCommand
from esl_handlers.switch_events import JobFinished, SwitchEvent
from esl_handlers.translate import KNOWN_EVENTS, to_event

READ_SIZE = 65536


@dataclass(frozen=True, slots=True)
class Address:
    """Where a switch listens, and its name in logs and metrics."""

    name: str
    host: str
    port: int
    password: str = field(repr=False)

    def __str__(self) -> str:
        return f"switch {self.name} at {self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Limits of one connection, in seconds."""

    connect_s: float = 5.0  # to connect, log in and subscribe
    command_s: float = 5.0  # until a reply must be there
    silence_s: float = 2.0  # without a byte, until the switch is asked for a sign of life
    probe_s: float = 2.0  # for that sign
    lag_s: float = 5.0  # how late events may be
    watch_s: float = 0.25  # how often these limits are looked at
    frames: FrameLimits = field(default_factory=FrameLimits)


class SwitchConnection(InboundESL):  # type: ignore[misc]  # greenswitch has no types
    """Open it once, use it until it ends; after that every call raises why it ended.

    Replies carry no id and are matched to commands by order, so a reply that does not come in time
    ends the connection: what came later could belong to anything.
    """

    def __init__(
        self,
        address: Address,
        on_event: Callable[[SwitchEvent], None],
        metrics: SocketMetrics,
        settings: ConnectionSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_event` is called by the reader and must not wait; `clock` gives seconds and never jumps."""
        self._settings = settings or ConnectionSettings()
        super().__init__(address.host, address.port, address.password, self._settings.connect_s)
        self._address, self._on_event, self._metrics, self._clock = address, on_event, metrics, clock
        self._lag = LagMeter(clock)
        self._last_read = clock()
        self._pending = Pending()
        self._write_lock = BoundedSemaphore(1)
        self._probing: SwitchCommand | None = None
        self._ended = Event()
        self._reason: errors.SwitchError | None = None
        self._farewell: errors.StoppedError | None = None
        self._log = structlog.get_logger("event_socket").bind(switch=address.name)
        self._takers: dict[str, Callable[[Frame], None]] = {
            "text/event-plain": self._take_event,
            "command/reply": lambda frame: self._take_reply(frame.headers.get("Reply-Text", "")),
            "api/response": lambda frame: self._take_reply(frame.body.decode("utf-8", "replace")),
            "auth/request": lambda _: self._auth_request_event.set(),
            "text/rude-rejection": self._take_rejection,
            "text/disconnect-notice": self._take_notice,
        }

    @property
    def reason(self) -> errors.SwitchError | None:
        """Why the connection ended; None while it lives or was never opened."""
        return self._reason

    def open(self) -> None:
        """Connect, log in and subscribe; events come from then on.

        Raises:
            UnreachableError: nothing answers there, or not in time.
            AccessDeniedError: the switch's access list refuses our address.
            WrongPasswordError: it refuses the password.
            SubscriptionRefusedError: it refuses the list of events.
        """
        late = errors.UnreachableError(f"The {self._address} did not answer within {self._settings.connect_s} s.")
        try:
            with gevent.Timeout(self._settings.connect_s, late):
                self.connect()
                self._subscribe()
        except (OSError, NotConnectedError, errors.SwitchError) as error:
            failure = self._why_not(error)
            self._metrics.connects.labels(self._address.name, failure.error_id).inc()
            self._end(failure)
            self._close_socket()  # it may have been opened after we were stopped
            raise failure from error
        self._metrics.connects.labels(self._address.name, "connected").inc()
        gevent.spawn(self._watch)

    def send(self, *commands: SwitchCommand, within_s: float | None = None) -> list[Future[Reply]]:
        """Write commands at once and return what their replies will be, without waiting for them.

        Raises:
            UnsafeArgumentError: a value may not stand in a command; nothing was sent.
            ConnectionLostError: the connection has ended, or ends in writing.
        """
        data = "".join(f"{command.text()}\n\n" for command in commands).encode()
        due = self._clock() + (within_s or self._settings.command_s)
        with self._write_lock:
            if self._reason is not None:
                raise self._reason
            replies = [self._pending.expect(command, due) for command in commands]
            self._write(data)
        self._metrics.commands.labels(self._address.name).inc(len(commands))
        return replies

    def execute(self, command: SwitchCommand) -> Reply:
        """Send one command and wait for its reply.

        Raises:
            UnsafeArgumentError, ConnectionLostError: as in `send`.
        """
        return self.send(command)[0].result()

    def start(self, command: JobCommand, within_s: float) -> Job:
        """Start a background job that should end within so many seconds; raises as `send` does."""
        finished = self._pending.expect_job(command.job_uuid, self._clock() + within_s)
        return Job(self.send(command)[0], finished)

    def wait_ended(self, timeout_s: float | None = None) -> errors.SwitchError | None:
        """Wait for the end of the connection and return its reason; None if it still lives then."""
        self._ended.wait(timeout_s)
        return self._reason

    def stop(self) -> None:
        """End the connection; the switch has read all earlier commands once it answers the farewell."""
        self._farewell = errors.StoppedError(f"The connection to {self._address} was closed by us.")
        if self._reason is None and self.connected:
            try:
                self.send(Exit())[0].wait(self._settings.probe_s)
            except errors.SwitchError as error:
                self._log.info("connection ended before the farewell", reason=str(error))
        self._end(self._farewell)

    def start_event_handlers(self) -> None:
        """greenswitch's hook once the socket is open: our reader, and none of its own greenlets."""
        self.sock_file.close()  # its buffered file, which would keep the socket open after a close
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._receive_events_greenlet = gevent.spawn(self.receive_events)

    def authenticate(self) -> None:
        """greenswitch's hook once the switch asked for the password."""
        if not self.execute(Authenticate(self.password)).ok:
            raise errors.WrongPasswordError(f"The {self._address} refuses the event socket's password.")

    def receive_events(self) -> None:
        """Read until the connection ends; never waits for anything but bytes."""
        try:
            self._read()
        except errors.SwitchError as error:
            self._end(error)
        except OSError as error:
            self._end(errors.SwitchClosedError(f"The connection to {self._address} broke: {error}"))
        except Exception as error:  # noqa: BLE001 - the loop's edge: a reader that died must not go unnoticed
            self._log.exception("reader failed")
            self._end(errors.ConnectionLostError(f"Reading from {self._address} failed: {error}"))

    def _read(self) -> None:
        reader = FrameReader(self._settings.frames)
        while data := self.sock.recv(READ_SIZE):
            self._last_read = self._clock()
            for frame in reader.feed(data):
                self._takers.get(frame.content_type, self._take_unknown)(frame)
            if len(data) == READ_SIZE:  # there is more at once: let the others run too
                gevent.sleep(0)
        reader.feed_eof()
        raise errors.SwitchClosedError(f"The {self._address} closed the connection.")

    def _take_event(self, frame: Frame) -> None:
        try:
            event = to_event(frame.body)
        except errors.MalformedEventError as error:
            self._metrics.malformed.labels(self._address.name).inc()
            self._log.warning("malformed event", error=str(error))
            return
        if event is None:
            self._take_unknown(frame)
            return
        if isinstance(event, JobFinished):
            self._pending.finish(event)
        self._check_lag(event)
        self._on_event(event)

    def _take_reply(self, text: str) -> None:
        if not self._pending.answer(text).ok:
            self._metrics.refused.labels(self._address.name).inc()

    def _take_rejection(self, frame: Frame) -> None:
        said = frame.body.decode("utf-8", "replace").strip()
        raise errors.AccessDeniedError(f"The {self._address} refuses connections from here: {said}")

    def _take_notice(self, frame: Frame) -> None:
        said = frame.body.decode("utf-8", "replace").strip().partition("\n")[0]
        raise errors.SwitchClosedError(f"The {self._address} ended the connection: {said}")

    def _take_unknown(self, _frame: Frame) -> None:
        self._metrics.unknown.labels(self._address.name).inc()

    def _check_lag(self, event: SwitchEvent) -> None:
        lag = self._lag.lag(event.at)
        if lag > self._settings.lag_s:
            raise errors.EventsLateError(f"Events of {self._address} come {lag:.1f} s late.")

    def _subscribe(self) -> None:
        reply = self.execute(Subscribe(KNOWN_EVENTS))
        if not reply.ok:
            raise errors.SubscriptionRefusedError(f"The {self._address} refuses our list of events: {reply.error}")

    def _why_not(self, error: Exception) -> errors.CannotConnectError:
        for known in (error, self._reason):
            if isinstance(known, errors.CannotConnectError):
                return known
        return errors.UnreachableError(f"The {self._address} cannot be reached: {self._reason or error}")

    def _write(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except OSError as error:
            self._end(errors.SwitchClosedError(f"The connection to {self._address} broke in writing: {error}"))
            raise self._reason from error  # type: ignore[misc]  # the line above has set it
        except BaseException:  # a caller that was cancelled in mid-write: half a command may be out
            self._end(errors.ConnectionLostError(f"Writing to {self._address} was cut short."))
            raise

    def _watch(self) -> None:
        while not self._ended.wait(self._settings.watch_s):
            self._metrics.lag.labels(self._address.name).set(self._lag.last)
            try:
                self._check_replies()
                self._probe()
            except errors.SwitchError as error:
                self._end(error)

    def _check_replies(self) -> None:
        overdue = self._pending.overdue(self._clock())
        if overdue is not None and overdue is self._probing:
            raise errors.SwitchSilentError(f"The {self._address} gives no sign of life.")
        if overdue is not None:
            raise errors.CommandTimedOutError(f"The {self._address} did not answer {type(overdue).__name__} in time.")

    def _probe(self) -> None:
        """A half-open connection looks alive until somebody asks."""
        silent_s = self._clock() - self._last_read
        if silent_s > self._settings.silence_s and not len(self._pending):
            self._probing = GetCoreUuid()
            self.send(self._probing, within_s=self._settings.probe_s)

    def _end(self, reason: errors.SwitchError) -> None:
        if self._reason is not None:
            return
        self._reason = reason = self._farewell or reason  # after our farewell the switch closes first
        self.connected = False
        self._metrics.losses.labels(self._address.name, reason.error_id).inc()
        self._close_socket()
        self._pending.fail(reason)
        self._auth_request_event.set()
        self._ended.set()

    def _close_socket(self) -> None:
        if hasattr(self, "sock"):  # greenswitch makes it when it connects
            self.sock.close()
