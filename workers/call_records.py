"""The records of calls, made whole from all their events each time, so that order and repetition do not matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from peewee import chunked

from orchestrator.database.blacklist import count_hits
from orchestrator.database.models import CallEventRow, CallLeg, CallRecord, OfferRow, QueueStay, Table
from orchestrator.database.recordings import write_recordings
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
    rows = [{"tenant": tenant, "call": call, **found.call} for call, found in facts.items()]
    columns = [getattr(CallRecord, name) for name in rows[0] if name not in ("tenant", "call")]
    same = (CallRecord.tenant, CallRecord.call)
    CallRecord.insert_many(rows).on_conflict(conflict_target=same, preserve=columns).execute()
    ids = _ids(tenant, facts)
    _replace(CallLeg, {ids[call]: found.legs for call, found in facts.items()})
    _replace(QueueStay, {ids[call]: found.stays for call, found in facts.items()})
    _replace(OfferRow, {ids[call]: found.offers for call, found in facts.items()})


def _ids(tenant: str, calls: Iterable[str]) -> dict[str, int]:
    mine = (CallRecord.tenant == tenant) & CallRecord.call.in_(list(calls))
    return {row.call: row.id for row in CallRecord.select(CallRecord.call, CallRecord.id).where(mine)}


def _replace(table: type[Table], rows: Mapping[int, list[dict[str, Any]]]) -> None:
    """Put rows in the place of those that records, by their ids, have now."""
    table.delete().where(table.record.in_(list(rows))).execute()  # type: ignore[attr-defined]
    all_rows = [{**row, "record": record} for record, some in rows.items() for row in some]
    if all_rows:
        table.insert_many(all_rows).execute()
