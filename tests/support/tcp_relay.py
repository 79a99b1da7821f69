"""A wire between a client and a server that a test can cut: everything is passed on, until it isn't."""

import socket
import threading
from contextlib import suppress
from typing import Self

from tests.support.sip_transactions import Address


class TcpRelay:
    """Listens on loopback and passes every connection on to `target`; use as a context manager."""

    def __init__(self, target: Address) -> None:
        """`target` may start to listen later."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._broken = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """End every present connection; new ones are passed on as before."""
        with self._lock:
            for one in self._open:
                with suppress(OSError):  # it may have been closed by its other side just now
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open.clear()

    def stay_broken(self, broken: bool) -> None:
        """Cut, and refuse new connections until told otherwise."""
        self._broken = broken
        if broken:
            self.cut()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                if self._broken:
                    client.close()
                    continue
                self._join(client, socket.create_connection(self._target))

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self._open += [client, server]
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # cut
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
