"""How many ended calls a second one worker turns into records, from the batches that the relay hands on.

A call is the one of `connected_call`: 13 events, two offers, one queue stay, three legs. Run: make bench
"""

import tempfile
import time
from pathlib import Path

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import CallRecord
from orchestrator.domain.events import Event
from orchestrator.relay import BATCH
from tests.workers.stories import NINE, S, connected_call, stream
from workers.jobs import write_events

CALLS = 600

#: Calls under way at once: their events come mixed, so that a call's are spread over batches.
AT_ONCE = 50


def mixed() -> list[Event]:
    """Return the events of all calls, `AT_ONCE` calls taking turns."""
    calls = [connected_call(f"c{n}", NINE + n * S) for n in range(CALLS)]
    groups = (calls[at : at + AT_ONCE] for at in range(0, CALLS, AT_ONCE))
    return [event for group in groups for turn in zip(*group, strict=True) for event in turn]


def measure(url: str) -> None:
    """Write everything, then print calls a second."""
    database = open_database(url)
    migrate(database)
    messages = [list(message) for message in stream(mixed())]
    began = time.perf_counter()
    for at in range(0, len(messages), BATCH):
        write_events("demo", messages[at : at + BATCH])
    seconds = time.perf_counter() - began
    assert CallRecord.select().count() == CALLS
    database.close()
    print(f"{CALLS / seconds:,.0f} calls/s ({len(messages) / seconds:,.0f} events/s), batches of {BATCH}, one worker")


def main() -> None:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{folder}/{Path('zuoxi.db')}")


if __name__ == "__main__":
    main()
