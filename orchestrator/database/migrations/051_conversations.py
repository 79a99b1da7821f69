"""What reports count of conversations: who talked to the customer from when on, how it came about, the survey.

Filled for calls before from what was written of them: stays in queues that led to an agent, the last agent of a call,
a call's score. Whether a survey was asked that nobody answered was not written down.

PostgreSQL writes each month once, anew, with all that is known of its legs: changing every row of millions, once for
each thing to know, took more than an hour of ten million calls.
"""

import time

import peewee as pw
import structlog
from peewee_migrate import Migrator

#: Each conversation is found on the channel of its agent that was answered before it; one that nothing tells of is
#: the call's last. An agent may talk to a caller twice: the survey is about the last time.
_FOUND = """
WITH took AS (
    SELECT record_id, queue, agent, ended, talk_us,
        row_number() OVER (PARTITION BY record_id, agent, ended ORDER BY entered) AS nth
    FROM queue_stay WHERE outcome IN ('connected', 'called_back') {stays}
), known AS (
    SELECT {kept}, record.tenant AS whose, record.agent AS last_agent, record.connected, record.talk_us AS last_talk_us,
        record.score AS given, record.hold_us AS held, taken.ended AS taken_at, took.queue AS left_queue,
        took.agent AS taker, took.talk_us AS stay_talk_us,
        CASE WHEN leg.role = 'outside' AND leg.answered IS NOT NULL AND record.outcome = 'forwarded' THEN 'outside'
            WHEN took.nth = 1 THEN 'queue' WHEN taken.leg IS NOT NULL THEN 'direct'
            WHEN leg.role = 'agent' AND leg.agent = record.agent AND leg.answered <= record.connected
                AND record.direction = 'out' THEN 'out' END AS came
    FROM {source} leg JOIN call_record record ON record.id = leg.record_id {records}
        LEFT JOIN offer taken ON taken.record_id = leg.record_id AND taken.leg = leg.leg
            AND taken.result = 'accepted' {offers}
        LEFT JOIN took ON took.record_id = leg.record_id AND took.agent = taken.agent AND took.ended = taken.ended
            AND took.nth = 1
), begun AS (
    SELECT known.*, CASE came WHEN 'outside' THEN answered WHEN 'queue' THEN taken_at WHEN 'direct' THEN taken_at
        WHEN 'out' THEN connected END AS began FROM known
), followed AS (
    SELECT begun.*, CASE WHEN began IS NOT NULL AND agent IS NOT NULL THEN min(began) OVER (
        PARTITION BY record_id, agent ORDER BY began RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) END AS next FROM begun
), surveyed AS (
    SELECT followed.*, CASE WHEN given IS NOT NULL AND agent = last_agent AND began IS NOT NULL AND next IS NULL
        THEN TRUE ELSE FALSE END AS last FROM followed
)
SELECT {names}, whose AS tenant, began AS joined, came AS way, left_queue AS queue,
    CASE came WHEN 'outside' THEN ended - answered WHEN 'direct' THEN ended - taken_at WHEN 'out' THEN last_talk_us
        WHEN 'queue' THEN coalesce(stay_talk_us, CASE WHEN last_agent = taker THEN last_talk_us ELSE 0 END)
        END AS talk_us,
    CASE WHEN last THEN coalesce(held, 0) WHEN began IS NOT NULL THEN 0 END AS hold_us, next AS again, last AS asked,
    CASE WHEN last THEN given END AS score
FROM surveyed
"""

#: What is filled, in the order of the query.
_NEW = ("tenant", "joined", "way", "queue", "talk_us", "hold_us", "again", "asked", "score")


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns, and fill them."""
    divided = isinstance(database, pw.PostgresqlDatabase)
    migrator.add_fields(
        "call_leg",
        tenant=pw.TextField(null=True),
        joined=pw.BigIntegerField(null=True),
        way=pw.TextField(null=True),
        queue=pw.TextField(null=True),
        talk_us=pw.BigIntegerField(null=True),
        hold_us=pw.BigIntegerField(null=True),
        again=pw.BigIntegerField(null=True),
        # PostgreSQL: with a default every row would be written now; all are written below.
        asked=pw.BooleanField(null=True) if divided else pw.BooleanField(default=False),
        score=pw.IntegerField(null=True),
    )
    migrator.run(_write_months if divided else _update, database)
    if divided:
        migrator.sql("ALTER TABLE call_leg ALTER COLUMN asked SET NOT NULL")
    migrator.add_index("call_leg", "tenant", "joined")


def _query(database: pw.Database, source: str, bounds: str = "") -> tuple[str, str]:
    """Return the columns and the query of a table's legs with what is known of their calls.

    `bounds`: between which times these calls arrived, so that only their months are read.
    """
    kept = [column.name for column in database.get_columns("call_leg") if column.name not in _NEW]
    within = {"stays": "arrived", "records": "record.arrived", "offers": "taken.arrived"}
    where = {name: f"AND {column} {bounds}" if bounds else "" for name, column in within.items()}
    names = ", ".join(kept)
    query = _FOUND.format(source=source, kept=", ".join(f"leg.{name}" for name in kept), names=names, **where)
    return f"{names}, {', '.join(_NEW)}", query


def _update(database: pw.Database) -> None:
    _, query = _query(database, "call_leg")
    values = ", ".join(f"{name} = made.{name}" for name in _NEW)
    database.execute_sql(f"UPDATE call_leg SET {values} FROM ({query}) made WHERE made.id = call_leg.id")  # noqa: S608


def _write_months(database: pw.Database) -> None:
    """Put every month, with what is known, in the place of the old one; its indexes are built when it is full."""
    log = structlog.get_logger("migration")
    database.execute_sql("SET LOCAL maintenance_work_mem = '256MB'")
    database.execute_sql("SET LOCAL work_mem = '128MB'")
    months = database.execute_sql(
        "SELECT inhrelid::regclass::text, pg_get_expr(relpartbound, pg_class.oid) FROM pg_inherits"
        " JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'call_leg'::regclass ORDER BY 1"
    ).fetchall()
    for n, (month, bound) in enumerate(months, 1):
        began = time.monotonic()
        (first, last) = database.execute_sql(f"SELECT min(arrived), max(arrived) FROM {month}").fetchone()  # noqa: S608
        if first is not None:
            _write_month(database, month, bound, f"BETWEEN {first} AND {last}")
            log.info("written", table=month, n=n, of=len(months), seconds=round(time.monotonic() - began, 1))
    database.execute_sql("ANALYZE call_leg")


def _write_month(database: pw.Database, month: str, bound: str, bounds: str) -> None:
    names, query = _query(database, month, bounds)
    database.execute_sql("CREATE TABLE call_leg_filling (LIKE call_leg INCLUDING DEFAULTS)")
    database.execute_sql(f"INSERT INTO call_leg_filling ({names}) {query}")
    database.execute_sql(f"ALTER TABLE call_leg DETACH PARTITION {month}")
    database.execute_sql(f"DROP TABLE {month}")
    database.execute_sql(f"ALTER TABLE call_leg_filling RENAME TO {month}")
    # The rows are checked against their records: one by one, not with all records of all months.
    database.execute_sql("SET LOCAL enable_hashjoin = off")
    database.execute_sql("SET LOCAL enable_mergejoin = off")
    database.execute_sql(f"ALTER TABLE call_leg ATTACH PARTITION {month} {bound}")
    database.execute_sql("SET LOCAL enable_hashjoin = on")
    database.execute_sql("SET LOCAL enable_mergejoin = on")
