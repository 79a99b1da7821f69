"""A small blocking event-socket client for tests: commands, and events waited for by condition."""

import json
import queue
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Self, TypeVar
from urllib.parse import unquote

Event = Mapping[str, str]
Found = TypeVar("Found")
MINIMAL = (
    "CHANNEL_CREATE CHANNEL_PARK CHANNEL_ANSWER CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_BRIDGE "
    "CHANNEL_UNBRIDGE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE_COMPLETE PLAYBACK_START PLAYBACK_STOP "
    "RECORD_START RECORD_STOP DTMF CHANNEL_HOLD CHANNEL_UNHOLD BACKGROUND_JOB HEARTBEAT "
    "CUSTOM sofia::register sofia::unregister sofia::expire sofia::register_failure"
)


class EslRefusedError(Exception):
    """The switch did not let us in; the text is its answer."""


def parse_headers(text: str) -> dict[str, str]:
    """Header lines to a dict: split first, decode each value alone, the first of a name wins."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(": ")
        if colon:
            found.setdefault(name, unquote(value))
    return found


class EslClient:
    """One authenticated connection with a reader thread; `events` holds everything received, oldest first.

    Raises EslRefusedError when the password or our address is not welcome, OSError when nobody listens.
    """

    def __init__(self, address: tuple[str, int], password: str, timeout: float = 20.0) -> None:
        self.events: list[Event] = []
        self._timeout = timeout
        self._replies: queue.Queue[tuple[dict[str, str], str]] = queue.Queue()
        self._changed = threading.Condition()
        self._socket = socket.create_connection(address, timeout)
        self._stream = self._socket.makefile("rb")
        self._log_in(password)
        self._socket.settimeout(None)
        threading.Thread(target=self._read, name="test-esl", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def command(self, text: str) -> str:
        """Send one ESL command and return its reply text."""
        self._socket.sendall(text.encode() + b"\n\n")
        headers, body = self._replies.get(timeout=self._timeout)
        return body or headers.get("Reply-Text", "")

    def api(self, text: str) -> str:
        """Run an API command; the body it answered."""
        return self.command(f"api {text}").strip()

    def bgapi(self, text: str) -> str:
        """Run an API command in the background; the job's id."""
        job = str(uuid.uuid4())
        self.command(f"bgapi {text}\nJob-UUID: {job}")
        return job

    def execute(self, channel: str, application: str, argument: str = "") -> str:
        """Queue a locked application on a channel; the id that its CHANNEL_EXECUTE_COMPLETE carries."""
        own = str(uuid.uuid4())
        lines = [f"sendmsg {channel}", "call-command: execute", f"execute-app-name: {application}"]
        lines += [f"execute-app-arg: {argument}"] * bool(argument)
        self.command("\n".join([*lines, f"Event-UUID: {own}", "event-lock: true"]))
        return own

    def subscribe(self, names: str = MINIMAL) -> Self:
        """Ask for events."""
        reply = self.command(f"event plain {names}")
        assert reply.startswith("+OK"), reply
        return self

    def wait(self, name: str, timeout: float = 20.0, after: int = 0, **headers: str) -> Event:
        """The first event of this name (or CUSTOM subclass) whose headers have these values, waiting for it if need be.

        Header names are written with `_` for `-`; `after` skips that many events of `events`. Raises TimeoutError.
        """
        wanted = {key.replace("_", "-") if key[0].isupper() else key: value for key, value in headers.items()}

        def found() -> Event | None:
            fits = (e for e in self.events[after:] if name in (e.get("Event-Name"), e.get("Event-Subclass")))
            return next((e for e in fits if all(e.get(k) == v for k, v in wanted.items())), None)

        return self.wait_until(f"{name} {wanted}", found, timeout)

    def wait_until(self, what: str, look: Callable[[], Found | None], timeout: float = 20.0) -> Found:
        """What `look` returns as soon as it isn't None; looked at after each event."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while (result := look()) is None:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    seen = [(e.get("Event-Name"), e.get("Unique-ID", "")[:8]) for e in self.events[-30:]]
                    raise TimeoutError(f"waited {timeout} s for {what}; last events: {seen}")
        return result

    def channels(self) -> list[dict[str, str]]:
        """Rows of `show channels`."""
        return list(json.loads(self.api("show channels as json")).get("rows", []))

    def hang_up_everything(self, timeout: float = 20.0) -> None:
        """End all calls and wait until none is left."""
        pause, deadline = threading.Event(), time.monotonic() + timeout
        while self.channels():
            assert time.monotonic() < deadline, f"calls that don't end: {self.channels()}"
            self.api("hupall")
            pause.wait(0.05)

    def _log_in(self, password: str) -> None:
        headers, body = self._frame()
        if headers.get("Content-Type") != "auth/request":
            raise EslRefusedError(body.strip() or str(headers))
        self._socket.sendall(f"auth {password}\n\n".encode())
        reply = self._frame()[0].get("Reply-Text", "")
        if not reply.startswith("+OK"):
            raise EslRefusedError(reply)

    def _frame(self) -> tuple[dict[str, str], str]:
        lines = []
        while (line := self._stream.readline()) not in (b"\n", b""):
            lines.append(line.decode())
        headers = parse_headers("".join(lines))
        if not headers:
            raise ConnectionResetError("the switch closed the event socket")
        length = int(headers.get("Content-Length", 0))
        return headers, self._stream.read(length).decode(errors="replace")

    def _read(self) -> None:
        while True:
            try:
                headers, body = self._frame()
            except (OSError, ValueError):
                return
            if headers["Content-Type"] == "text/event-plain":
                self._keep(body)
            elif headers["Content-Type"] in ("command/reply", "api/response"):
                self._replies.put((headers, body))

    def _keep(self, body: str) -> None:
        head, _, rest = body.partition("\n\n")
        with self._changed:
            self.events.append(parse_headers(head) | {"_body": rest})
            self._changed.notify_all()
