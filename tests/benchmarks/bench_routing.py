"""How the cost of one routing decision grows with agents and callers, on a real Redis.

`python -m tests.benchmarks.bench_routing` fills a queue with waiting callers and ready agents who have not met yet,
lets them meet, and prints the time of one meeting (choose, reserve both, ring the agent). The sizes take turns, a few
hundred meetings each. Largest <= 1.5 x smallest is the goal: routing must not depend on how much there is.
"""

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from orchestrator.domain.agent import AgentState
from orchestrator.service.end_call import LegReport
from orchestrator.service.ports import Head
from orchestrator.service.route_call import enter
from orchestrator.service.work import Unit
from tests.support.call_centre import CallCentre
from tests.support.redis_server import RedisServer

SIZES = ((10, 10), (500, 500), (5000, 10_000))
ROUNDS = 300


def fill(centre: CallCentre, agents: int, callers: int) -> None:
    """Agents go online and callers enter the line without being brought together."""

    def go_online(unit: Unit, agent: str) -> None:
        found = unit.agent(agent)
        if found:
            unit.save_agent(found.choose(AgentState.ONLINE, "", unit.now), "bench")

    for n in range(1, agents + 1):
        centre.use.work.run("t", lambda unit, n=n: go_online(unit, f"a{n}"))  # type: ignore[misc]
        centre.clock.pass_s(0.001)
    for n in range(callers):
        wait(centre, f"c{n}")


def wait(centre: CallCentre, call: str) -> None:
    """One more caller stands in line, met by nobody."""

    def decide(unit: Unit) -> None:
        found = unit.call(call)
        if found:
            enter(unit, found.answer(unit.now), unit.config.queues["sales"])

    centre.arrive(call)
    centre.use.work.run("t", decide)
    centre.clock.pass_s(0.001)


def meet(centre: CallCentre, heads: list[Head], n: int) -> tuple[float, list[Head]]:
    """Time one meeting in ms; then the agent is back and another caller has come, so the sizes stay."""
    before = time.perf_counter_ns()
    pair = centre.use.offers.best_pair("t", heads)
    assert pair is not None
    heads = centre.use.offers.reserve("t", pair) or []
    spent = (time.perf_counter_ns() - before) / 1e6
    assert pair.call is not None
    call = pair.call.document.id
    centre.use.work.run("t", lambda unit: end(centre, unit, call))
    wait(centre, f"n{n}")
    return spent, centre.use.work.run("t", lambda unit: unit.wake.add("sales")) or []


def end(centre: CallCentre, unit: Unit, call: str) -> None:
    """The caller hangs up, the agent is free again; nobody is matched."""
    centre.use.end.leave(unit, call, LegReport(leg=call, role="caller"), lost=False)


def main() -> None:
    """Measure and print."""
    with ExitStack() as stack:
        centres, heads = [], []
        for agents, callers in SIZES:
            server = RedisServer(Path(stack.enter_context(tempfile.TemporaryDirectory())))
            server.start()
            stack.callback(server.stop)
            centre = CallCentre(server.url, agents)
            fill(centre, agents, callers)
            centres.append(centre)
            heads.append(centre.use.work.run("t", lambda unit: unit.wake.add("sales")) or [])
        times: list[list[float]] = [[] for _ in SIZES]
        for n in range(ROUNDS):
            for i, centre in enumerate(centres):
                spent, heads[i] = meet(centre, heads[i], n)
                times[i].append(spent)
    medians = [statistics.median(samples) for samples in times]
    for (agents, callers), median in zip(SIZES, medians, strict=True):
        print(f"one decision with {agents:5} agents x {callers:6} waiting   {median:6.2f} ms (median of {ROUNDS})")
    print(f"largest / smallest   {medians[-1] / medians[0]:.2f}   (goal: <= 1.50)")


if __name__ == "__main__":
    main()
