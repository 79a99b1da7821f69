"""Storing the events of a tenant's stream, each once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import orjson

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


def store_events(tenant: str, batch: Sequence[EventMessage]) -> list[StoredEvent]:
    """Store those of a batch that are new and return the whole batch. Call it in a transaction."""
    stored = [_stored(tenant, str(stream_id), int(n), str(text)) for stream_id, n, text in batch]
    if stored:
        CallEventRow.insert_many([asdict(event) for event in stored]).on_conflict_ignore().execute()
    return stored


def decode(json: str) -> Event | None:
    """Return the event, None for a type that this version does not know."""
    return event_from_json(json) if orjson.loads(json)["type"] in EVENT_TYPES else None


def _stored(tenant: str, stream_id: str, n: int, text: str) -> StoredEvent:
    fields = orjson.loads(text)
    agent = fields.get("agent")
    return StoredEvent(
        tenant=tenant,
        stream_id=stream_id,
        ms=int(stream_id.partition("-")[0]),
        n=n,
        type=fields["type"],
        call=fields.get("call"),
        agent=agent["id"] if isinstance(agent, dict) else agent,
        at=fields["at"],
        json=text,
    )
