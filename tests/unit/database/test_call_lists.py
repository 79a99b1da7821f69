"""Lists of calls read what they show, and little more, whatever is looked for (CDR-1)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from peewee import Database

from orchestrator.database.call_records import CallFilter, call_detail, calls_from, list_calls
from orchestrator.database.connection import TooSlowError, open_database, quickly
from orchestrator.database.migrate import migrate
from orchestrator.database.models import CallRecord
from orchestrator.database.partitions import make_months, partitioned
from tests.benchmarks.many_records import END, SPAN, S, fill
from tests.support.databases import running_postgres

DAY = 86_400 * S
TENANT, CALLS = "acme", 8_000

#: A page of 50 may read so many rows. The tenant has 4,000 records, their parts are as many again, and more.
MOST = 500

LISTS: dict[str, CallFilter] = {
    "everything": CallFilter(),
    "a day": CallFilter(since=END - 300 * DAY, until=END - 299 * DAY),
    "a queue": CallFilter(queues=("q7",)),
    "queues": CallFilter(queues=("q3", "q11", "q17")),
    "an agent": CallFilter(agents=("1042",)),
    "agents": CallFilter(agents=("1042", "1077", "1190")),
    "an outcome that few calls have": CallFilter(outcomes=("lost",)),
    "an outcome that no call has": CallFilter(outcomes=("unpaid", "blocked")),
    "calls out": CallFilter(direction="out"),
    "calls of a direction that none has": CallFilter(direction="sideways"),
    "a score": CallFilter(scores=(1,)),
    "a score that no call has": CallFilter(scores=(9,)),
    "a part of a number that nobody has": CallFilter(number="99999999"),
    "a part of a number": CallFilter(number="0048"),
    "a whole number": CallFilter(ways=("13000012345", "+8613000012345")),
    "a whole number that nobody has": CallFilter(ways=("13000000000",)),
    "a disposition that no call has": CallFilter(dispositions=("none",)),
    "a tag that no call has": CallFilter(tags=("none",)),
    "a queue and an outcome": CallFilter(queues=("q0",), outcomes=("lost",)),
    "left a queue that day": CallFilter(queues=("q2",), left_since=END - 9 * DAY, left_until=END - 8 * DAY),
}


@pytest.fixture(scope="module")
def calls() -> Iterator[Database]:
    """A PostgreSQL with calls of two years."""
    with running_postgres() as server:
        database = open_database(server.url)
        migrate(database)
        make_months(database, END - 90 * DAY)  # older calls are in the default partition
        fill(database, CALLS)
        database.execute_sql("VACUUM ANALYZE")
        # A table of this size is read whole because that is quick; what could be done with a large one is asked.
        database.execute_sql("SET enable_seqscan = off")
        yield database
        database.close()


def _read(database: Database, ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many rows the database reads for what `ask` asks it."""
    asked: list[tuple[str, Any]] = []
    execute = database.execute_sql

    def listen(sql: str, params: Any = None, **how: Any) -> Any:  # noqa: ANN401 - as it is called
        asked.append((sql, params))
        return execute(sql, params, **how)

    with monkeypatch.context() as patched:
        patched.setattr(database, "execute_sql", listen)
        ask()
    plans = [execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params).fetchone()[0] for sql, params in asked]
    return sum(_rows(plan[0]["Plan"] if isinstance(plan, list) else json.loads(plan)[0]["Plan"]) for plan in plans)


def _rows(node: dict[str, Any]) -> int:
    """Add up what the leaves of a plan have read, also what they threw away."""
    below = node.get("Plans", [])
    if below:
        return sum(_rows(child) for child in below)
    thrown = sum(count for name, count in node.items() if name.startswith("Rows Removed"))
    return int((node["Actual Rows"] + thrown) * node["Actual Loops"])


@pytest.mark.parametrize("name", LISTS)
def test_a_page_reads_little(name: str, calls: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDR-1: the first page, and one a year deep, of what is looked for: never all of the tenant's calls."""
    for cursor in (None, f"{END - SPAN // 2}-1"):
        assert _read(calls, lambda at=cursor: list_calls(TENANT, LISTS[name], at), monkeypatch) <= MOST


def test_a_list_that_takes_too_long_is_given_up(calls: Database) -> None:
    """CDR-1: here because somebody has the table for himself; others go on afterwards as before."""
    with psycopg.connect(host="127.0.0.1", port=calls.connect_params["port"], user="zuoxi", dbname="postgres") as other:
        other.execute("LOCK TABLE call_record IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TooSlowError), quickly(calls, 50):
            list_calls(TENANT, CallFilter())
    with quickly(calls, 20_000):
        assert list_calls(TENANT, CallFilter()).rows
    assert calls.execute_sql("SHOW statement_timeout").fetchone() == ("0",)


def test_one_call_is_found_in_its_month(calls: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDR-1, WEB-2: a call with its parts, and the earlier calls of a number."""
    row = CallRecord.select().where(CallRecord.tenant == TENANT).first()
    assert partitioned(calls)
    assert 0 < _read(calls, lambda: call_detail(TENANT, row.call), monkeypatch) <= 20
    assert 0 < _read(calls, lambda: calls_from(TENANT, (row.caller,), 10), monkeypatch) <= 20


@pytest.mark.parametrize("name", LISTS)
def test_pages_are_what_is_looked_for(name: str, calls: Database) -> None:  # noqa: ARG001
    """CDR-1: page by page the same calls as all at once, none twice, newest first."""
    whole, cursor = [], None
    while True:
        page = list_calls(TENANT, LISTS[name], cursor, 500)
        whole += [(row.arrived, row.id) for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert whole == sorted(set(whole), reverse=True)
