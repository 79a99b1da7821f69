"""A switch that says what the test tells it to: a real TCP server on a free port, one greenlet a client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent
from gevent import socket
from gevent.event import Event
from gevent.queue import Queue
from gevent.server import StreamServer

WAIT_S = 20.0


class Peer:
    """The switch's end of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._lines = sock.makefile("rb")

    def say(self, data: bytes) -> None:
        """Send raw bytes."""
        self._sock.sendall(data)

    def reply(self, text: str, **headers: str) -> None:
        """Answer a command."""
        more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
        self.say(f"Content-Type: command/reply\nReply-Text: {text}\n{more}\n".encode())

    def answer(self, text: str) -> None:
        """Answer an api command."""
        body = text.encode()
        self.say(f"Content-Type: api/response\nContent-Length: {len(body)}\n\n".encode() + body)

    def event(self, body: bytes) -> None:
        """Send a plain event."""
        self.say(f"Content-Length: {len(body)}\nContent-Type: text/event-plain\n\n".encode() + body)

    def hear(self) -> str:
        """The next command, without its empty line; empty once the client has gone."""
        lines = []
        with gevent.Timeout(WAIT_S):
            while (line := self._lines.readline()) not in (b"\n", b""):
                lines.append(line.decode().rstrip("\n"))
        return "\n".join(lines)

    def let_in(self) -> str:
        """Ask for the password, accept it and the subscription; returns the subscription."""
        self.say(b"Content-Type: auth/request\n\n")
        self.hear()
        self.reply("+OK accepted")
        subscription = self.hear()
        self.reply("+OK event listener enabled plain")
        return subscription

    def close(self) -> None:
        """End the connection from the switch's side."""
        self._lines.close()
        self._sock.close()


class ScriptedSwitch:
    """Runs `script(peer)` for each client that connects; a script that fails, fails the test."""

    def __init__(self, script: Callable[[Peer], None]) -> None:
        self._script = script
        self._server = StreamServer(("127.0.0.1", 0), self._serve)
        self.connected: Queue[Peer] = Queue()
        self.finished = Event()
        self.failure: Exception | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    def _serve(self, sock: socket.socket, _address: object) -> None:
        peer = Peer(sock)
        self.connected.put(peer)
        try:
            self._script(peer)
        except Exception as failure:  # noqa: BLE001 - handed on to the test
            self.failure = failure
        finally:
            self.finished.set()
            peer.close()

    def start(self) -> None:
        """Begin to listen."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening and end all connections."""
        self._server.stop(timeout=0)


@contextmanager
def scripted(script: Callable[[Peer], None]) -> Iterator[ScriptedSwitch]:
    """A running scripted switch; when the test is through with it, its script must not have failed."""
    switch = ScriptedSwitch(script)
    switch.start()
    try:
        yield switch
    finally:
        switch.stop()
    if switch.failure is not None and not isinstance(switch.failure, OSError):  # a client may just hang up
        raise switch.failure


def wait_for_end(peer: Peer) -> None:
    """Take everything in silence, except a farewell."""
    while command := peer.hear():
        if command == "exit":
            peer.reply("+OK bye")
