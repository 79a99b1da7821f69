"""A month of calls, charged by worker processes that are killed at work: everything adds up to the last digit."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from redis import Redis

from orchestrator.database.billing.accounts import add_order, add_version
from orchestrator.database.billing.ledger import balance_of, post_payment
from orchestrator.database.billing.rerating import rerate
from orchestrator.database.billing.summaries import payments_of, summary_of
from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import CallRecord, ChargeRow, LedgerEntry, Statement, sum_of
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import RentItem
from orchestrator.records import RecordJobs
from tests.workers.bills import DAY, NOVEMBER, D, billed_tenant, tariff
from tests.workers.stories import connected_call, stream
from tests.workers.test_rerating import CHEAPER, MINIMAL
from workers.bills import keep_all
from workers.jobs import write_events

CALLS, KILLS = 50, 2

#: Free seconds of a month; the calls use them up.
FREE_S = 120

#: After the month, whatever day it is when this runs.
AFTER = max(NOVEMBER + 31 * DAY, time.time_ns() // 1000 + 32 * DAY)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with all tables, of each kind, open in this process too."""
    found = f"sqlite:///{tmp_path}/zuoxi.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(found)
    if request.param == "postgresql":
        database.execute_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    migrate(database)
    yield found
    database.close()


@pytest.mark.timeout(200)
def test_killed_workers_charge_each_call_once(url: str, redis: "Redis", redis_url: str) -> None:
    """BILL-1, SAFE-1: workers die (SIGKILL) at work; charges = statements = movements, each call once.

    With minimum, connection fee, free minutes, tax, rent, a refund and corrections by another version of the tariff.
    """
    random = Random(5)
    billed_tenant(tariff(free_s=FREE_S, rate=MINIMAL))
    add_order("demo", "o1", Order(item=RentItem.CALL_SEAT, quantity=3, since=date(2026, 11, 5)), "op", 0)
    batches = [stream(connected_call(f"c{n}", NOVEMBER + random.randrange(29 * DAY))) for n in range(CALLS)]
    jobs = RecordJobs(redis)
    for n, batch in enumerate(batches):
        jobs.write("demo", [(f"{1_800_000_000_000 + n}-{at}", *message[1:]) for at, message in enumerate(batch)])
    environment = {**os.environ, "ZUOXI_REDIS_URL": redis_url, "ZUOXI_DATABASE_URL": url}
    for killed in range(KILLS):
        process = subprocess.Popen([sys.executable, "-m", "workers"], env=environment)
        try:
            _wait_for_charges((killed + 1) * 10 + random.randrange(8))
        finally:
            process.kill()
            process.wait()
    _check(at_least=KILLS * 10)
    _finish(redis, batches)
    first = ChargeRow.corrects.is_null()
    assert CallRecord.select().count() == ChargeRow.select().where(first, ChargeRow.kind == "call").count() == CALLS
    assert ChargeRow.select().where(~first).count() > 0
    assert {row.month for row in ChargeRow.select().where(ChargeRow.kind == "rent")} >= {"2026-11"}
    assert sum(row.free_s for row in ChargeRow.select().where(ChargeRow.began < NOVEMBER + 30 * DAY)) == FREE_S
    _check(at_least=CALLS)
    statements = list(Statement.select().order_by(Statement.month))
    assert sum(row.charged for row in statements) == sum_of(ChargeRow.total, ChargeRow.tenant == "demo") > 0
    for before, after in pairwise(statements):
        assert after.opening == before.closing
    assert statements[-1].closing == balance_of("demo")[1]
    assert all(row.closing == row.opening + row.paid - row.charged for row in statements)
    for row in statements:
        summary = summary_of("demo", row.month)
        assert sum((part.total for part in summary.parts), D(0)) == row.charged
        assert sum((part.tax for part in summary.taxes), D(0)) == row.tax
        assert sum((one.amount for one in payments_of("demo", row.month)), D(0)) == row.paid


def _wait_for_charges(many: int) -> None:
    deadline = time.monotonic() + 60
    while ChargeRow.select().count() < many:
        assert time.monotonic() < deadline, f"{many} charges within 60 s"
        time.sleep(0.005)  # between two looks; the deadline ends the loop


def _finish(redis: "Redis", batches: list) -> None:  # type: ignore[type-arg]
    """What the killed ones had begun is done again from the beginning, some of it for the second time."""
    redis.flushdb()
    for n, batch in enumerate(batches):
        write_events("demo", [(f"{1_800_000_000_000 + n}-{at}", *message[1:]) for at, message in enumerate(batch)])
    add_version(tariff(free_s=FREE_S, rate=CHEAPER, tax="9"), "Standard", "op", AFTER)
    for _ in range(2):
        assert post_payment("demo", "top_up", "bank 1", D("500.01"), NOVEMBER + DAY) is (_ == 0)
        for at in (NOVEMBER + 30 * DAY - 1, AFTER):
            keep_all(at, lambda *_: None)
        assert post_payment("demo", "adjustment", "refund", D("-7.3"), AFTER) is (_ == 0)
        corrected = rerate("demo", "2026-11", AFTER)
        assert (corrected > 0) is (_ == 0)
    keep_all(AFTER + 62 * DAY, lambda *_: None)


def _check(at_least: int) -> None:
    """At any moment: the ledger has no gap, each balance follows from its movement, and charges are its movements."""
    assert ChargeRow.select().count() >= at_least
    balance = D(0)
    for n, entry in enumerate(LedgerEntry.select().order_by(LedgerEntry.n), 1):
        balance += entry.amount
        assert (entry.n, entry.balance) == (n, balance)
    charged = -sum_of(LedgerEntry.amount, LedgerEntry.kind == "charge")
    assert charged == sum_of(ChargeRow.total, ChargeRow.tenant == "demo")
