"""Start a simulated FreeSWITCH as a process of its own, for any test that needs a switch."""

import os
import re
import secrets
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulator.control import Control

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 15


@dataclass(frozen=True)
class SimulatedSwitch:
    """A running simulated switch."""

    host: str
    port: int
    password: str
    control: Control
    process: subprocess.Popen[bytes]


@contextmanager
def simulated_switch(*arguments: str, tick_ms: float = 5) -> Iterator[SimulatedSwitch]:
    """A switch on free ports with a password of its own; ended with the block."""
    password = secrets.token_hex(8)
    command = [sys.executable, "-m", "simulator", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
    command += ["--password-env", "SIMULATED_PASSWORD", "--tick-ms", str(tick_ms), *arguments]
    environment = os.environ | {"SIMULATED_PASSWORD": password}
    process = subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE)
    try:
        addresses = _read_addresses(process)
        with Control(*addresses["control channel"]) as control:
            host, port = addresses["event socket"]
            yield SimulatedSwitch(host, port, password, control, process)
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


def _read_addresses(process: subprocess.Popen[bytes]) -> dict[str, tuple[str, int]]:
    assert process.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    text = b""
    addresses: dict[str, tuple[str, int]] = {}
    while len(addresses) < 2:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(process.stdout.fileno(), 4096) if ready else b""
        if not chunk:
            raise RuntimeError(f"the simulated switch did not start: {text.decode()!r}")
        text += chunk
        for name, host, port in re.findall(r"(event socket|control channel) on ([\d.]+):(\d+)\n", text.decode()):
            addresses[name] = (host, int(port))
    return addresses
