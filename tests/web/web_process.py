"""The web process as it runs, and a browser's side of its live feed."""

import os
import queue
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import requests
import socketio

from tests.support.redis_server import free_port
from tests.web.conftest import PASSWORD
from webui.cli.secret_files import SECRETS

#: Seconds that anything awaited may take.
LIMIT = 60.0


class WebProcess:
    """`python -m webui` on a free port."""

    def __init__(self, folder: Path, redis_url: str, database_url: str) -> None:
        self.port, self.said = free_port(), folder / "said"
        self.environment = {
            **os.environ,
            "ZUOXI_DATA_DIR": str(folder),
            "ZUOXI_REDIS_URL": redis_url,
            "ZUOXI_DATABASE_URL": database_url,
            "ZUOXI_WEB_PORT": str(self.port),
        }
        for name in SECRETS:
            (folder / name).write_text("only for tests")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start it; returns once it listens."""
        self.process = self.run()
        assert self.process.stdout is not None
        assert self.url in self.process.stdout.readline()
        return self

    def run(self, **settings: str) -> "subprocess.Popen[str]":
        """Start it, with other settings if need be, without waiting for anything."""
        return subprocess.Popen(
            [sys.executable, "-m", "webui"],
            env={**self.environment, **settings},
            stdout=subprocess.PIPE,
            stderr=self.said.open("w"),
            text=True,
        )

    def stop(self) -> int:
        """Stop it in order and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(LIMIT)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


class Browser:
    """A person's browser: session cookie and, once connected, the live feed."""

    def __init__(self, web: WebProcess, login: str | None) -> None:
        self.web, self.http = web, requests.Session()
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.feed = socketio.Client(http_session=self.http, reconnection=False)
        for event in ("seats", "queues", "me", "reset", "disconnect"):
            self.feed.on(event, lambda *data, event=event: self.heard.put((event, data[0] if data else None)))
        if login:
            body = {"login": login, "password": PASSWORD}
            assert self.http.post(f"{web.url}/api/v1/session", json=body, timeout=LIMIT).status_code == 200

    def connect(self, **how: Any) -> Self:  # noqa: ANN401 - what the client takes
        """Connect the live feed, by WebSocket from the first byte: it needs no sticky sessions."""
        self.feed.connect(self.web.url, transports=["websocket"], **how)
        return self

    def watch(self, board: object) -> Any:  # noqa: ANN401 - JSON
        """Watch a board and return what is answered."""
        return self.feed.call("watch", {"board": board}, timeout=LIMIT)

    def next(self, event: str) -> Any:  # noqa: ANN401 - JSON
        """Wait for the next message of a kind."""
        while True:
            kind, data = self.heard.get(timeout=LIMIT)
            if kind == event:
                return data

    def close(self) -> None:
        """Leave."""
        self.feed.disconnect()
        self.http.close()
