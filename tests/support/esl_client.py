"""A small blocking event socket client for tests: it knows the protocol and nothing of the product."""

import json
import socket
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

MINIMAL_SUBSCRIPTION = (
    "event plain CHANNEL_PARK CHANNEL_ANSWER CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_BRIDGE"
    " CHANNEL_UNBRIDGE CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE_COMPLETE PLAYBACK_STOP"
    " RECORD_START RECORD_STOP DTMF CHANNEL_HOLD CHANNEL_UNHOLD BACKGROUND_JOB HEARTBEAT SHUTDOWN"
    " CUSTOM sofia::register sofia::unregister sofia::expire sofia::register_failure"
)


@dataclass(frozen=True)
class Frame:
    """One outer frame."""

    headers: dict[str, str]
    body: str

    @property
    def kind(self) -> str:
        """The Content-Type."""
        return self.headers["Content-Type"]

    @property
    def reply(self) -> str:
        """The Reply-Text."""
        return self.headers["Reply-Text"]


class Event(dict[str, str]):
    """Headers of one event, each value decoded alone; `body` is what followed them."""

    body: str = ""

    @property
    def name(self) -> str:
        """Event-Name."""
        return self["Event-Name"]

    @property
    def leg(self) -> str:
        """Unique-ID, or empty."""
        return self.get("Unique-ID", "")

    def __repr__(self) -> str:
        shown = ("Unique-ID", "Answer-State", "Channel-State", "Hangup-Cause", "Application-Response")
        return f"<{self.name} " + " ".join(f"{key}={self[key]}" for key in shown if key in self) + ">"


def parse_event(frame: Frame) -> Event:
    """Split first, decode each value alone; the first of two equal headers wins."""
    if frame.kind == "text/event-json":
        event = Event({key: str(value) for key, value in json.loads(frame.body).items()})
        event.body = event.get("_body", "")
        return event
    head, _, rest = frame.body.partition("\n\n")
    event = Event()
    for line in head.split("\n"):
        name, _, value = line.partition(": ")
        event.setdefault(name, unquote(value, errors="replace"))
    event.body = rest
    return event


def _header_name(keyword: str) -> str:
    return keyword if keyword.startswith("variable_") else keyword.replace("_", "-")


class EslClient:
    """A connection. Replies and events are told apart; events wait in `events` in their order of arrival."""

    def __init__(self, host: str, port: int, password: str | None = None, timeout: float = 20.0) -> None:
        self.timeout = timeout
        self._socket = socket.create_connection((host, port), timeout=timeout)
        self._buffer = b""
        self._replies: deque[Frame] = deque()
        self.events: list[Event] = []
        self.notices: list[Frame] = []
        if password is not None:
            self.read_frame()
            reply = self.command(f"auth {password}").reply
            if reply != "+OK accepted":
                raise PermissionError(reply)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    # Frames

    def write(self, text: str) -> None:
        """Send raw text."""
        self._socket.sendall(text.encode())

    def _fill(self, deadline: float) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self._socket.settimeout(remaining)
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the switch closed the connection")
        self._buffer += data

    def read_frame(self, timeout: float | None = None) -> Frame:
        """The next frame whatever it is; raises TimeoutError or ConnectionError."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while b"\n\n" not in self._buffer:
            self._fill(deadline)
        head, _, _ = self._buffer.partition(b"\n\n")
        headers = {}
        for line in head.decode().split("\n"):
            name, _, value = line.partition(": ")
            headers[name] = value
        begin = len(head) + 2
        end = begin + int(headers.get("Content-Length", 0))
        while len(self._buffer) < end:  # a time-out here leaves the frame in the buffer for the next call
            self._fill(deadline)
        body, self._buffer = self._buffer[begin:end], self._buffer[end:]
        return Frame(headers, body.decode("utf-8", "surrogateescape"))

    def _take(self, timeout: float | None = None) -> None:
        frame = self.read_frame(timeout)
        if frame.kind in ("command/reply", "api/response"):
            self._replies.append(frame)
        elif frame.kind.startswith("text/event-"):
            self.events.append(parse_event(frame))
        else:
            self.notices.append(frame)

    # Commands

    def command(self, text: str) -> Frame:
        """Send one command and wait for its reply; events that come first are kept."""
        self.write(f"{text}\n\n")
        return self.next_reply()

    def next_reply(self) -> Frame:
        """The reply to the oldest unanswered command."""
        while not self._replies:
            self._take()
        return self._replies.popleft()

    def api(self, text: str) -> str:
        """The body of an api command's answer."""
        return self.command(f"api {text}").body

    def bgapi(self, text: str) -> str:
        """Start a background job; returns its id."""
        job = str(uuid.uuid4())
        reply = self.command(f"bgapi {text}\nJob-UUID: {job}")
        assert reply.headers["Job-UUID"] == job
        return job

    def execute(self, leg: str, application: str, argument: str = "", *, lock: bool = True) -> str:
        """sendmsg execute with an Event-UUID of our own, which is returned."""
        ours = str(uuid.uuid4())
        lines = [f"sendmsg {leg}", "call-command: execute", f"execute-app-name: {application}"]
        lines += [f"execute-app-arg: {argument}"] if argument else []
        lines += [f"Event-UUID: {ours}"] + (["event-lock: true"] if lock else [])
        reply = self.command("\n".join(lines)).reply
        assert reply == "+OK", reply
        return ours

    # Events

    def wait(self, wanted: Callable[[Event], bool], timeout: float | None = None) -> Event:
        """The first event, past or coming, that is wanted and was not returned before."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        looked_at = 0
        while True:
            for event in self.events[looked_at:]:
                if wanted(event) and not getattr(event, "taken", False):
                    event.taken = True  # type: ignore[attr-defined]
                    return event
            looked_at = len(self.events)
            try:
                self._take(deadline - time.monotonic())
            except TimeoutError:
                raise TimeoutError(f"not seen within the time; seen: {self.events[-40:]}") from None

    def expect(self, name: str, leg: str | None = None, timeout: float | None = None, **headers: str) -> Event:
        """The next event of that name and leg with these headers; `_` stands for `-` unless it is a variable."""
        wanted = {_header_name(key): value for key, value in headers.items()}

        def fits(event: Event) -> bool:
            if event.name != name or (leg is not None and event.leg != leg):
                return False
            return all(event.get(key) == value for key, value in wanted.items())

        return self.wait(fits, timeout)

    def gather(self, seconds: float) -> list[Event]:
        """Read for a while; all events so far. For showing that something does *not* happen."""
        deadline = time.monotonic() + seconds
        while (remaining := deadline - time.monotonic()) > 0:
            try:
                self._take(remaining)
            except TimeoutError:
                break
        return self.events

    def names(self, leg: str) -> list[str]:
        """Names of the events of one leg so far, in order."""
        return [event.name for event in self.events if event.leg == leg]
