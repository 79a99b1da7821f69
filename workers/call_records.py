"""The record of a call, made whole from all its events each time, so that order and repetition do not matter."""

from collections.abc import Iterable
from typing import Any

from orchestrator.database.blacklist import count_hits
from orchestrator.database.models import CallEventRow, CallLeg, CallRecord, OfferRow, QueueStay, Table
from orchestrator.domain.events import Event
from workers.call_facts import CallFacts, facts_of
from workers.event_log import decode


def write_calls(tenant: str, calls: Iterable[str]) -> None:
    """Write the records of those of the calls that have ended, and count what the blacklist refused.

    Call it in a transaction.
    """
    refusing = set()
    for call in sorted(calls):
        facts = facts_of(_events_of(tenant, call))
        if facts is not None:
            _write(tenant, call, facts)
            refusing.add(facts.call["blocked_by"])
    count_hits(tenant, refusing - {None})


def _events_of(tenant: str, call: str) -> list[Event]:
    rows = (
        CallEventRow.select(CallEventRow.json)
        .where(CallEventRow.tenant == tenant, CallEventRow.call == call)
        .order_by(CallEventRow.ms, CallEventRow.n)
    )
    return [event for row in rows if (event := decode(row.json)) is not None]


def _write(tenant: str, call: str, facts: CallFacts) -> None:
    known = CallRecord.get_or_none(CallRecord.tenant == tenant, CallRecord.call == call)
    record = known or CallRecord(tenant=tenant, call=call)
    for name, value in facts.call.items():
        setattr(record, name, value)
    record.save()
    _replace(CallLeg, record, facts.legs)
    _replace(QueueStay, record, facts.stays)
    _replace(OfferRow, record, facts.offers)


def _replace(table: type[Table], record: CallRecord, rows: list[dict[str, Any]]) -> None:
    table.delete().where(table.record == record).execute()  # type: ignore[attr-defined]
    if rows:
        table.insert_many([{**row, "record": record} for row in rows]).execute()
