"""Child processes of the launcher: started together, their lines told apart, ended together.

Why not honcho's manager, which does nearly this: an interrupt in its first moments raises and leaves children
behind, and so does a kill of the manager itself. Here the kernel ends the children with their parent.
"""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from typing import IO, Any

import click

COLOURS = ("cyan", "green", "yellow", "magenta", "blue")

#: prctl(2): have the kernel send a signal when the parent ends.
PR_SET_PDEATHSIG = 1

Child = subprocess.Popen[bytes]


def spawn(command: Sequence[str], output: int | None = None, env: Mapping[str, str] | None = None) -> Child:
    """Start a program that ends with us, away from the terminal's Ctrl-C: we say when it ends."""
    return subprocess.Popen(  # noqa: S603 - our own programs, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        start_new_session=True,
        preexec_fn=_end_with_parent(),
    )


def _end_with_parent() -> Callable[[], object] | None:
    if sys.platform != "linux":
        return None
    prctl: Callable[[int, int], Any] = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(children: Sequence[Child], limit_s: float) -> None:
    """End programs in order (SIGTERM), and those that are not gone within the limit by force."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + limit_s
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Processes:
    """Programs that run together; their output is shown line by line, with their names."""

    def __init__(self) -> None:
        self._children: dict[str, Child] = {}
        self._ended: SimpleQueue[str | None] = SimpleQueue()
        self._writing = threading.Lock()

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start a program; call it before any other thread is started that holds locks."""
        self._children[name] = spawn(command, subprocess.PIPE, env)

    def watch(self) -> None:
        """Show the output of all programs and notice the end of each."""
        width = max(len(name) for name in self._children)
        for place, (name, child) in enumerate(self._children.items()):
            prefix = click.style(f"{name:<{width}} | ", fg=COLOURS[place % len(COLOURS)])
            threading.Thread(target=self._follow, args=(name, child, prefix), daemon=True).start()

    def interrupt(self, *_: object) -> None:
        """Make `wait` return; a signal handler."""
        self._ended.put(None)

    def wait(self) -> tuple[str, int] | None:
        """Wait until a program ends (its name and exit status) or until interrupted (None)."""
        name = self._ended.get()
        return None if name is None else (name, self._children[name].wait())

    def stop(self, limit_s: float) -> None:
        """End all programs."""
        stop(list(self._children.values()), limit_s)

    def _follow(self, name: str, child: Child, prefix: str) -> None:
        output: IO[bytes] | None = child.stdout
        for line in output or ():
            with self._writing:
                click.echo(prefix + line.decode("utf-8", "replace").rstrip("\n"))
        child.wait()
        self._ended.put(name)
