"""Storing the events of a tenant's stream, each once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import orjson
from peewee import PostgresqlDatabase

from orchestrator.database.bulk import add_new_rows, add_rows
from orchestrator.database.connection import bound_database
from orchestrator.database.models import CallEventRow
from orchestrator.domain.events import EVENT_TYPES, Event
from orchestrator.store.codec import event_of

#: Stream id, number in the stream, event as JSON text.
EventMessage = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is stored; `ms` and `n` give the order."""

    tenant: str
    stream_id: str
    ms: int
    n: int
    type: str
    call: str | None
    agent: str | None
    at: int
    json: str

    def row(self) -> dict[str, str | int | None]:
        """Return the columns."""
        return {name: getattr(self, name) for name in _COLUMNS}


_COLUMNS = tuple(field.name for field in fields(StoredEvent))


def store_events(tenant: str, batch: Sequence[EventMessage]) -> list[StoredEvent]:
    """Store those of a batch that are new and return the whole batch.

    Call it in a transaction that no other of the tenant's events runs beside.
    """
    stored = [_stored(tenant, str(stream_id), int(n), str(text)) for stream_id, n, text in batch]
    rows = {event.stream_id: event.row() for event in stored}
    if stored and isinstance(bound_database(), PostgresqlDatabase):
        # There to copy takes a third of the time of any statement, but fails at what is there already.
        for stream_id in _known(tenant, stored):
            del rows[stream_id]
        add_rows(CallEventRow, [*rows.values()])
    else:
        add_new_rows(CallEventRow, [*rows.values()])
    return stored


def _known(tenant: str, stored: Sequence[StoredEvent]) -> list[str]:
    """Return which of these events are there already: from their months, where the table is divided by month."""
    times, table = [event.ms for event in stored], CallEventRow
    mine = (table.tenant == tenant) & table.ms.between(min(times), max(times))
    found = table.select(table.stream_id).where(mine, table.stream_id.in_([event.stream_id for event in stored]))
    return [stream_id for (stream_id,) in bound_database().execute(found)]


def decode(json: str) -> Event | None:
    """Return the event, None for a type that this version does not know."""
    told = orjson.loads(json)
    return event_of(told) if told["type"] in EVENT_TYPES else None


def _stored(tenant: str, stream_id: str, n: int, text: str) -> StoredEvent:
    event = orjson.loads(text)
    agent = event.get("agent")
    return StoredEvent(
        tenant=tenant,
        stream_id=stream_id,
        ms=int(stream_id.partition("-")[0]),
        n=n,
        type=event["type"],
        call=event.get("call"),
        agent=agent["id"] if isinstance(agent, dict) else agent,
        at=event["at"],
        json=text,
    )
