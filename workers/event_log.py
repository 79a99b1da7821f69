"""Storing the events of a tenant's stream, each once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import orjson

from orchestrator.database.connection import bound_database
from orchestrator.database.models import CallEventRow
from orchestrator.domain.events import EVENT_TYPES, Event
from orchestrator.store.codec import event_from_json

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


_NAMES = [field.name for field in fields(StoredEvent)]
_values = attrgetter(*_NAMES)


def store_events(tenant: str, batch: Sequence[EventMessage]) -> list[StoredEvent]:
    """Store those of a batch that are new and return the whole batch. Call it in a transaction."""
    stored = [_stored(tenant, str(stream_id), int(n), str(text)) for stream_id, n, text in batch]
    if stored:
        _insert(stored)
    return stored


def _insert(events: Sequence[StoredEvent]) -> None:
    # Most rows by far are events: one statement run for many rows takes a third of the time of one built for them.
    database = bound_database()
    table, columns = CallEventRow._meta.table_name, ", ".join(f'"{name}"' for name in _NAMES)
    marks = ", ".join([database.param] * len(_NAMES))
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING'  # noqa: S608 - names of ours
    database.cursor().executemany(statement, [_values(event) for event in events])


def decode(json: str) -> Event | None:
    """Return the event, None for a type that this version does not know."""
    return event_from_json(json) if orjson.loads(json)["type"] in EVENT_TYPES else None


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
