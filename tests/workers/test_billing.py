"""Charges, the ledger and statements: each charge once, and everything adds up."""

from datetime import date
from random import Random
from typing import Any

import pytest
from peewee import Database
from redis import Redis

from orchestrator.database.billing import ledger
from orchestrator.database.billing.accounts import BadTariffError, account_of, add_order, add_version
from orchestrator.database.billing.ledger import balance_of, post_payment
from orchestrator.database.billing.rerating import rerate
from orchestrator.database.billing.statements import close_month, close_months
from orchestrator.database.models import ChargeRow, LedgerEntry, Statement, sum_of
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import Rate, RentItem
from orchestrator.jobs import WRITE_EVENTS, Jobs, QueueName
from tests.workers.bills import DAY, HOTLINE, NOVEMBER, D, billed_tenant, ended_call, tariff
from tests.workers.stories import connected_call, stream
from workers.bills import keep_all
from workers.rating import rate_call, unrated_calls
from workers.worker import JobWorker

DECEMBER = NOVEMBER + 30 * DAY
LATER = DECEMBER + DAY


MINE = ChargeRow.tenant == "demo"
TABLES: tuple[Any, ...] = (ChargeRow, LedgerEntry, Statement)


class KilledError(BaseException):
    """The worker dies here."""


def _dump() -> list[list[dict[str, object]]]:
    return [list(model.select().order_by(model.id).dicts()) for model in TABLES]


def _adds_up() -> None:
    """Ledger without gaps, each balance after its movement, charges = movements."""
    balance = D(0)
    for n, entry in enumerate(LedgerEntry.select().order_by(LedgerEntry.n), 1):
        balance += entry.amount
        assert (entry.n, entry.balance) == (n, balance)
    charged = -sum((e.amount for e in LedgerEntry.select().where(LedgerEntry.kind == "charge")), D(0))
    assert charged == sum_of(ChargeRow.total, MINE) == sum_of(ChargeRow.net, MINE) + sum_of(ChargeRow.tax, MINE)
    for row in ChargeRow.select():
        assert sum((D(line["amount"]) for line in row.lines), D(0)) == row.total


def test_a_month_adds_up_whatever_dies(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """BILL-1, SAFE-1: sum of charges = statement = movement of the balance, with workers that die and jobs twice."""
    random = Random(11)
    billed_tenant()
    add_order("demo", "o1", Order(item=RentItem.CALL_SEAT, quantity=7, since=date(2026, 10, 9)), "op", 0)
    add_order("demo", "o2", Order(item=RentItem.CALL_SEAT, quantity=3, since=date(2026, 11, 13)), "op", 0)
    calls = {f"c{n}": NOVEMBER + random.randrange(30 * DAY) for n in range(40)}
    for call, at in calls.items():
        ended_call(call, at, random.randrange(0, 400))
    post = ledger._post

    def die(*arguments: object) -> None:
        fate = random.random()
        if fate < 0.2:
            raise KilledError
        post(*arguments)  # type: ignore[arg-type]
        if fate < 0.4:
            raise KilledError

    monkeypatch.setattr(ledger, "_post", die)
    jobs = [*calls, *("pay",) * 4]
    random.shuffle(jobs)
    for job in [*jobs, *jobs]:
        _try(job)
    monkeypatch.setattr(ledger, "_post", post)
    for job in jobs:
        _try(job)
    assert len(close_months("demo", LATER)) == 1
    before = _dump()
    for job in jobs:
        _try(job)
    assert close_months("demo", LATER) == []
    assert close_month("demo", "2026-11", LATER) is None
    assert _dump() == before
    _adds_up()
    statement = Statement.get()
    assert statement.charged == sum_of(ChargeRow.total, MINE) > 0
    assert statement.closing == statement.opening + statement.paid - statement.charged == balance_of("demo")[1]
    assert (statement.opening, statement.paid) == (0, D("500"))
    assert sum(row.free_s for row in ChargeRow.select()) == 900
    rent = ChargeRow.get(ChargeRow.kind == "rent")
    assert rent.net == D("699.9300") + D("179.9820")


def _try(job: str) -> None:
    try:
        if job == "pay":
            post_payment("demo", "top_up", "bank 1", D(500), NOVEMBER + DAY, "op")
        else:
            rate_call("demo", job, LATER)
    except KilledError:
        return


def test_a_corrected_tariff_is_charged_as_difference(database: Database) -> None:  # noqa: ARG001
    """BILL-1: credits and debits of their own bring every call to the right price; doing it again changes nothing."""
    billed_tenant(tariff(free_s=0))
    for n, seconds in enumerate((60, 61, 300)):
        ended_call(f"c{n}", NOVEMBER + n * DAY, seconds)
        rate_call("demo", f"c{n}", NOVEMBER + n * DAY)
    wrong = balance_of("demo")[1]
    cheaper = Rate(direction=HOTLINE.direction, prefix="400", name="Hotline", price=D("0.06"), free_minutes=True)
    add_version(tariff(120, cheaper), "Standard", "op", LATER)
    assert [rerate("demo", "2026-11", LATER) for _ in range(2)] == [3, 0]
    # 60 s are free; of 120 s again 60; 300 s cost 0.30 and tax.
    assert balance_of("demo")[1] == -(D("0.06") + D("0.30")) * D("1.06") > wrong
    assert {row.version for row in ChargeRow.select()} == {1, 2}
    assert sum(row.free_s for row in ChargeRow.select()) == 120
    _adds_up()


def test_what_comes_after_the_close_stands_on_the_next_bill(database: Database) -> None:  # noqa: ARG001
    """BILL-1: a closed statement never changes; a late record is charged on the next one, and both add up."""
    billed_tenant()
    ended_call("late", NOVEMBER + DAY, 1000)
    assert close_month("demo", "2026-11", DECEMBER - 1) is None, "the month isn't over"
    assert close_months("demo", LATER)[0].charged == 0
    assert unrated_calls("demo", NOVEMBER, 10) == ["late"]
    rate_call("demo", "late", LATER)
    assert unrated_calls("demo", NOVEMBER, 10) == []
    row = ChargeRow.get()
    assert (row.month, row.free_s) == ("2026-12", 900)
    assert close_month("demo", "2026-12", LATER + 31 * DAY) is not None
    last = Statement.get(Statement.month == "2026-12")
    assert (last.opening, last.closing) == (0, -row.total)


def test_calls_before_the_account_and_unanswered_ones_cost_nothing(database: Database) -> None:  # noqa: ARG001
    """BILL-1: what was answered before the tenant was billed is free, and so is what nobody answered."""
    billed_tenant()
    ended_call("before", NOVEMBER - DAY, 60)
    ended_call("other number", NOVEMBER + DAY, 60, number="02087654321")
    for call in ("before", "other number", "unknown"):
        rate_call("demo", call, LATER)
    assert [(row.call, row.total, row.lines[0]["kind"]) for row in ChargeRow.select()] == [
        ("other number", D(0), "no_rate")
    ]


def test_a_low_balance_is_noted(database: Database) -> None:  # noqa: ARG001
    """BILL-1: the account says since when the balance is low, and no longer once it was topped up."""
    billed_tenant()
    post_payment("demo", "top_up", "1", D("10"), NOVEMBER)
    assert account_of("demo").low_since is None  # type: ignore[union-attr]
    post_payment("demo", "adjustment", "2", D("-0.0001"), NOVEMBER + 5)
    assert account_of("demo").low_since == NOVEMBER + 5  # type: ignore[union-attr]
    post_payment("demo", "top_up", "3", D("1"), NOVEMBER + 9)
    assert account_of("demo").low_since is None  # type: ignore[union-attr]


def test_a_bad_tariff_is_refused_whole(database: Database) -> None:  # noqa: ARG001
    """BILL-1: a version with flaws, or in another currency, is not recorded."""
    billed_tenant()
    with pytest.raises(BadTariffError) as refused:
        add_version(tariff(currency="USD", tax="101"), "Standard", "op", LATER)
    assert set(refused.value.flaws) == {("tax_percent", "bad_percent"), ("currency", "other_currency")}
    assert add_version(tariff(), "Standard", "op", LATER).number == 2


def test_a_call_is_charged_after_its_record(redis: "Redis", database: Database) -> None:
    """BILL-1: the job that writes a record has the call charged; keeping the bills finds what was lost on the way."""
    billed_tenant()
    ended_call("lost", NOVEMBER + DAY, 60)
    worker = JobWorker(redis, database)
    worker.register_birth()  # type: ignore[no-untyped-call]
    Jobs(redis).add(WRITE_EVENTS, "demo", stream(connected_call("4001-call", NOVEMBER + DAY)))
    for queue in (QueueName.RECORDS, QueueName.BILLING):
        found = worker.dequeue_job_and_maintain_ttl(None)
        assert found is not None
        assert found[1].name == queue
        worker.execute_job(*found)
    assert [row.call for row in ChargeRow.select()] == ["4001-call"]
    keep_all(LATER, lambda *_: None)
    assert {row.call for row in ChargeRow.select()} == {"4001-call", "lost"}
    assert Statement.get().calls == 2
