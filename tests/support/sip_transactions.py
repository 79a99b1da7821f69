"""Transactions of a test phone over UDP: repeats what may be lost, answers repeats the same way (RFC 3261, 17)."""

import socket
from collections.abc import Callable

from tests.support.sip_loop import SipLoop
from tests.support.sip_message import SipMessage

T1 = 0.5
GIVE_UP = 32.0
Address = tuple[str, int]
OnResponse = Callable[[SipMessage], None]


class Transactions:
    """Owns the socket; requests of others go to `on_request`, which answers through `reply`."""

    def __init__(self, loop: SipLoop, on_request: Callable[[SipMessage, Address], None]) -> None:
        self.loop = loop
        self.on_request = on_request
        self.deaf = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.address: Address = self.socket.getsockname()
        self._waiting: dict[tuple[str, str], OnResponse] = {}
        self._unanswered: set[tuple[str, str]] = set()
        self._replies: dict[tuple[str, str], bytes] = {}
        loop.do(lambda: loop.watch(self.socket, self._receive))

    def close(self) -> None:
        """Stop listening and free the port."""
        self.loop.do(lambda: self.loop.forget(self.socket))
        self.socket.close()

    def request(self, message: SipMessage, to: Address, on_response: OnResponse) -> None:
        """Send a request and repeat it until something comes back; every response goes to `on_response`."""
        key = (message.branch, message.method)
        self._waiting[key] = on_response
        self._unanswered.add(key)
        self._repeat(key, message.encode(), to, T1)

    def send(self, message: SipMessage, to: Address) -> None:
        """Send once, expecting nothing: for ACK."""
        self._write(message.encode(), to)

    def reply(self, request: SipMessage, response: SipMessage, to: Address) -> None:
        """Answer a request; the same again if it is repeated."""
        data = response.encode()
        self._replies[(request.branch, request.method)] = data
        self._write(data, to)

    def _write(self, data: bytes, to: Address) -> None:
        if not self.deaf:
            self.socket.sendto(data, to)

    def _repeat(self, key: tuple[str, str], data: bytes, to: Address, wait: float) -> None:
        if key not in self._unanswered or wait > GIVE_UP or self.socket.fileno() < 0:
            return
        self._write(data, to)
        self.loop.later(wait, lambda: self._repeat(key, data, to, 2 * wait))

    def _receive(self) -> None:
        try:
            data, source = self.socket.recvfrom(65536)
        except (BlockingIOError, ConnectionRefusedError):
            return
        if self.deaf or not data.strip():
            return
        message = SipMessage.parse(data)
        key = (message.branch, message.method)
        if message.status:
            self._unanswered.discard(key)
            self._waiting.get(key, _ignore)(message)
        elif key in self._replies and message.method != "ACK":
            self._write(self._replies[key], source)
        else:
            self.on_request(message, source)


def _ignore(_: SipMessage) -> None:
    """A response to something we no longer care about."""
