"""Tables by month on PostgreSQL, whole ones on SQLite: the same records, each once (CDR-1, docs/decisions/0011)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from peewee import Database, IntegrityError
from peewee_migrate import Router

from orchestrator.database.call_records import CallFilter, call_detail, list_calls
from orchestrator.database.migrate import MIGRATIONS, migrate
from orchestrator.database.models import CallEventRow, CallLeg, CallRecord, OfferRow, QueueStay
from orchestrator.database.partitions import AHEAD, make_months, month_of, months, partitioned
from tests.workers.stories import S, connected_call, stream
from workers import jobs
from workers.jobs import write_events

RECORD = {
    "tenant": "demo", "switch": "one", "caller": "1", "caller_name": "", "number": "2", "ended": 9, "wait_us": 0,
    "ring_us": 0, "talk_us": 0, "outcome": "connected", "short": False, "hung_up_by": "caller", "cause": "",
}  # fmt: skip


def us(year: int, month: int, day: int = 1) -> int:
    """Return midnight UTC."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1_000_000


def _call(call: str, at: int) -> list[list[str | int]]:
    """The messages of a call that arrives then, as the relay hands them on."""
    base = at // 1000
    return [[f"{base + n}-0", n, text] for n, (_, _, text) in enumerate(stream(connected_call(call, at)))]


def _written(messages: list[list[str | int]], tries: int) -> None:
    try:
        write_events("demo", messages)
    except IntegrityError:
        assert tries
        _written(messages, tries - 1)


def _parts() -> list[int]:
    return [table.select().count() for table in (CallRecord, CallLeg, QueueStay, OfferRow, CallEventRow)]


def _whole_months(database: Database, table: str = "call_record") -> dict[str, int]:
    """Rows by partition, without the empty ones."""
    rows = database.execute_sql(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1").fetchall()  # noqa: S608
    return {name.removeprefix(f"{table}_"): count for name, count in rows}


def test_records_of_before_are_found_as_they_were(empty_database: Database) -> None:
    """OPS-1, CDR-1: a database of the time before months: every row stays what it was, in its month."""
    before = max(file.stem for file in MIGRATIONS.glob("[0-9]*.py") if file.stem < "039")
    Router(empty_database, migrate_dir=MIGRATIONS).run(before)
    times = {1: us(2025, 12, 31), 2: us(2026, 1), 3: us(1970, 1, 2)}
    for id_, arrived in times.items():
        row = {"call": f"c{id_}", "arrived": arrived, **RECORD}
        names, marks = ", ".join(row), ", ".join([empty_database.param] * len(row))
        empty_database.execute_sql(f"INSERT INTO call_record ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
        for statement in (
            "call_leg (record_id, leg, role, created, ended, billed_ms, cause, hung_up)"
            f" VALUES ({id_}, 'l', 'caller', 1, 2, 3, '', true)",
            "queue_stay (record_id, queue, entered, ended, priority, wait_us, outcome, short, within_service_level)"
            f" VALUES ({id_}, 'sales', 1, 2, 0, 1, 'connected', false, true)",
            "offer (record_id, leg, queue, agent, offered, ended, result, cause)"
            f" VALUES ({id_}, 'l', 'sales', '1001', 1, 2, 'won', '')",
            f"call_event (tenant, stream_id, ms, n, type, call, at, json) VALUES ('demo', '{arrived // 1000}-{id_}',"
            f" {arrived // 1000}, {id_}, 'x', 'c{id_}', {arrived}, '{{}}')",
        ):
            empty_database.execute_sql(f"INSERT INTO {statement}")
    migrate(empty_database)
    assert [row.call for row in list_calls("demo", CallFilter()).rows] == ["c2", "c1", "c3"]
    for id_, arrived in times.items():
        detail = call_detail("demo", f"c{id_}")
        assert detail is not None
        assert (detail.record.id, detail.record.caller, detail.record.outcome) == (id_, "1", "connected")
        assert [part.arrived for part in (*detail.legs, *detail.stays, *detail.offers)] == [arrived] * 3
        assert [stay.tenant for stay in detail.stays] == ["demo"]
    if partitioned(empty_database):
        assert _whole_months(empty_database) == {"2025_12": 1, "2026_01": 1, "default": 1}
        assert _whole_months(empty_database, "call_event") == {"2025_12": 1, "2026_01": 1, "default": 1}
    write_events("demo", _call("c4", us(2026, 1, 2)))
    assert CallRecord.get(CallRecord.call == "c4").id > 3


def test_a_call_has_one_record_whatever_the_month(database: Database) -> None:
    """CDR-1, SAFE-1: the database itself refuses a second one, in another month too; a deleted one may come again."""
    CallRecord.create(call="c1", arrived=us(2026, 11), **RECORD)
    with pytest.raises(IntegrityError), database.atomic():
        CallRecord.create(call="c1", arrived=us(2026, 12), **RECORD)
    CallRecord.create(call="c1", arrived=us(2026, 12), **{**RECORD, "tenant": "other"})
    CallRecord.delete().where(CallRecord.tenant == "demo").execute()
    CallRecord.create(call="c1", arrived=us(2026, 12), **RECORD)


def test_workers_beside_each_other_make_one_record(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDR-1, SAFE-1: even if the lock of a tenant's batches were gone; who comes too late tries again, as jobs do."""
    monkeypatch.setattr(jobs, "one_writer", lambda bound, _: bound.atomic())
    make_months(database, us(2031, 1))
    calls, start = [_call(f"c{n}", us(2031, 1, 31) + n * S) for n in range(2)], Barrier(4)

    def work(_: int) -> None:
        with database.connection_context():
            start.wait()
            for messages in calls * 2:
                _written(messages, 20)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert sorted(row.call for row in CallRecord.select()) == ["c0", "c1"]
    assert _parts() == [2, 6, 2, 4, 2 * len(calls[0])]


def test_a_record_whose_arrival_is_found_out_late_changes_its_month(database: Database) -> None:
    """CDR-1, SAFE-1: its first event comes last, from the month before: one record, one id, with its parts."""
    make_months(database, us(2026, 11))
    first, *others = _call("c1", us(2026, 12) - S)
    write_events("demo", [[message[0], message[1], message[2]] for message in others])
    seen = CallRecord.get_or_none(CallRecord.call == "c1")
    write_events("demo", [first])
    detail = call_detail("demo", "c1")
    assert detail is not None
    assert CallRecord.select().count() == 1
    assert detail.record.arrived == us(2026, 12) - S
    assert seen is None or seen.id == detail.record.id
    assert {part.arrived for part in (*detail.legs, *detail.stays, *detail.offers)} == {us(2026, 12) - S}
    assert _parts()[1:4] == [len(detail.legs), len(detail.stays), len(detail.offers)]


def test_months_are_made_ahead_once(database: Database) -> None:
    """CDR-1: the months to come are there before they begin; a second run makes only what is new."""
    now = us(2031, 2, 28)
    made = make_months(database, now)
    assert make_months(database, now) == []
    if not partitioned(database):
        assert made == []
        return
    assert made == ["2031_02", "2031_03", "2031_04", "2031_05"]
    assert made == [month.name for month in months(database)][-1 - AHEAD :]
    assert make_months(database, us(2031, 3)) == ["2031_06"]


def test_what_came_before_its_month_was_made_moves_there(database: Database) -> None:
    """CDR-1, SAFE-1: rows of a month that nobody had made are kept, and found in it once it is there."""
    write_events("demo", _call("c1", us(2031, 2, 3)))
    write_events("demo", _call("c2", us(2041, 2, 3)))
    before, parts = call_detail("demo", "c1"), _parts()
    make_months(database, us(2031, 2))
    assert _parts() == parts
    after = call_detail("demo", "c1")
    assert before is not None
    assert after is not None
    assert after.record.__data__ == before.record.__data__
    assert sorted(map(repr, (leg.__data__ for leg in after.legs))) == sorted(
        map(repr, (leg.__data__ for leg in before.legs))
    )
    if partitioned(database):
        assert _whole_months(database) == {"2031_02": 1, "default": 1}
        assert set(_whole_months(database, "call_event")) == {"2031_02", "default"}


def test_deleting_a_record_deletes_its_parts(database: Database) -> None:  # noqa: ARG001
    """CDR-1: whoever deletes a tenant's old records row by row leaves no leg, stay or offer behind."""
    write_events("demo", _call("c1", us(2026, 11, 3)))
    assert all(_parts())
    CallRecord.delete().where(CallRecord.arrived < us(2026, 12)).execute()
    assert _parts()[:4] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("at", "later", "name", "since", "until"),
    [
        (us(2026, 11), 0, "2026_11", us(2026, 11), us(2026, 12)),
        (us(2026, 12) - 1, 0, "2026_11", us(2026, 11), us(2026, 12)),
        (us(2026, 11, 30), 2, "2027_01", us(2027, 1), us(2027, 2)),
    ],
)
def test_a_month_is_utc(at: int, later: int, name: str, since: int, until: int) -> None:
    """CDR-1: the first moment belongs to it, the last one's next to the month after."""
    month = month_of(at, later)
    assert (month.name, month.since, month.until) == (name, since, until)
