"""Sending one message by HTTP: to an address that was checked, without following redirects, within a time limit."""

import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from threading import Timer

from orchestrator.database.webhooks import Answer
from orchestrator.webhooks.addresses import BadAddressError, Network, Target, check_address, target_of

#: Seconds until a connection must stand, and until the whole answer must have come.
CONNECT_S, WHOLE_S = 5.0, 10.0

#: Bytes of an answer that are read; what it says counts for nothing.
LONGEST_ANSWER = 65_536


class PinnedConnection(HTTPConnection):
    """A connection to an address that was looked up and checked before; TLS still proves the name."""

    def __init__(self, target: Target, address: str, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_S)
        self._target, self._address, self._context = target, address, context
        self.default_port = 443 if target.secure else 80  # decides whether Host names the port

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.create_connection((self._address, self._target.port), CONNECT_S)
        if self._target.secure:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self._target.host)
        self.sock.settimeout(WHOLE_S)  # who thinks for longer than a connection may take is not away

    def cut(self) -> None:
        """End it from another thread: whoever reads or writes fails at once."""
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


def post(url: str, headers: Mapping[str, str], body: bytes, private: Sequence[Network]) -> Answer:
    """Send a message; whatever goes wrong is in the answer: `error` is an id, empty for a status of 200 to 299."""
    began = time.monotonic()
    code: int | None = None
    try:
        code = _post(target_of(url), headers, body, private)
        error = "" if 200 <= code < 300 else "redirect" if 300 <= code < 400 else "status"
    except BadAddressError as refused:
        error = refused.reason
    except socket.gaierror:
        error = "unknown_host"
    except TimeoutError:
        error = "timeout"
    except ssl.SSLError:
        error = "tls"
    except (OSError, HTTPException):
        error = "timeout" if time.monotonic() - began >= WHOLE_S else "connection"
    return Answer(code=code, ms=round((time.monotonic() - began) * 1000), error=error)


def addresses(target: Target, private: Sequence[Network]) -> list[str]:
    """Look a host up; raises BadAddressError if any of its addresses is not allowed, so none is tried by chance."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    known = list(dict.fromkeys(str(info[4][0]) for info in found))
    for address in known:
        check_address(target, address, private)
    return known


def _post(target: Target, headers: Mapping[str, str], body: bytes, private: Sequence[Network]) -> int:
    context, failed = ssl.create_default_context(), OSError("no address")
    for address in addresses(target, private)[:2]:
        connection = PinnedConnection(target, address, context)
        cutting = Timer(WHOLE_S, connection.cut)
        cutting.daemon = True
        cutting.start()
        try:
            connection.connect()
            return _ask(connection, target, headers, body)
        except ConnectionRefusedError as refused:
            failed = refused  # nothing was sent: the next address may be another family of the same host
        finally:
            cutting.cancel()
            connection.close()
    raise failed


def _ask(connection: PinnedConnection, target: Target, headers: Mapping[str, str], body: bytes) -> int:
    connection.request("POST", target.path, body, dict(headers))
    answer = connection.getresponse()
    answer.read(LONGEST_ANSWER)
    return answer.status
