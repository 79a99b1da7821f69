"""How many ended calls a second one worker turns into records, from the batches that the relay hands on.

A call is the one of `connected_call`: 16 events, two offers, one queue stay, three legs; every second caller calls
again. With its agents' states it has 6 events and 6 intervals of the state log more. Run: make bench
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import AgentStateInterval, CallRecord
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


def mixed(with_agents: bool) -> list[Event]:
    """Return the events of all calls, `AT_ONCE` calls taking turns."""
    calls = [list(_story(n, with_agents)) for n in range(CALLS)]
    groups = (calls[at : at + AT_ONCE] for at in range(0, CALLS, AT_ONCE))
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


def measure(name: str, url: str, with_agents: bool) -> None:
    """Write everything into an empty database, then print calls a second, and what this process did for each."""
    database = open_database(url)
    migrate(database)
    for table in (CallRecord, AgentStateInterval):
        table.delete().execute()
    messages: list[Message] = stream(mixed(with_agents))
    began, before = time.perf_counter(), time.process_time()
    for at in range(0, len(messages), BATCH):
        write_events("demo", [list(message) for message in messages[at : at + BATCH]])
    seconds, cpu_us = time.perf_counter() - began, (time.process_time() - before) * 1e6
    assert CallRecord.select().count() == CALLS
    assert AgentStateInterval.select().count() == CALLS * 6 * with_agents
    database.close()
    what, speed = "calls and agents' states" if with_agents else "calls", f"{CALLS / seconds:,.0f} calls/s"
    more = f"{len(messages) / seconds:,.0f} events/s, {cpu_us / CALLS:,.0f} us of CPU a call"
    print(f"{name}, {what}: {speed} ({more}), batches of {BATCH}, one worker")


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where it is installed."""
    for with_agents in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            measure("SQLite", f"sqlite:///{folder}/zuoxi.db", with_agents)
    for with_agents in (False, True):
        try:
            with running_postgres() as server:
                measure("PostgreSQL", server.url, with_agents)
        except pytest.skip.Exception as missing:
            print(missing)
            return


if __name__ == "__main__":
    main()
