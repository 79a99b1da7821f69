"""The records of calls, made whole from all their events each time, so that order and repetition do not matter."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from orchestrator.database.blacklist import count_hits
from orchestrator.database.bulk import add_rows
from orchestrator.database.call_places import Place, delete_records, places
from orchestrator.database.connection import bound_database
from orchestrator.database.models import CallEventRow, CallLeg, CallRecord, OfferRow, QueueStay, Table
from orchestrator.database.recordings import write_recordings
from orchestrator.database.report_marks import mark, messages_of, moments_of, repeated
from orchestrator.database.sets import any_of
from orchestrator.database.voicemails import write_messages
from orchestrator.domain.events import AgentChanged, CallEnded, Event, FormSaved
from workers.call_facts import IN, CallFacts, facts_of
from workers.event_log import StoredEvent, decode

#: Events of a call that its record has nothing of, and that come long after it: it is not made anew for them.
APART = (AgentChanged.type, FormSaved.type)


def write_calls(tenant: str, stored: Sequence[StoredEvent]) -> list[str]:
    """Write the records of those calls in a batch of stored events that have ended; count what the blacklist refused.

    Return the recordings that are still to be stored.

    Call it in a transaction.
    """
    told = {event.call for event in stored if event.call and event.type not in APART}
    over = {event.call for event in stored if event.call and event.type == CallEnded.type}
    known = places(tenant, told)
    facts = _facts(tenant, over.union(known))
    moments = _moments(tenant, {call: place for call, place in known.items() if call in facts}, facts)
    _write(tenant, known, facts)
    sounds = [row for found in facts.values() for row in found.recordings]
    recordings = write_recordings(tenant, sounds)
    write_messages(tenant, sounds)
    mark(tenant, [*moments, *messages_of(tenant, {row["call"] for row in sounds})])
    count_hits(tenant, {found.call["blocked_by"] for found in facts.values()} - {None})
    return recordings


def _facts(tenant: str, calls: Collection[str]) -> dict[str, CallFacts]:
    """Return what is told of calls, but for those that have no record."""
    told = {call: facts_of(events) for call, events in _events_of(tenant, calls).items()}
    return {call: facts for call, facts in told.items() if facts is not None}


def _events_of(tenant: str, calls: Collection[str]) -> Mapping[str, list[Event]]:
    """Return the events of calls, in order."""
    rows = (
        CallEventRow.select(CallEventRow.call, CallEventRow.type, CallEventRow.json)
        .where(CallEventRow.tenant == tenant, any_of(CallEventRow.call, calls), CallEventRow.type.not_in(APART))
        .order_by(CallEventRow.ms, CallEventRow.n)
    )
    events = defaultdict[str, list[Event]](list)
    for call, type_, json in bound_database().execute(rows) if calls else ():
        if (event := decode(type_, json)) is not None:
            events[call].append(event)
    return events


def _moments(tenant: str, known: Mapping[str, Place], facts: Mapping[str, CallFacts]) -> list[int]:
    """Return when calls count in reports, as they are recorded and as they will be, but for new messages."""
    now = [at for found in facts.values() for at in found.counted()]
    came = [(found.call["caller"], found.call["arrived"]) for found in facts.values() if found.call["direction"] == IN]
    return [*now, *moments_of(tenant, known), *repeated(tenant, came)]


def _write(tenant: str, known: Mapping[str, Place], facts: Mapping[str, CallFacts]) -> None:
    """Put records in the place of those that are known, under the same ids.

    Not by an upsert: the time that a record is filed under may have changed, and no unique key of a table that is
    divided by it spans its parts. Who writes beside us despite the lock runs into the key of calls, and tries again.
    """
    delete_records([place for call, place in known.items() if call in facts])
    rows = [{"tenant": tenant, "call": call, **found.call} for call, found in facts.items()]
    add_rows(CallRecord, [{**row, "id": known[row["call"]].id} for row in rows if row["call"] in known])
    add_rows(CallRecord, [row for row in rows if row["call"] not in known])
    made = places(tenant, facts)
    _add(CallLeg, made, {call: [{**row, "tenant": tenant} for row in found.legs] for call, found in facts.items()})
    _add(QueueStay, made, {call: [{**row, "tenant": tenant} for row in found.stays] for call, found in facts.items()})
    _add(OfferRow, made, {call: found.offers for call, found in facts.items()})


def _add(table: type[Table], made: Mapping[str, Place], rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write the parts of records, whose places are given."""
    filed = {call: {"record": place.id, "arrived": place.arrived} for call, place in made.items()}
    add_rows(table, [{**row, **filed[call]} for call, some in rows.items() for row in some])
