"""The records of calls, made whole from all their events each time, so that order and repetition do not matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from peewee import chunked

from orchestrator.database.blacklist import count_hits
from orchestrator.database.call_places import Place, delete_records, places
from orchestrator.database.models import CallEventRow, CallLeg, CallRecord, OfferRow, QueueStay, Table
from orchestrator.database.recordings import write_recordings
from orchestrator.database.report_marks import mark_calls
from orchestrator.database.voicemails import write_messages
from orchestrator.domain.events import CallEnded, Event
from workers.call_facts import CallFacts, facts_of
from workers.event_log import decode

#: Calls written by one statement a table; databases limit the values of a statement to 32,766 (SQLite).
AT_ONCE = 100


def write_calls(tenant: str, calls: Iterable[str]) -> list[str]:
    """Write the records of those of the calls that have ended, and count what the blacklist refused.

    Return the recordings that are still to be stored.

    Call it in a transaction.
    """
    refusing, recordings = set(), []
    for some in chunked(sorted(calls), AT_ONCE):
        known = {call: facts_of(events) for call, events in _events_of(tenant, some).items()}
        facts = {call: found for call, found in known.items() if found is not None}
        if facts:
            _write(tenant, facts)
            recorded = [row for found in facts.values() for row in found.recordings]
            recordings += write_recordings(tenant, recorded)
            write_messages(tenant, recorded)
            mark_calls(tenant, facts)
        refusing |= {found.call["blocked_by"] for found in facts.values()}
    count_hits(tenant, refusing - {None})
    return recordings


def _events_of(tenant: str, calls: list[str]) -> Mapping[str, list[Event]]:
    """Return the events, in order, of those of the calls that have ended."""
    mine = (CallEventRow.tenant == tenant) & CallEventRow.call.in_(calls)
    ended = [
        row.call for row in CallEventRow.select(CallEventRow.call).where(mine, CallEventRow.type == CallEnded.type)
    ]
    rows = (
        CallEventRow.select(CallEventRow.call, CallEventRow.json)
        .where(CallEventRow.tenant == tenant, CallEventRow.call.in_(ended))
        .order_by(CallEventRow.ms, CallEventRow.n)
    )
    events = defaultdict[str, list[Event]](list)
    for row in rows:
        if (event := decode(row.json)) is not None:
            events[str(row.call)].append(event)
    return events


def _write(tenant: str, facts: Mapping[str, CallFacts]) -> None:
    """Put records in the place of those that are there, under the same ids.

    Not by an upsert: the time that a record is filed under may have changed, and no unique key of a table that is
    divided by it spans its parts. Who writes beside us despite the lock runs into the key of calls, and tries again.
    """
    known = places(tenant, facts)
    mark_calls(tenant, known)
    delete_records(known.values())
    rows = [{"tenant": tenant, "call": call, **found.call} for call, found in facts.items()]
    for some in (
        [{**row, "id": known[row["call"]].id} for row in rows if row["call"] in known],
        [row for row in rows if row["call"] not in known],
    ):
        if some:
            CallRecord.insert_many(some).execute()
    made = places(tenant, facts)
    _add(CallLeg, made, {call: [{**row, "tenant": tenant} for row in found.legs] for call, found in facts.items()})
    _add(QueueStay, made, {call: [{**row, "tenant": tenant} for row in found.stays] for call, found in facts.items()})
    _add(OfferRow, made, {call: found.offers for call, found in facts.items()})


def _add(table: type[Table], made: Mapping[str, Place], rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write the parts of records, whose places are given."""
    all_rows = [
        {**row, "record": made[call].id, "arrived": made[call].arrived} for call, some in rows.items() for row in some
    ]
    if all_rows:
        table.insert_many(all_rows).execute()
