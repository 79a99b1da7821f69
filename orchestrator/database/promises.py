"""Promises to call back that are open, as the events have them: for when Redis has lost everything (SAFE-1)."""

from collections.abc import Iterator, Sequence

from peewee import SQL

from orchestrator.database.models import CallEventRow
from orchestrator.domain.callback import OpenPromise
from orchestrator.domain.events import CallArrived, CallbackOrdered, CallbackPromised, CallbackTried, CallEnded, Event
from orchestrator.store.codec import event_from_json

#: No promise is older (`CallbackRule.expires_h`).
LONGEST_US = 168 * 3_600_000_000

#: What tells how a promise stands.
_TOLD = (CallArrived, CallbackPromised, CallbackTried, CallbackOrdered, CallEnded)


def open_promises(tenant: str, now: int) -> list[OpenPromise]:
    """Return the promises that are neither kept nor given up nor expired at `now` (us UTC), the oldest first."""
    table = CallEventRow
    promised = (table.tenant == tenant) & (table.at > now - LONGEST_US) & SQL("type = 'callback_promised'")
    rows = table.select(table.call).where(promised).distinct()
    found = (_open(row.call, list(_told(tenant, row.call))) for row in rows if row.call)
    return sorted((one for one in found if one and one.expires > now), key=lambda one: (one.entered, one.call))


def _told(tenant: str, call: str) -> Iterator[Event]:
    table = CallEventRow
    kinds = table.type.in_([kind.type for kind in _TOLD])
    rows = table.select(table.json).where((table.tenant == tenant) & (table.call == call) & kinds)
    for row in rows.order_by(table.ms, table.n):
        yield event_from_json(row.json)


def _open(call: str, story: Sequence[Event]) -> OpenPromise | None:
    arrived = next((event for event in story if isinstance(event, CallArrived)), None)
    promised = next((event for event in story if isinstance(event, CallbackPromised)), None)
    if arrived is None or promised is None or any(isinstance(event, CallEnded) for event in story):
        return None
    return OpenPromise(
        call=call,
        switch=arrived.switch,
        caller=arrived.caller,
        caller_name=arrived.caller_name,
        dialled=arrived.number,
        arrived=arrived.at,
        queue=promised.queue,
        priority=promised.priority,
        number=promised.number,
        caller_id=promised.caller_id,
        promised=promised.at,
        entered=promised.entered,
        expires=promised.expires,
        tries=max((event.tries for event in story if isinstance(event, CallbackTried)), default=0),
        next=any(isinstance(event, CallbackOrdered) and event.order == "next" for event in story),
    )
