"""How many ended calls a second workers turn into records, from the batches that the relay hands on.

A call is the one of `connected_call`: 16 events, two offers, one queue stay, three legs; every second caller calls
again. With its agents' states it has 6 events and 6 intervals of the state log more. Run: make bench, or
`python -m tests.benchmarks.bench_records postgresql` for one database.

Workers are processes. Two of one company take its batches in turns; two companies have half of the calls each.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeAlias

import pytest
from peewee import PostgresqlDatabase

from orchestrator.database.connection import bound_database, open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import AgentStateInterval, CallEventRow, CallRecord
from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.events import AgentChanged, CallArrived, Event
from orchestrator.relay import BATCH
from tests.support.databases import running_postgres
from tests.workers.stories import NINE, Message, S, connected_call, stream
from workers.jobs import write_events

CALLS = 1000

#: Calls under way at once: their events come mixed, so that a call's are spread over batches.
AT_ONCE = 50

#: When, after the arrival (s), the agents of a call change: the one who misses it, and the one who takes it.
MISSES = ((0, AgentState.RINGING), (15, AgentState.ONLINE))
TAKES = ((15, AgentState.RINGING), (18, AgentState.IN_CALL), (78, AgentState.WRAP_UP), (90, AgentState.ONLINE))


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured: how many workers of how many companies."""

    with_agents: bool
    workers: int = 1
    companies: int = 1


#: The seconds of CPU that a worker and its server took.
Spent: TypeAlias = "Queue[tuple[float, float]]"

#: Workers and companies: the first is what one worker does, the second what another one brings to the same company.
CASES = [Case(states, *many) for states in (False, True) for many in ((1, 1), (2, 1), (2, 2))]


def mixed(with_agents: bool, many: int = CALLS) -> list[Event]:
    """Return the events of so many calls, `AT_ONCE` of them taking turns."""
    calls = [list(_story(n, with_agents)) for n in range(many)]
    groups = (calls[at : at + AT_ONCE] for at in range(0, many, AT_ONCE))
    return [event for group in groups for turn in zip(*group, strict=True) for event in turn]


def _story(n: int, with_agents: bool) -> Iterator[Event]:
    place = n % AT_ONCE
    at = NINE + (n // AT_ONCE * 100 + place) * S
    yield from (_of(event, f"{1_380_000_0000 + n // 2}") for event in connected_call(f"c{n}", at))
    if with_agents:
        for agent, steps in ((f"m{place}", MISSES), (f"t{place}", TAKES)):
            yield from (_changed(agent, f"c{n}", state, at + later * S) for later, state in steps)


def _of(event: Event, caller: str) -> Event:
    return replace(event, caller=caller) if isinstance(event, CallArrived) else event


def _changed(agent: str, call: str, state: AgentState, at: int) -> AgentChanged:
    now = Agent(id=agent, state=state, since=at, registered=True)
    return AgentChanged(at=at, agent=now, previous=AgentState.ONLINE, previous_since=at, cause="", call=call)


def measure(name: str, url: str, case: Case) -> str:
    """Write everything into an empty database; return a line with calls a second, and the CPU that each took."""
    database = open_database(url)
    migrate(database)
    for table in (CallRecord, AgentStateInterval, CallEventRow):
        table.delete().execute()
    database.close()
    context = multiprocessing.get_context("spawn")
    ready, spent = context.Barrier(case.workers + 1), context.Queue()
    workers = [context.Process(target=_work, args=(url, case, n, ready, spent)) for n in range(case.workers)]
    for worker in workers:
        worker.start()
    ready.wait()
    began = time.perf_counter()
    told = [spent.get() for _ in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join()
    database.connect()
    assert CallRecord.select().count() == CALLS
    assert AgentStateInterval.select().count() == CALLS * 6 * case.with_agents
    database.close()
    own, server = (sum(times) * 1e6 / CALLS for times in zip(*told, strict=True))
    what = "calls, agents' states" if case.with_agents else "calls"
    return (
        f"| {name} | {what} | {case.workers} | {case.companies} | {CALLS / seconds:,.0f} | {own:,.0f} | {server:,.0f} |"
    )


def _work(
    url: str, case: Case, number: int, ready: Barrier, spent: "multiprocessing.Queue[tuple[float, float]]"
) -> None:
    """Be a worker: write what is its share, then tell the seconds of CPU that it and the database's server took."""
    open_database(url).connect()
    messages: list[Message] = stream(mixed(case.with_agents, CALLS // case.companies))
    batches = [messages[at : at + BATCH] for at in range(0, len(messages), BATCH)]
    tenant = f"company{number % case.companies}"
    mine = batches if case.companies > 1 else batches[number :: case.workers]
    ready.wait()
    own, server = time.process_time(), _server_s()
    for batch in mine:
        write_events(tenant, [list(message) for message in batch])
    spent.put((time.process_time() - own, _server_s() - server))


def _server_s() -> float:
    """Return the CPU seconds of the PostgreSQL process that serves this one; 0 for SQLite, which has none."""
    if not isinstance(bound_database(), PostgresqlDatabase):
        return 0.0
    ((pid,),) = bound_database().execute_sql("SELECT pg_backend_pid()").fetchall()
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/zuoxi.db"


@contextmanager
def _postgresql() -> Iterator[str]:
    with running_postgres() as server:
        yield server.url


DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}


def main(names: Sequence[str]) -> None:
    """Measure on the databases of these names, PostgreSQL where it is installed."""
    print(f"Batches of {BATCH}; {CALLS} calls; CPU in us a call")
    print("| database | what | workers | companies | calls/s | workers' CPU | server's CPU |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        try:
            for case in CASES:
                with DATABASES[name]() as url:
                    print(measure(name, url, case), flush=True)
        except pytest.skip.Exception as missing:
            print(missing)


if __name__ == "__main__":
    main(sys.argv[1:] or [*DATABASES])
