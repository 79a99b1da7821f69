"""What a whole queue call costs on a real Redis.

`python -m tests.benchmarks.bench_calls` prints wall and CPU time of this process for a call from arrival to the end
of its wrap-up (no switch: the telephony only notes). The rest of the wall time is Redis and the way to it.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator.domain.commands import RingAgent
from orchestrator.service.end_call import LegReport
from tests.support.call_centre import CallCentre
from tests.support.redis_server import RedisServer

CALLS = 500
AGENTS = 20


@contextmanager
def call_centre() -> Iterator[CallCentre]:
    """A call centre with ready agents, on a Redis of its own."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            centre = CallCentre(server.url, AGENTS)
            centre.online(*(f"a{n}" for n in range(1, AGENTS + 1)))
            yield centre
        finally:
            server.stop()


def whole_call(centre: CallCentre, call: str) -> None:
    """A caller arrives, is queued, rings an agent, talks; both hang up and the agent wraps up."""
    centre.queue(call)
    order = next(c for c in centre.telephony.take() if isinstance(c, RingAgent))
    centre.use.answer.alerted("t", call, order.leg, "fs1")
    centre.use.answer.parked("t", call, order.leg, "fs1")
    centre.use.answer.joined("t", call, order.leg)
    centre.use.end.agent_leg_ended("t", call, LegReport(leg=order.leg, role="agent", agent=order.agent))
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))
    centre.use.agents.finish_wrap_up("t", order.agent, "bench")


def timed_call(centre: CallCentre, call: str) -> tuple[int, int]:
    """Return wall and CPU nanoseconds of one call."""
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    whole_call(centre, call)
    return time.perf_counter_ns() - wall, time.process_time_ns() - cpu


def main() -> None:
    """Measure and print."""
    with call_centre() as centre:
        times = [timed_call(centre, f"c{n}") for n in range(CALLS)]
    wall, cpu = (statistics.median(side) / 1e6 for side in zip(*times, strict=True))
    print(f"whole call   wall {wall:5.2f} ms   CPU of this process {cpu:5.2f} ms   (medians of {CALLS})")


if __name__ == "__main__":
    main()
