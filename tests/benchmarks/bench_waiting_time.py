"""How far the estimated wait is from what callers then really wait, in simulated queues without a switch.

`python -m tests.benchmarks.bench_waiting_time` lets callers arrive at random (Poisson), wait in one line for agents
(lognormal handling times, mean 180 s), and give up at random (exponential patience, or none). Each
caller who has to wait is given an estimate on arrival; for those who are served, it is compared with the wait.
Printed is the mean absolute error, beside that of always saying the mean wait, known afterwards (no estimate), and of
saying what the last served caller waited.
"""

import heapq
import random
import statistics
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from orchestrator.domain.waiting_time import KEPT, WAITED_US, Departure, estimated_wait

SECOND = 1_000_000
CALLERS = 20_000
HANDLING_S = 180.0


@dataclass(frozen=True)
class Setting:
    """A queue: `load` is offered work by agents (1 = as much as they can do), `patience_s` 0 = nobody gives up.

    `wave` is how much the arrivals swing about their mean within four hours (0-1).
    """

    name: str
    agents: int
    load: float
    patience_s: float = 0.0
    wave: float = 0.0


SETTINGS = (
    Setting("5 agents, load 0.9, nobody gives up", 5, 0.9),
    Setting("20 agents, load 0.95, nobody gives up", 20, 0.95),
    Setting("5 agents, load 1.1, patience 5 min", 5, 1.1, 300),
    Setting("20 agents, load 1.2, patience 3 min", 20, 1.2, 180),
    Setting("10 agents, load swings 0.5-1.5, patience 5 min", 10, 1.0, 300, 0.5),
    Setting("50 agents, load swings 0.5-1.5, patience 5 min", 50, 1.0, 300, 0.5),
)


@dataclass
class Line:
    """One queue in simulated time (us): what happens when is kept in `ahead`."""

    setting: Setting
    chance: random.Random
    now: int = 0
    free: int = 0
    waiting: dict[int, tuple[int, int | None, int | None]] = field(default_factory=dict)
    departures: deque[Departure] = field(default_factory=lambda: deque(maxlen=KEPT))
    last_served: int | None = None
    ahead: list[tuple[int, int, str]] = field(default_factory=list)

    def run(self) -> Iterator[tuple[int, int, int]]:
        """Yield (wait, estimate, wait of the last served) of each served caller who had both."""
        self.free = self.setting.agents
        self.plan("arrives", 0, 1)
        while self.ahead:
            self.now, caller, happens = heapq.heappop(self.ahead)
            if happens == "arrives":
                self.arrive(caller)
            elif happens == "gives up" and caller in self.waiting:
                self.leave(caller, served=False)
            elif happens == "is done":
                self.free += 1
            yield from self.serve()

    def plan(self, happens: str, caller: int, after_s: float) -> None:
        heapq.heappush(self.ahead, (self.now + int(after_s * SECOND), caller, happens))

    def arrive(self, caller: int) -> None:
        position = len(self.waiting) + 1
        known = None if self.free else estimated_wait(position, self.now, self.departures, self.now)
        self.waiting[caller] = (self.now, known, self.last_served)
        if self.setting.patience_s:
            self.plan("gives up", caller, self.chance.expovariate(1 / self.setting.patience_s))
        if caller < CALLERS:
            self.plan("arrives", caller + 1, self.chance.expovariate(self.rate()))

    def rate(self) -> float:
        swing = 1 + self.setting.wave * (1 if (self.now // SECOND) % 14_400 < 7_200 else -1)
        return swing * self.setting.load * self.setting.agents / HANDLING_S

    def serve(self) -> Iterator[tuple[int, int, int]]:
        while self.free and self.waiting:
            caller = next(iter(self.waiting))
            entered, known, last = self.leave(caller, served=True)
            self.free -= 1
            self.plan("is done", caller, self.chance.lognormvariate(*LOGNORMAL))
            if known is not None and last is not None:
                yield self.now - entered, known, last
            self.last_served = self.now - entered

    def leave(self, caller: int, *, served: bool) -> tuple[int, int | None, int | None]:
        entered, known, last = self.waiting.pop(caller)
        if self.now - entered >= WAITED_US:
            self.departures.append(Departure(entered, self.now, served))
        return entered, known, last


#: Parameters with the mean HANDLING_S and a standard deviation as large: talks vary as much as that.
LOGNORMAL = (4.8463, 0.8326)


def error(told: Callable[[tuple[int, int, int]], float], waits: list[tuple[int, int, int]]) -> float:
    """Mean absolute error in seconds."""
    return statistics.fmean(abs(told(one) - one[0]) for one in waits) / SECOND


def main() -> None:
    """Print a row of figures for each setting."""
    heads = f"{'mean wait':>9} {'estimate':>9} {'constant':>9} {'last wait':>9}"
    print(f"{'callers who waited':48} {heads}   estimate / constant")
    for setting in SETTINGS:
        waits = list(Line(setting, random.Random(1)).run())
        mean = statistics.fmean(wait for wait, _, _ in waits)
        ours, constant = error(lambda one: one[1], waits), error(lambda _, mean=mean: mean, waits)  # type: ignore[misc]
        last = error(lambda one: one[2], waits)
        row = f"{setting.name:48} {mean / SECOND:8.0f}s {ours:8.0f}s {constant:8.0f}s {last:8.0f}s"
        print(f"{row}   {ours / constant:.2f}")


if __name__ == "__main__":
    main()
