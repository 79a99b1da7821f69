"""What the blacklist costs a call, with nothing on it and with a million entries, on a real Redis.

`python -m tests.benchmarks.bench_blacklist` asks whether a caller's number is blocked (normalise, one ZMSCORE of 14
members) and takes whole calls (arrive, hang up), with an empty and a full list in turn on one Redis. Full <= 1.1 x
empty is the goal.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.service.check_blacklist import blocking_entry
from orchestrator.service.end_call import LegReport
from orchestrator.service.numbers import candidates
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from tests.support.call_centre import CallCentre
from tests.support.redis_server import RedisServer

ENTRIES = 1_000_000
ROUNDS = 2000

#: Not listed: what passes is looked up to the last prefix.
CALLER = "13912345678"


def entries() -> Iterator[BlockedNumber]:
    """Numbers and prefixes that are not the caller's, a third of them until some day."""
    for n in range(ENTRIES):
        expires = 4_000_000_000_000_000 if n % 3 == 0 else None
        entry = f"+86138{n:08}" + ("*" if n % 10 == 0 else "")
        yield BlockedNumber(entry=entry, direction=Direction.IN, expires=expires)


def timed(act: Callable[[], object]) -> float:
    """Time one act in microseconds."""
    before = time.perf_counter_ns()
    act()
    return (time.perf_counter_ns() - before) / 1000


def take_call(centre: CallCentre, call: str) -> None:
    """A caller arrives and hangs up."""
    centre.arrive(call, CALLER)
    centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))


def check(centre: CallCentre) -> str | None:
    """Ask whether the caller is blocked."""
    return blocking_entry(centre.use.work.unit("t"), Direction.IN, CALLER)


def compare(what: str, empty: list[float], full: list[float]) -> None:
    """Print both medians and their ratio."""
    nothing, million = statistics.median(empty), statistics.median(full)
    print(f"{what:12} {nothing:5.0f} us with 0 entries, {million:5.0f} us with {ENTRIES:,}   {million / nothing:.2f} x")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            measure(CallCentre(server.url))
        finally:
            server.kill()


def measure(centre: CallCentre) -> None:
    """Fill the list, then ask with the list in its place and out of it, in turn."""
    before = centre.redis.info("memory")["used_memory"]
    seconds = timed(lambda: RedisBlacklistWriter(centre.redis, centre.clock).replace("t", entries())) / 1e6
    megabytes = (centre.redis.info("memory")["used_memory"] - before) / 2**20
    print(f"publishing {ENTRIES:,} entries: {seconds:.1f} s, {megabytes:.0f} MB in Redis")
    checks: tuple[list[float], list[float]] = ([], [])
    calls: tuple[list[float], list[float]] = ([], [])
    names = (keys.blacklist("t", "in"), keys.blacklist("t", "in") + ":aside")
    for n in range(2 * ROUNDS):
        centre.redis.rename(names[n % 2], names[1 - n % 2])
        checks[n % 2].append(timed(lambda: check(centre)))
        calls[n % 2].append(timed(lambda n=n: take_call(centre, f"c{n}")))  # type: ignore[misc]
    spelled = statistics.median(timed(lambda: candidates(CALLER, "CN")) for _ in range(ROUNDS))
    compare("one check", *checks)
    compare("a whole call", *calls)
    print(f"of the check, normalising the number takes {spelled:.0f} us; goal: ratios <= 1.10")


if __name__ == "__main__":
    main()
