"""Work on what others sent is done by child processes: bounded in time, memory and output, without our secrets."""

import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Threads of libraries that would each reserve address space of their own.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class ChildTimeoutError(Exception):
    """The child was stopped: it took longer than it may."""


def run_child(module: str, *arguments: str, data: bytes, timeout_s: float) -> subprocess.CompletedProcess[bytes]:
    """Run one of our modules with `data` as its input, stopped after `timeout_s` seconds.

    The child bounds itself with `confine` before it looks at the data. Raises ChildTimeoutError.
    """
    return run_program([sys.executable, "-m", module, *arguments], data, timeout_s)


def run_program(command: list[str], data: bytes, timeout_s: float) -> subprocess.CompletedProcess[bytes]:
    """Run a program that reads `data`; raises ChildTimeoutError, OSError when it can't be started."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZUOXI_")}
    try:
        return subprocess.run(  # noqa: S603 - a list of arguments, no shell
            command,
            input=data,
            capture_output=True,
            timeout=timeout_s,
            cwd=ROOT,
            env={**inherited, **ONE_THREAD},
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise ChildTimeoutError(f"it took more than {timeout_s} s") from slow


def confine(megabytes: int, cpu_s: int) -> None:
    """Bound this process: address space, processor time, no files written, no core dump."""
    memory = megabytes * 1024 * 1024
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
