"""How soon the next caller's agent rings after a call has ended, through every process, on the simulated switch.

`python -m tests.benchmarks.bench_next_call` lets one agent serve a line of callers without wrap-up and prints the time
from the end of the agent's leg to the creation of the next one, both by the switch's own clock.
"""

import json
import statistics
import tempfile
from itertools import pairwise
from pathlib import Path

from orchestrator.store import keys
from simulator.control import Behaviour
from tests.support.real_centre import TENANT
from tests.support.simulated_centre import simulated_centre

CALLS = 200


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated_centre(Path(folder), 1, call_form=False) as centre,
    ):
        centre.control.set_phone("t-1", Behaviour(after_ms=5, talk_ms=20))
        for n in range(CALLS + 1):
            centre.call_in(f"1380013{n:04}")
        centre.wait("the line", lambda: len(centre.calls()) == CALLS + 1, 30)
        centre.online()
        centre.control.wait_for(count="ended", at_least=CALLS + 1, timeout_ms=120_000)
        events = [json.loads(fields["e"]) for _, fields in centre.redis.xrange(keys.events(TENANT))]
    legs = sorted((e["created"], e["ended"]) for e in events if e["type"] == "leg_ended" and e["role"] == "agent")
    gaps = sorted((created - ended) / 1000 for (_, ended), (created, _) in pairwise(legs))
    p50, p95, p99 = statistics.median(gaps), gaps[int(len(gaps) * 0.95)], gaps[int(len(gaps) * 0.99)]
    print(
        f"end of a call -> next agent leg  p50 {p50:.1f} ms   p95 {p95:.1f} ms   p99 {p99:.1f} ms   ({len(gaps)} calls)"
    )


if __name__ == "__main__":
    main()
