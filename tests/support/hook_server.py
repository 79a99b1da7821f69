"""A real HTTP server that webhooks are sent to, and that answers as told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    """A request."""

    path: str
    headers: dict[str, str]
    body: bytes


class HookServer:
    """Notes requests; answers with `status`, or with the next of `statuses`."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.status = 204
        self.statuses: list[int] = []
        self.silent = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/hook?from=zuoxi"

    @property
    def ids(self) -> list[str]:
        """The ids of the messages in the order in which they came."""
        return [one.headers["webhook-id"] for one in self.received]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                if outer.silent.is_set():
                    self.rfile.read(1)  # until whoever asks is gone
                    return
                status = outer.statuses.pop(0) if outer.statuses else outer.status
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def start(self) -> None:
        """Serve in a thread."""
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Be gone."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running_hook_server() -> Iterator[HookServer]:
    """A running server."""
    server = HookServer()
    server.start()
    yield server
    server.stop()
