"""`zuoxi run`: everything comes up, shows where to look, and goes away without a trace."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from orchestrator.database.connection import open_database
from orchestrator.database.models import CallEventRow
from tests.support.redis_server import free_port

LIMIT_S = 90


class Run:
    """A running `zuoxi run` and what it has said."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "webui.cli", "run"],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    @property
    def said(self) -> str:
        """Everything so far."""
        return "".join(self.lines)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to come true while it runs."""
        deadline = time.monotonic() + LIMIT_S
        while not condition():
            assert time.monotonic() < deadline, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)  # between two looks; the deadline ends the loop

    def end(self) -> int:
        """Wait for the end and return the exit status."""
        status = self.process.wait(LIMIT_S)
        self._reader.join(LIMIT_S)
        return status

    def children(self) -> dict[str, psutil.Process]:
        """The programs it started, by the last word that tells them apart."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return {_name(child.cmdline()): child for child in found}


def _name(command: list[str]) -> str:
    return (
        command[command.index("-m") + 1] if "-m" in command else Path(command[0].split()[0]).name
    )  # redis-server writes its title there


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    """Settings of a machine of its own."""
    return {
        "ZUOXI_DATA_DIR": str(tmp_path / "var"),
        "ZUOXI_DATABASE_URL": f"sqlite:///{tmp_path}/var/zuoxi.db",
        "ZUOXI_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
        "ZUOXI_WEB_PORT": str(free_port()),
        "ZUOXI_SIMULATOR_PORT": str(free_port()),
        "ZUOXI_SIMULATOR_CALLS_PER_SECOND": "5",
        "ZUOXI_SWITCHES": "",
    }


@pytest.fixture
def run(place: dict[str, str]) -> Iterator[Run]:
    """Everything, up and announced."""
    running = Run(place)
    try:
        running.until(lambda: "Zuoxi 坐席 is at" in running.said)
        yield running
    finally:
        running.process.terminate()
        running.end()


def test_everything_comes_up_works_and_goes(run: Run, place: dict[str, str]) -> None:
    """OPS-1: log-ins and address are shown, calls are connected and recorded; SIGTERM leaves no process behind."""
    with urllib.request.urlopen(f"http://127.0.0.1:{place['ZUOXI_WEB_PORT']}/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert {"admin", "supervisor", "1001", "1020"} <= {line.split(" ")[0] for line in run.lines}
    open_database(place["ZUOXI_DATABASE_URL"])
    run.until(lambda: CallEventRow.select().where(CallEventRow.type == "connected").exists())
    children = run.children()
    assert set(children) >= {"simulator", "orchestrator", "workers", "webui", "webui.cli", "redis-server"}
    run.process.send_signal(signal.SIGTERM)
    assert run.end() == 0
    assert run.lines[-1] == "Everything is stopped.\n"
    assert not any(child.is_running() for child in children.values())


def test_a_program_that_ends_is_named_and_ends_all(run: Run) -> None:
    """OPS-1: exit status 1, one sentence at the end, nothing left behind."""
    children = run.children()
    children["workers"].kill()
    assert run.end() == 1
    assert "worker ended (exit status -9)" in run.lines[-1]
    assert not any(child.is_running() for child in children.values())


def test_a_port_in_use_is_said_before_anything_is_made(place: dict[str, str], redis_url: str) -> None:
    """OPS-1: the sentence names port and setting; exit status 1; no data directory appears."""
    run = Run({**place, "ZUOXI_REDIS_URL": redis_url})
    assert run.end() == 1
    assert len(run.lines) == 1
    assert "for Redis" in run.said
    assert "ZUOXI_REDIS_URL" in run.said
    assert not Path(place["ZUOXI_DATA_DIR"]).exists()


def test_a_switch_that_is_not_there_is_said_before_anything_is_made(place: dict[str, str]) -> None:
    """OPS-1: with real switches set, each is tried first."""
    run = Run({**place, "ZUOXI_SWITCHES": f"main=esl://:secret@127.0.0.1:{free_port()}"})
    assert run.end() == 1
    assert len(run.lines) == 1
    assert "Switch main" in run.said
    assert "secret" not in run.said
    assert not Path(place["ZUOXI_DATA_DIR"]).exists()
