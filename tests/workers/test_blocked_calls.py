"""Calls that the blacklist refused: a record each, and each counted with the entry that refused it, once."""

from peewee import Database

from orchestrator.database.blacklist import Listing
from orchestrator.database.models import BlacklistEntry, CallRecord, QueueStay, Tenant
from orchestrator.database.number_lists import add_entry
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import CallBlocked, Event
from tests.workers.stories import NINE, S, arrived, connected_call, ended, stream
from workers.jobs import write_events


def list_prefix(tenant: str, created: int = NINE) -> None:
    """The entry 138* of a tenant."""
    Tenant.get_or_create(id=tenant, defaults={"name": tenant})
    add_entry(BlacklistEntry, tenant, Listing(number="138*", entry="+86138*", direction=Direction.IN), "7", created)


def blocked_call(call: str, at: int, direction: Direction = Direction.IN) -> list[Event]:
    """A customer whom the prefix 138* refuses; outbound there is no arrival, and the company is who calls."""
    inbound = direction is Direction.IN
    caller, number = ("13800138000", "4001") if inbound else ("4001", "13800138000")
    blocked = CallBlocked(at=at, call=call, caller=caller, number=number, direction=direction, entry="+86138*")
    came = [arrived(call, at)] if inbound else []
    return [*came, blocked, ended(call, at, Outcome.BLOCKED, at)]


def entry(tenant: str = "demo") -> tuple[int, int | None]:
    """How often the entry has refused, and when last."""
    row = BlacklistEntry.get(BlacklistEntry.tenant == tenant)
    return row.hits, row.last_hit


def test_each_refused_call_is_recorded_and_counted_once(database: Database) -> None:  # noqa: ARG001
    """BLACK-1, CDR-1, SAFE-1: batches that come again, late or call by call change no record and no figure."""
    list_prefix("demo")
    messages = stream([*blocked_call("c1", NINE), *blocked_call("c2", NINE + 5 * S), *connected_call("c3", NINE)])
    for batch in (messages[1:3], messages, messages[:2], *([message] for message in messages)):
        write_events("demo", [list(message) for message in batch])
    records = CallRecord.select().order_by(CallRecord.call)
    assert [(r.call, r.outcome, r.blocked_by, r.caller, r.number) for r in records] == [
        ("c1", "blocked", "+86138*", "13800138000", "4001"),
        ("c2", "blocked", "+86138*", "13800138000", "4001"),
        ("c3", "connected", None, "13800138000", "4001"),
    ]
    assert [stay.record.call for stay in QueueStay.select()] == ["c3"]
    assert entry() == (2, NINE + 5 * S)


def test_a_call_that_could_not_be_made_is_recorded_too(database: Database) -> None:  # noqa: ARG001
    """BLACK-1, OUT-1: it never had a channel, and has a record all the same."""
    list_prefix("demo")
    write_events("demo", [list(m) for m in stream(blocked_call("o1", NINE, Direction.OUT))])
    record = CallRecord.get()
    assert (record.call, record.outcome, record.caller, record.number) == ("o1", "blocked", "13800138000", "4001")
    assert entry() == (1, NINE)


def test_an_entry_counts_its_own_calls_only(database: Database) -> None:  # noqa: ARG001
    """BLACK-1, SAFE-3: not those of another tenant, nor those from before it was listed anew."""
    list_prefix("other")
    list_prefix("demo", NINE + 2 * S)
    messages = [list(m) for m in stream([*blocked_call("c1", NINE), *blocked_call("c2", NINE + 3 * S)])]
    write_events("demo", messages)
    assert entry("demo") == (1, NINE + 3 * S)
    assert entry("other") == (0, None)
