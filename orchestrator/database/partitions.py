"""Tables that grow with every call are divided by month (UTC) on PostgreSQL (docs/decisions/0011).

Old months are dropped whole, which costs the same whatever they hold. SQLite has whole tables: there nothing is made
and nothing dropped.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from peewee import Database, PostgresqlDatabase

#: Months that are made before they begin: workers may be away so long.
AHEAD = 3

#: Who needs a table for itself waits this long (ms) for those that read it; the next run tries again.
LOCK_MS = 5000

SECOND = 1_000_000

#: No call lasts longer, us: what ended in a time arrived at most so long before. Promises to call back, which last
#: longest, are given up after a week.
LONGEST_CALL_US = 14 * 86_400 * SECOND


@dataclass(frozen=True, slots=True)
class Divided:
    """A table, the column it is divided by, and that column's units in a second."""

    table: str
    column: str
    per_s: int


#: Records before their parts, which refer to them.
DIVIDED = (
    Divided("call_event", "ms", 1000),
    Divided("call_record", "arrived", SECOND),
    Divided("call_leg", "arrived", SECOND),
    Divided("queue_stay", "arrived", SECOND),
    Divided("offer", "arrived", SECOND),
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its name (`2026_11`): from `since` until before `until`, us UTC."""

    name: str
    since: int
    until: int


def month_of(us: int, later: int = 0) -> Month:
    """Return the month of a time, or the one so many months later."""
    at = datetime.fromtimestamp(us / SECOND, UTC)
    first = at.year * 12 + at.month - 1 + later
    since, until = (datetime(n // 12, n % 12 + 1, 1, tzinfo=UTC) for n in (first, first + 1))
    return Month(f"{since:%Y_%m}", int(since.timestamp()) * SECOND, int(until.timestamp()) * SECOND)


def partitioned(database: Database) -> bool:
    """Tell whether the tables are divided."""
    return isinstance(database, PostgresqlDatabase)


def months(database: Database, table: str = "call_record") -> list[Month]:
    """Return the months that a table has partitions of, the oldest first; whole tables have none."""
    if not partitioned(database):
        return []
    return sorted(_made(database, table).values(), key=lambda month: month.since)


def make_months(database: Database, now: int) -> list[str]:
    """Make the months from that of `now` (us UTC) to three ahead; returns the names of those that were not there.

    Rows that had to go to the default partition meanwhile move into their month. Doing it again changes nothing.
    """
    if not partitioned(database):
        return []
    wanted = [month_of(now, later) for later in range(AHEAD + 1)]
    made = {divided.table: _made(database, divided.table) for divided in DIVIDED}
    missing = [month for month in wanted if any(month.name not in names for names in made.values())]
    for month in missing:
        with database.atomic():
            _patiently(database)
            _make(database, month, [divided for divided in DIVIDED if month.name not in made[divided.table]])
    return [month.name for month in missing]


def drop_month(database: Database, month: Month, *, stories_only: bool = False) -> None:
    """Drop a month with all its calls, of every tenant, or only with the events of that time. Call it in a transaction.

    Nothing is asked: whoever calls this knows that nobody keeps what is in it.
    """
    _patiently(database)
    for divided in DIVIDED[:1] if stories_only else reversed(DIVIDED):
        partition = f"{divided.table}_{month.name}"
        if month.name in _made(database, divided.table):
            # What others refer to cannot be dropped while it is a part.
            database.execute_sql(f"ALTER TABLE {divided.table} DETACH PARTITION {partition}")
            database.execute_sql(f"DROP TABLE {partition}")
    if not stories_only:
        database.execute_sql("DELETE FROM call_key WHERE arrived >= %s AND arrived < %s", (month.since, month.until))


def _made(database: Database, table: str) -> dict[str, Month]:
    """Return the months that a table has, by their names."""
    rows = database.execute_sql(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", (table,)
    )
    names = (name.removeprefix(f"{table}_") for (name,) in rows.fetchall())
    return {name: _named(name) for name in names if name != "default"}


def _named(name: str) -> Month:
    begins = datetime.strptime(name, "%Y_%m").replace(tzinfo=UTC)
    return month_of(int(begins.timestamp()) * SECOND)


def _patiently(database: Database) -> None:
    database.execute_sql(f"SET LOCAL lock_timeout = {LOCK_MS}")


def _make(database: Database, month: Month, missing: list[Divided]) -> None:
    """Make a month of some tables; its rows in the default partition leave that first and come back after."""
    for divided in missing:
        database.execute_sql(
            f"CREATE TEMPORARY TABLE moving_{divided.table} ON COMMIT DROP AS"  # noqa: S608 - names of ours
            f" SELECT * FROM {divided.table}_default WHERE {_within(divided, month)}"
        )
    for divided in reversed(missing):
        database.execute_sql(f"DELETE FROM {divided.table}_default WHERE {_within(divided, month)}")  # noqa: S608
    for divided in missing:
        since, until = _bounds(divided, month)
        database.execute_sql(
            f"CREATE TABLE {divided.table}_{month.name} PARTITION OF {divided.table}"
            f" FOR VALUES FROM ({since}) TO ({until})"
        )
        database.execute_sql(f"INSERT INTO {divided.table} SELECT * FROM moving_{divided.table}")  # noqa: S608


def _within(divided: Divided, month: Month) -> str:
    since, until = _bounds(divided, month)
    return f"{divided.column} >= {since} AND {divided.column} < {until}"


def _bounds(divided: Divided, month: Month) -> tuple[int, int]:
    return month.since // SECOND * divided.per_s, month.until // SECOND * divided.per_s
