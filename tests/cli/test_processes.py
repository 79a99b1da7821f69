"""Programs that run together end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from tests.support.redis_server import free_port
from webui.cli.embedded_redis import embedded_redis
from webui.cli.errors import CommandError
from webui.cli.ports import require_free
from webui.cli.processes import Processes

FOR_EVER = "import time; time.sleep(3600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); {FOR_EVER}"


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # between two looks; the deadline ends the loop


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_first_to_end_is_named_with_its_status(capfd: pytest.CaptureFixture[str]) -> None:
    """OPS-1: its lines are shown with its name, the others are ended."""
    processes = Processes()
    processes.start("steady", [sys.executable, "-c", FOR_EVER], os.environ)
    processes.start("brief", [sys.executable, "-c", "print('坐席'); raise SystemExit(3)"], os.environ)
    processes.watch()
    assert processes.wait() == ("brief", 3)
    processes.stop(10)
    assert "brief  | 坐席" in capfd.readouterr().out


def test_an_interrupt_ends_the_waiting() -> None:
    """OPS-1: as Ctrl-C does."""
    processes = Processes()
    processes.start("steady", [sys.executable, "-c", FOR_EVER], os.environ)
    processes.watch()
    processes.interrupt(signal.SIGINT, None)
    assert processes.wait() is None
    processes.stop(10)


def test_a_program_that_will_not_end_is_killed(capfd: pytest.CaptureFixture[str]) -> None:
    """OPS-1: after the limit."""
    processes = Processes()
    processes.start("stubborn", [sys.executable, "-c", STUBBORN], os.environ)
    processes.watch()
    _until(lambda: "ready" in capfd.readouterr().out)
    processes.stop(0.1)
    assert processes.wait() == ("stubborn", -signal.SIGKILL)


def test_a_killed_launcher_leaves_nobody_behind(tmp_path: Path) -> None:
    """SAFE-1: after SIGKILL of the parent no child is left to hold a port."""
    script = (
        "import sys, time\nfrom webui.cli.processes import spawn\n"
        f"child = spawn([sys.executable, '-c', {FOR_EVER!r}])\n"
        "open(sys.argv[1], 'w').write(str(child.pid) + '\\n')\ntime.sleep(3600)\n"
    )
    note = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", script, str(note)]) as parent:
        _until(lambda: note.exists() and note.read_text().endswith("\n"))
        parent.kill()
    _until(lambda: not _alive(int(note.read_text())))


def test_the_embedded_redis_keeps_what_was_written(tmp_path: Path) -> None:
    """SAFE-1: what was there is there again after a stop; it listens on 127.0.0.1 alone."""
    port = free_port()
    for expected in (None, b"here"):
        with embedded_redis(port, tmp_path / "redis"), Redis(host="127.0.0.1", port=port) as redis:
            assert redis.get("kept") == expected
            redis.set("kept", "here")
            for name, value in {"bind": "127.0.0.1", "appendonly": "yes", "appendfsync": "everysec"}.items():
                assert redis.config_get(name) == {name: value}
    require_free("127.0.0.1", port, "Redis", "ZUOXI_REDIS_URL")


def test_a_redis_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    """OPS-1: its log is named."""
    port = free_port()
    with (
        embedded_redis(port, tmp_path / "one"),
        pytest.raises(CommandError, match=r"did not start: .*redis.log"),
        embedded_redis(port, tmp_path / "two"),
    ):
        pass


def test_a_port_in_use_is_named_with_its_setting(redis_server: object) -> None:
    """OPS-1: one sentence says which port, what for, and which setting chooses another."""
    port = redis_server.port  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=f"Port {port} of 127.0.0.1, for Redis, .* ZUOXI_REDIS_URL") as caught:
        require_free("127.0.0.1", port, "Redis", "ZUOXI_REDIS_URL")
    assert caught.value.exit_code == 1
