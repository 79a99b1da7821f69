"""Whole months that nobody keeps: dropped on PostgreSQL, once, told in the audit; SQLite deletes row by row."""

from datetime import UTC, datetime

import pytest
from peewee import Database

from orchestrator.database.audit import changes_of
from orchestrator.database.call_records import call_detail
from orchestrator.database.models import (
    CallEventRow,
    CallForm,
    CallLeg,
    CallRecord,
    OfferRow,
    QueueStay,
    Recording,
    Tenant,
)
from orchestrator.database.partitions import make_months, months, partitioned
from orchestrator.database.recordings import Status
from orchestrator.database.retention import Kept, Retention, RetentionArea
from tests.workers.stories import connected_call, stream
from workers.jobs import write_events
from workers.retention import drop_old_months, keep_days

DAY = 86_400_000_000
FEBRUARY = int(datetime(2031, 2, 1, tzinfo=UTC).timestamp()) * 1_000_000

#: The first moment at which January 2031 is older than 90 days.
OVER = FEBRUARY + 90 * DAY


@pytest.fixture(autouse=True)
def tenants(database: Database) -> None:
    """Two, each with a call in January and one in February."""
    make_months(database, FEBRUARY - 31 * DAY)
    for tenant in ("demo", "other"):
        Tenant.create(id=tenant, name=tenant, timezone="Asia/Shanghai")
        _write(tenant, "old", FEBRUARY - 3 * DAY)
        _write(tenant, "young", FEBRUARY)
        CallForm.create(tenant=tenant, call="old", agent="1002", saved=1)
        _keep(tenant, calls=90)


def _write(tenant: str, call: str, at: int) -> None:
    base = at // 1000
    told = stream(connected_call(call, at))
    write_events(tenant, [[f"{base + n}-0", n, text] for n, (_, _, text) in enumerate(told)])


def _keep(tenant: str, **days: int | None) -> None:
    RetentionArea().put(tenant, Retention(days={Kept(kind): number for kind, number in days.items()}))


def _left() -> list[int]:
    return [table.select().count() for table in (CallRecord, CallLeg, QueueStay, OfferRow, CallEventRow, CallForm)]


def test_a_month_that_nobody_keeps_is_dropped_once(database: Database) -> None:
    """CDR-1: with records, parts, events and forms, of every tenant; what is younger stays; the audit tells."""
    both = _left()
    assert "2031_01" not in drop_old_months(OVER - 1)
    assert _left() == both
    dropped = drop_old_months(OVER)
    if not partitioned(database):
        assert (dropped, _left()) == ([], both)
        assert [keep_days(tenant, OVER)[Kept.CALLS] for tenant in ("demo", "other")] == [1, 1]
    else:
        assert dropped[-1] == "2031_01"
        assert "2031_01" not in {month.name for month in months(database)}
    assert _left() == [*(count // 2 for count in both[:5]), 0]
    assert call_detail("demo", "old") is None
    assert call_detail("demo", "young") is not None
    for tenant in ("demo", "other"):
        [told] = changes_of(tenant, "retention", "calls")
        assert (told.who, told.after["deleted"]) == ("retention", 1)
    assert drop_old_months(OVER) == []
    assert keep_days("demo", OVER) == {}
    _write("demo", "old", FEBRUARY - 3 * DAY)
    assert call_detail("demo", "old") is not None


def test_a_month_that_somebody_keeps_stays(database: Database) -> None:  # noqa: ARG001
    """CDR-1, SAFE-3: one company's days never shorten another's; for ever is for ever."""
    both = _left()
    for days in (91, None):
        _keep("other", calls=days)
        drop_old_months(OVER)
        assert _left() == both


def test_a_month_with_sound_that_is_kept_stays(database: Database) -> None:
    """REC-1: a recording that is held keeps its call; once it is gone the month goes."""
    at = FEBRUARY - 3 * DAY
    sound = Recording.create(
        tenant="other", recording="r1", kind="call", call="old", path="r1.wav", begun=at, ended=at + 1, held=True
    )
    both = _left()
    drop_old_months(OVER)
    assert _left() == both
    sound.status = Status.DELETED.value
    sound.save()
    assert ("2031_01" in drop_old_months(OVER)) == partitioned(database)


def test_stories_go_before_records(database: Database) -> None:
    """OPS-1, CDR-1: their days may be fewer: events of the month go, records stay."""
    for tenant in ("demo", "other"):
        _keep(tenant, calls=None, stories=30)
    both = _left()
    dropped = drop_old_months(FEBRUARY + 30 * DAY)
    assert ("2031_01" in dropped) == partitioned(database)
    events = both[4] // 2 if partitioned(database) else both[4]
    assert _left() == [*both[:4], events, both[5]]
    assert call_detail("demo", "old") is not None
