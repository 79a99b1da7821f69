"""Storing the events of a tenant's stream, each once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import orjson

from orchestrator.database.bulk import add_new_rows
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
    """Store those of a batch that are new and return the whole batch. Call it in a transaction."""
    stored = [_stored(tenant, str(stream_id), int(n), str(text)) for stream_id, n, text in batch]
    add_new_rows(CallEventRow, [event.row() for event in stored])
    return stored


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
