"""One thread that serves the sockets and timers of all test phones, so that their state needs no locks."""

import heapq
import itertools
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")
FRAME_SECONDS = 0.02


class SipLoop:
    """Runs `receive` of registered sockets, timers, and a frame of every party's media each 20 ms."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._jobs: deque[Callable[[], None]] = deque()
        self._senders: list[Callable[[], None]] = []
        self._changed = threading.Condition()
        self._wake, waker = socket.socketpair()
        self._waker = waker
        self._stopped = False
        self.watch(self._wake, lambda: self._wake.recv(4096))
        self._thread = threading.Thread(target=self._run, name="sip-loop", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread."""
        self._stopped = True
        self._waker.send(b"x")
        self._thread.join(5)

    def do(self, work: Callable[[], Result]) -> Result:
        """Run `work` in the loop's thread and return what it returns or raise what it raises."""
        if threading.current_thread() is self._thread:
            return work()
        future: Future[Result] = Future()
        self._jobs.append(lambda: _settle(future, work))
        self._waker.send(b"x")
        return future.result(10)

    def wait(self, what: str, condition: Callable[[], bool], timeout: float = 20.0) -> None:
        """Block a test until `condition` holds; looked at after everything that happens, and each 20 ms.

        Raises TimeoutError naming `what` after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                raise TimeoutError(f"waited {timeout} s for: {what}")

    def watch(self, sock: socket.socket, receive: Callable[[], object]) -> None:
        """Call `receive` whenever the socket has data."""
        self._selector.register(sock, selectors.EVENT_READ, receive)

    def forget(self, sock: socket.socket) -> None:
        """Stop watching; call it before closing the socket."""
        self._selector.unregister(sock)

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Run `work` once, `seconds` from now."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), work))

    def send_with(self, sender: Callable[[], None]) -> None:
        """Call `sender` each 20 ms."""
        self._senders.append(sender)

    def send_no_more(self, sender: Callable[[], None]) -> None:
        """Undo `send_with`."""
        self._senders.remove(sender)

    def _run(self) -> None:
        frame_due = time.monotonic()
        while not self._stopped:
            for key, _ in self._selector.select(self._pause(frame_due)):
                key.data()
            self._run_jobs()
            self._run_timers()
            if time.monotonic() >= frame_due:
                frame_due += FRAME_SECONDS
                for sender in list(self._senders):
                    sender()
            with self._changed:
                self._changed.notify_all()

    def _pause(self, frame_due: float) -> float:
        due = min(frame_due, self._timers[0][0]) if self._timers else frame_due
        return max(0.0, due - time.monotonic())

    def _run_jobs(self) -> None:
        while self._jobs:
            self._jobs.popleft()()

    def _run_timers(self) -> None:
        while self._timers and self._timers[0][0] <= time.monotonic():
            heapq.heappop(self._timers)[2]()


def _settle(future: "Future[Result]", work: Callable[[], Result]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - handed on to the thread that asked
        future.set_exception(error)
