"""Retention: what is too old goes, at night, once, with what belongs to it; what must stay stays (CDR-1, BILL-1)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from peewee import Database

from orchestrator.database import retention
from orchestrator.database.audit import changes_of
from orchestrator.database.customers import Card, add_customer
from orchestrator.database.models import (
    AgentStateInterval,
    AuditRow,
    CallEventRow,
    CallForm,
    CallLeg,
    CallRecord,
    ChargeRow,
    Customer,
    LedgerEntry,
    Mail,
    OfferRow,
    QueueStay,
    Recording,
    Tenant,
)
from orchestrator.database.retention import BOUNDS, Kept, Retention, RetentionArea, count_older
from tests.workers.bills import DAY, NOVEMBER, billed_tenant, ended_call
from tests.workers.stories import NINE, changes, connected_call, stream
from workers import rating
from workers.jobs import write_events
from workers.retention import keep_days, keep_retention

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def demo(database: Database) -> Tenant:  # noqa: ARG001
    """A tenant, of each kind of database."""
    return Tenant.create(id="demo", name="Demo", timezone="Asia/Shanghai")


def keep(**days: int) -> None:
    RetentionArea().put("demo", Retention(days={Kept(kind): number for kind, number in days.items()}))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()) * 1_000_000


def test_calls_go_with_everything_about_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """CDR-1: legs, stays, offers, forms and stories too, over several batches; a younger call stays whole."""
    monkeypatch.setattr(retention, "BATCH", 2)
    old = [event for number in range(5) for event in connected_call(f"c{number}", NINE)]
    write_events("demo", stream([*old, *connected_call("young", NINE + 100 * DAY)]))
    CallForm.create(tenant="demo", call="c1", agent="1002", notes="x", disposition="", tags=[], saved=1)
    keep(calls=90)
    now = NINE + 90 * DAY + 1
    assert count_older("demo", Kept.CALLS, NINE + 1) == 5
    assert keep_days("demo", now) == {Kept.CALLS: 5}
    assert [row.call for row in CallRecord.select()] == ["young"]
    assert {row.call for row in CallEventRow.select() if row.call} == {"young"}
    assert [table.select().count() for table in (CallLeg, QueueStay, OfferRow, CallForm)] == [3, 1, 2, 0]
    [told] = changes_of("demo", "retention", "calls")
    assert (told.who, told.after) == ("retention", {"deleted": 5, "before": now - 90 * DAY})
    assert keep_days("demo", now) == {}


def test_bills_keep_their_arithmetic() -> None:
    """BILL-1: charges and movements stay, and a call that is gone is not charged again."""
    billed_tenant()
    ended_call("c1", NOVEMBER, 61)
    rating.rate_call("demo", "c1", NOVEMBER + DAY)
    before = ([row.total for row in ChargeRow.select()], LedgerEntry.select().count(), ChargeRow.get().lines)
    keep(calls=90)
    assert keep_days("demo", NOVEMBER + 91 * DAY) == {Kept.CALLS: 1}
    assert rating.unrated_calls("demo", 0, 100) == []
    assert ([row.total for row in ChargeRow.select()], LedgerEntry.select().count(), ChargeRow.get().lines) == before


@pytest.mark.parametrize(("held", "status"), [(True, "stored"), (False, "stored"), (False, "deleting")])
def test_a_call_whose_sound_is_kept_stays(held: bool, status: str) -> None:
    """REC-1: held or not, as long as there is sound; once that is deleted the call goes as well."""
    ended_call("c1", NOVEMBER, 61)
    Recording.create(
        tenant="demo", recording="r", kind="call", call="c1", path="p", begun=1, ended=2, pauses=[], status=status,
        problem="", held=held,
    )  # fmt: skip
    keep(calls=90)
    assert keep_days("demo", NOVEMBER + 91 * DAY) == {}
    Recording.update(status="deleted", held=False).execute()
    assert keep_days("demo", NOVEMBER + 91 * DAY) == {Kept.CALLS: 1}


def test_customers_who_call_stay() -> None:
    """Retention: gone is who was neither changed nor heard of, however the switch wrote the number."""
    for name, number in (("quiet", "+8613700137000"), ("caller", "+8613800138000"), ("changed", "+8613600136000")):
        add_customer("demo", Card(name=name, numbers=(number,)), "1", NOVEMBER)
    ended_call("c1", NOVEMBER + 100 * DAY, 5, caller="013800138000")
    Customer.update(changed=NOVEMBER + 100 * DAY).where(Customer.name == "changed").execute()
    keep(customers=180)
    now = NOVEMBER + 200 * DAY
    assert count_older("demo", Kept.CUSTOMERS, now - 180 * DAY) == 1
    assert keep_days("demo", now) == {Kept.CUSTOMERS: 1}
    assert {row.name for row in Customer.select()} == {"caller", "changed"}


def test_states_stories_messages_and_the_audit_go_by_their_own_days() -> None:
    """LOG-1, API-1: what lasts stays; what nobody set is kept for ever, messages for a month."""
    write_events("demo", stream([*connected_call("c1", NINE), *changes("1001", [("online", 1), ("busy", 5)])]))
    Mail.create(tenant="demo", key="k", recipient="a@example.com", subject="", text="", html="", created=NINE)
    AuditRow.create(tenant="demo", at=NINE, who="1", area="x", key="k")
    AuditRow.create(tenant="other", at=NINE, who="1", area="x", key="k")
    assert keep_days("demo", NINE + 400 * DAY) == {Kept.MESSAGES: 1}
    keep(stories=30, states=90, audit=365)
    found = keep_days("demo", NINE + 400 * DAY)
    assert (found.keys(), found[Kept.AUDIT]) == ({Kept.STORIES, Kept.STATES, Kept.AUDIT}, 1)
    assert (CallEventRow.select().count(), CallRecord.select().count()) == (0, 1)
    assert [row.ended for row in AgentStateInterval.select()] == [None]
    assert AuditRow.select().where(AuditRow.tenant == "other").count() == 1


def test_it_is_done_once_in_the_companys_night() -> None:
    """Retention: not in its day, once in its night however many schedulers ask, again in the next."""
    keep(audit=365)
    rows = AuditRow.select().where(AuditRow.area == "x")
    for moment, left in (
        ("2026-11-28 14:00", 1), ("2026-11-29 03:00", 0), ("2026-11-29 04:00", 1), ("2026-11-30 02:00", 0),
    ):  # fmt: skip
        AuditRow.create(tenant="demo", at=1, who="1", area="x", key="k")
        keep_retention(at(moment))
        assert rows.count() == left, moment
        if left:
            AuditRow.delete().where(AuditRow.area == "x").execute()


def test_least_days_leave_time_to_charge() -> None:
    """BILL-1: calls without a charge are looked for 40 days back, and corrected for months."""
    assert BOUNDS[Kept.CALLS].least >= 90
    assert all(one.usual is None or one.least <= one.usual <= one.most for one in BOUNDS.values())
