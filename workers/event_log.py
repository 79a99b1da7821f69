"""Storing the events of a tenant's stream, each once."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson
from peewee import IntegrityError, PostgresqlDatabase

from orchestrator.database.bulk import insert_new_rows, insert_rows
from orchestrator.database.connection import bound_database
from orchestrator.database.models import CallEventRow
from orchestrator.database.sets import any_of
from orchestrator.domain.events import EVENT_TYPES, Event
from orchestrator.store.codec import event_from_text

#: Stream id, number in the stream, event as JSON text.
EventMessage = Sequence[str | int]


class StoredEvent(NamedTuple):
    """An event as it is stored, with the columns of its row; `ms` and `n` give the order."""

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
    """Store those of a batch that are new and return all of it, each event once.

    Call it in a transaction that no other of the tenant's events runs beside.
    """
    told = (_stored(tenant, str(stream_id), int(n), str(text)) for stream_id, n, text in batch)
    stored = [*{event.stream_id: event for event in told}.values()]
    if isinstance(bound_database(), PostgresqlDatabase):
        _copy(tenant, stored)
    else:
        insert_new_rows(CallEventRow, StoredEvent._fields, stored)
    return stored


def _copy(tenant: str, stored: Sequence[StoredEvent]) -> None:
    """Copy events: that takes a third of the time of any statement, but fails at what is there already.

    That is rare: only then what is there is looked for, and the rest copied.
    """
    try:
        with bound_database().atomic():
            insert_rows(CallEventRow, StoredEvent._fields, stored)
    except IntegrityError:
        known = _known(tenant, stored)
        insert_rows(CallEventRow, StoredEvent._fields, [event for event in stored if event.stream_id not in known])


def _known(tenant: str, stored: Sequence[StoredEvent]) -> set[str]:
    """Return which of these events are there already: from their months, where the table is divided by month."""
    times, table = [event.ms for event in stored], CallEventRow
    mine = (table.tenant == tenant) & table.ms.between(min(times), max(times))
    found = table.select(table.stream_id).where(mine, any_of(table.stream_id, [event.stream_id for event in stored]))
    return {stream_id for (stream_id,) in bound_database().execute(found)}


def decode(type_: str, json: str) -> Event | None:
    """Return an event of this type, None for one that this version does not know."""
    return event_from_text(type_, json) if type_ in EVENT_TYPES else None


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
