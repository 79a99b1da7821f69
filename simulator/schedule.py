"""Tasks planned for a channel: sched_transfer, sched_hangup, sched_broadcast; sched_del removes them all."""

import asyncio
from collections.abc import Callable


class Schedule:
    """Planned actions by channel uuid."""

    def __init__(self) -> None:
        self._tasks: dict[str, list[asyncio.TimerHandle]] = {}

    def add(self, uuid: str, seconds: float, action: Callable[[], None]) -> None:
        """Plan an action."""
        handle = asyncio.get_running_loop().call_later(seconds, lambda: self._run(uuid, action))
        self._tasks.setdefault(uuid, []).append(handle)

    def remove(self, uuid: str) -> int:
        """Cancel every pending action of a channel and say how many there were."""
        pending = [handle for handle in self._tasks.pop(uuid, []) if not handle.cancelled()]
        for handle in pending:
            handle.cancel()
        return len(pending)

    def clear(self) -> None:
        """Forget everything."""
        for uuid in list(self._tasks):
            self.remove(uuid)

    def _run(self, uuid: str, action: Callable[[], None]) -> None:
        now = asyncio.get_running_loop().time()
        kept = [handle for handle in self._tasks.get(uuid, []) if handle.when() > now]
        self._tasks[uuid] = kept
        if not kept:
            del self._tasks[uuid]
        action()
