"""What grows with every call is divided by month on PostgreSQL (docs/decisions/0011); SQLite keeps whole tables.

Parts of a call know when it arrived, which is what they are divided by; stays in queues know their tenant, which is
what reports look for.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import peewee as pw
from peewee_migrate import Migrator

#: The tables, each with the column it is divided by and how many of its units a second has.
DIVIDED = {
    "call_event": ("ms", 1000),
    "call_record": ("arrived", 1_000_000),
    "call_leg": ("arrived", 1_000_000),
    "queue_stay": ("arrived", 1_000_000),
    "offer": ("arrived", 1_000_000),
}

#: Parts of a call, and what is unique in each; a unique key names the column of division.
PARTS = {
    "call_leg": ("record_id", "leg"),
    "queue_stay": ("record_id", "entered", "ended"),
    "offer": ("record_id", "leg"),
}

#: What is older than so many years goes into the default partition.
YEARS = 20


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the columns and fill them; divide where that can be done."""
    for table in PARTS:
        migrator.add_fields(table, arrived=pw.BigIntegerField(null=True))
    migrator.add_fields("queue_stay", tenant=pw.TextField(null=True))
    migrator.drop_index("queue_stay", "ended")
    migrator.add_index("queue_stay", "tenant", "ended")
    migrator.run(_divide if isinstance(database, pw.PostgresqlDatabase) else _fill, database)


def _fill(database: pw.Database) -> None:
    for table in PARTS:
        database.execute_sql(
            f"UPDATE {table} SET arrived = (SELECT arrived FROM call_record WHERE id = {table}.record_id)"  # noqa: S608
        )
    database.execute_sql("UPDATE queue_stay SET tenant = (SELECT tenant FROM call_record WHERE id = record_id)")


def _divide(database: pw.Database) -> None:
    """Copy every table into partitions, then build what belongs to them: that is the quickest order."""
    database.execute_sql("SET LOCAL maintenance_work_mem = '256MB'")
    indexes = {table: _indexes(database, table) for table in DIVIDED}
    for table in DIVIDED:
        _copy(database, table)
    for table in reversed(DIVIDED):
        database.execute_sql(f"DROP TABLE {table}_whole")
    for table, (column, _) in DIVIDED.items():
        database.execute_sql(f"ALTER TABLE {table} ADD PRIMARY KEY (id, {column})")
        for statement in indexes[table]:
            database.execute_sql(statement)
    _unique(database)
    _keys(database)
    for table in DIVIDED:
        database.execute_sql(f"ANALYZE {table}")


def _indexes(database: pw.Database, table: str) -> list[str]:
    """Return the statements that make the indexes that are not unique."""
    found = database.execute_sql(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique", (table,)
    )
    return [row[0] for row in found.fetchall()]


def _copy(database: pw.Database, table: str) -> None:
    column, unit = DIVIDED[table]
    database.execute_sql(f"ALTER TABLE {table} RENAME TO {table}_whole")
    database.execute_sql(f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS) PARTITION BY RANGE ({column})")
    database.execute_sql(f"ALTER SEQUENCE {table}_id_seq OWNED BY {table}.id")
    database.execute_sql(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
    for name, since, until in _months(database, table, unit):
        database.execute_sql(f"CREATE TABLE {table}_{name} PARTITION OF {table} FOR VALUES FROM ({since}) TO ({until})")
    of_record = {"arrived": "record.arrived", "tenant": "record.tenant"} if table in PARTS else {}
    names = [found.name for found in database.get_columns(f"{table}_whole")]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(of_record.get(name, f'whole."{name}"') for name in names)
    joined = "JOIN call_record record ON record.id = whole.record_id" if table in PARTS else ""
    database.execute_sql(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}_whole whole {joined}")  # noqa: S608


def _months(database: pw.Database, table: str, unit: int) -> Iterator[tuple[str, int, int]]:
    """Yield name, first and end of the months that have rows, of the present one and of the next."""
    now = datetime.now(UTC)
    present = now.year * 12 + now.month - 1
    whole, column = ("call_record", "arrived") if table in PARTS else (f"{table}_whole", DIVIDED[table][0])
    found = database.execute_sql(
        "SELECT DISTINCT extract(year FROM at)::int * 12 + extract(month FROM at)::int - 1 FROM"  # noqa: S608
        f" (SELECT to_timestamp({column} / {unit}) AT TIME ZONE 'UTC' AS at FROM {whole}) times"
    )
    full = {month for (month,) in found.fetchall() if present - 12 * YEARS < month <= present + 1}
    for month in sorted(full | {present, present + 1}):
        since, until = (int(datetime(at // 12, at % 12 + 1, 1, tzinfo=UTC).timestamp()) for at in (month, month + 1))
        yield f"{month // 12}_{month % 12 + 1:02}", since * unit, until * unit


def _unique(database: pw.Database) -> None:
    # Every partition's rows are checked against all records: one by one, each in its month, not all with all.
    database.execute_sql("SET LOCAL enable_hashjoin = off")
    database.execute_sql("SET LOCAL enable_mergejoin = off")
    database.execute_sql("CREATE UNIQUE INDEX call_event_tenant_stream_id ON call_event (tenant, stream_id, ms)")
    database.execute_sql("CREATE INDEX call_record_tenant_call ON call_record (tenant, call)")
    for table, columns in PARTS.items():
        names = "_".join(columns)
        database.execute_sql(f"CREATE UNIQUE INDEX {table}_{names} ON {table} ({', '.join(columns)}, arrived)")
        database.execute_sql(
            f"ALTER TABLE {table} ADD FOREIGN KEY (record_id, arrived) REFERENCES call_record (id, arrived)"
            " ON UPDATE CASCADE ON DELETE CASCADE"
        )


#: Keeps `call_key` as `call_record` is, whoever writes it. A record that changes its month is deleted and inserted.
_KEEP_KEY = """
CREATE FUNCTION keep_call_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM call_key WHERE tenant = OLD.tenant AND call = OLD.call;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO call_key (tenant, call, arrived, record) VALUES (NEW.tenant, NEW.call, NEW.arrived, NEW.id);
    END IF;
    RETURN NULL;
END
$$
"""


def _keys(database: pw.Database) -> None:
    """A call has one record: a key over all months, which partitions cannot have."""
    database.execute_sql(
        "CREATE TABLE call_key"
        " (tenant text NOT NULL, call text NOT NULL, arrived bigint NOT NULL, record bigint NOT NULL)"
    )
    database.execute_sql("INSERT INTO call_key SELECT tenant, call, arrived, id FROM call_record")
    database.execute_sql("ALTER TABLE call_key ADD PRIMARY KEY (tenant, call)")
    database.execute_sql("CREATE INDEX call_key_arrived ON call_key (arrived)")
    database.execute_sql(_KEEP_KEY)
    database.execute_sql(
        "CREATE TRIGGER keep_call_key AFTER INSERT OR DELETE OR UPDATE OF tenant, call, arrived, id ON call_record"
        " FOR EACH ROW EXECUTE FUNCTION keep_call_key()"
    )
    database.execute_sql("ANALYZE call_key")
