"""What a whole queue call costs on a real Redis.

`python -m tests.benchmarks.bench_calls` prints wall and CPU time of this process for a call from arrival to the end
of its wrap-up (no switch: the telephony only notes).
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator.domain.commands import RingAgent
from orchestrator.service.end_call import LegReport
from tests.support.call_centre import CallCentre
from tests.support.redis_server import RedisServer

CALLS = 300
AGENTS = 10


@contextmanager
def call_centre(online: int) -> Iterator[CallCentre]:
    """A fresh call centre with so many ready agents, on a Redis of its own."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            centre = CallCentre(server.url, online)
            centre.online(*(f"a{n}" for n in range(1, online + 1)))
            yield centre
        finally:
            server.stop()


def whole_call(centre: CallCentre, call: str) -> None:
    """A caller arrives, is queued, rings an agent, talks; both hang up and the agent wraps up."""
    centre.queue(call)
    order = ringing(centre)
    centre.use.answer.alerted("t", call, order.leg, "fs1")
    centre.use.answer.parked("t", call, order.leg, "fs1")
    centre.use.answer.joined("t", call, order.leg)
    centre.use.end.agent_leg_ended("t", call, LegReport(leg=order.leg, role="agent", agent=order.agent))
    leave(centre, call)
    centre.use.agents.finish_wrap_up("t", order.agent, "bench")


def ringing(centre: CallCentre) -> RingAgent:
    """Return the order to ring an agent that was just given."""
    return next(c for c in centre.telephony.take() if isinstance(c, RingAgent))


def leave(centre: CallCentre, call: str) -> None:
    """The caller hangs up."""
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))


def nanoseconds(
    work: Callable[[CallCentre, str], None],
    centre: CallCentre,
    call: str,
    clock: Callable[[], int] = time.perf_counter_ns,
) -> int:
    """Time one run."""
    before = clock()
    work(centre, call)
    return clock() - before


def main() -> None:
    """Measure and print."""
    with call_centre(AGENTS) as centre:
        for name, clock in (("wall", time.perf_counter_ns), ("CPU", time.process_time_ns)):
            times = [nanoseconds(whole_call, centre, f"{name}{n}", clock) for n in range(CALLS)]
            print(f"whole call, {name:4}   {statistics.median(times) / 1e6:6.2f} ms (median of {CALLS})")


if __name__ == "__main__":
    main()
