"""Tables come from migrations and match the models."""

import pytest
from peewee import Database, IntegrityError, SqliteDatabase
from peewee_migrate import Router

from orchestrator.database.configuration import configuration
from orchestrator.database.connection import open_database
from orchestrator.database.migrate import MIGRATIONS, migrate, pending_migrations
from orchestrator.database.models import TABLES, CallLeg, Queue, ReportPeriod, Tenant
from orchestrator.database.partitions import DIVIDED, partitioned
from orchestrator.domain.config import HANG_UP, NumberConfig, to_queue

#: Tables of months, by the column that a unique key of theirs must have besides; only there a call may be
#: found twice by an index, and once by `call_key` (test_months.py).
MONTHS = {divided.table: divided.column for divided in DIVIDED}


def _schema(database: Database) -> dict[str, object]:
    """Everything the database knows of our tables: columns, indexes, references."""
    divided = MONTHS if partitioned(database) else {}
    return {table: _divided(database, table) for table in divided} | {
        table._meta.table_name: (
            sorted(str(column) for column in database.get_columns(table._meta.table_name)),
            sorted((sorted(index.columns), index.unique) for index in database.get_indexes(table._meta.table_name)),
            sorted(str(key) for key in database.get_foreign_keys(table._meta.table_name)),
        )
        for table in TABLES
        if table._meta.table_name not in divided
    }


def _divided(database: Database, table: str) -> object:
    """Columns, and indexes without what a table has for being divided; whole tables are described the same way.

    Only PostgreSQL has indexes that are no trees, which models don't know.
    """
    rows = database.execute_sql(
        "SELECT indisunique, pg_get_expr(indpred, indrelid), array(SELECT attname::text FROM pg_attribute"
        " WHERE attrelid = indrelid AND attnum = ANY(indkey)) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " JOIN pg_am ON pg_am.oid = relam WHERE amname = 'btree' AND indrelid = %s::regclass",
        (table,),
    )
    indexes = [
        (unique and names != ["tenant", "call"], where, sorted(set(names) - ({MONTHS[table]} if unique else set())))
        for unique, where, names in rows.fetchall()
    ]
    return sorted((c.name, c.data_type) for c in database.get_columns(table)), sorted(indexes, key=repr)


def test_migrating_from_empty_makes_the_tables_of_the_models(empty_database: Database) -> None:
    """OPS-1: the migrations and the models describe the same tables, column by column and index by index."""
    names = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))
    assert migrate(empty_database) == names
    assert len({name[:3] for name in names}) == len(names)
    migrated = _schema(empty_database)
    empty_database.drop_tables(TABLES)
    empty_database.create_tables(TABLES)
    assert migrated == _schema(empty_database)


def test_migrating_again_changes_nothing(database: Database) -> None:
    """OPS-1: a second run finds nothing to do and keeps the data."""
    Tenant.create(id="demo", name="Demo", break_reasons=["lunch", "小休"])
    assert pending_migrations(database) == []
    assert migrate(database) == []
    assert Tenant.get_by_id("demo").break_reasons == ["lunch", "小休"]


def test_numbers_lead_where_they_led_before_they_had_routes(empty_database: Database) -> None:
    """OPS-1, CALL-1: in a database of the time when a number had a queue and nothing else; agents serve on."""
    Router(empty_database, migrate_dir=MIGRATIONS).run("002_prompts")
    for table, values in (
        ("tenant", "(id, name, timezone, wrap_up_s, miss_limit, break_reasons, config_version)"
         " VALUES ('demo', 'Demo', 'UTC', 0, 0, '[]', 0)"),
        ("queue", "(id, tenant_id, key, name, strategy, music, ring_s, priority, short_abandon_s, service_level_s)"
         " VALUES (5, 'demo', 'sales', 'Sales', 'random', 'default', 20, 0, 5, 20)"),
        ("agent", """(id, tenant_id, key, name, "group", mode, device) VALUES (7, 'demo', 'a', 'A', '', 'web', 'd')"""),
        ("queue_agent", "(queue_id, agent_id) VALUES (5, 7)"),
        ("number", "(tenant_id, number, queue_id) VALUES ('demo', '4001', 5)"),
    ):  # fmt: skip
        empty_database.execute_sql(f"INSERT INTO {table} {values}")
    migrate(empty_database)
    config = configuration("demo")
    assert config.numbers == {"4001": NumberConfig(number="4001", route=to_queue("sales"))}
    assert config.queues["sales"].on_timeout == config.queues["sales"].on_full == HANG_UP
    assert config.queues["sales"].on_empty is None
    assert config.agents["a"].queues == ("sales",)


def test_conversations_of_older_calls_are_found(empty_database: Database) -> None:
    """REP-1, OPS-1: what reports count of conversations is filled from what was written of each call before."""
    Router(empty_database, migrate_dir=MIGRATIONS).run("037_called_numbers")
    facts = "switch, caller, caller_name, number, arrived, ended, wait_us, ring_us, short, hung_up_by, cause"
    told = "'s', '1', '', '40', 1, 90, 0, 0, false, 'caller', ''"
    leg = "progress, billed_ms, cause, hung_up"
    for statement in (
        f"INSERT INTO call_record (id, tenant, call, {facts}, outcome, agent, connected, talk_us, score, direction)"  # noqa: S608
        f" VALUES (1, 'demo', 'c1', {told}, 'connected', 'a2', 20, 60, 4, NULL),"
        f" (2, 'demo', 'c2', {told}, 'reached', 'a1', 30, 50, NULL, 'out'),"
        f" (3, 'demo', 'c3', {told}, 'forwarded', NULL, NULL, 0, NULL, 'in')",
        "INSERT INTO queue_stay (record_id, queue, entered, ended, priority, wait_us, outcome, short,"
        " within_service_level, agent, talk_us) VALUES (1, 'q', 1, 20, 0, 19, 'connected', false, true, 'a1', 30)",
        "INSERT INTO offer (record_id, leg, queue, agent, offered, ended, result, cause)"
        " VALUES (1, 'l1', 'q', 'a1', 10, 20, 'accepted', ''), (1, 'l2', '', 'a2', 45, 50, 'accepted', '')",
        f"INSERT INTO call_leg (record_id, leg, role, agent, created, answered, ended, {leg})"  # noqa: S608
        " VALUES (1, 'l1', 'agent', 'a1', 10, 19, 50, NULL, 0, '', false),"
        " (1, 'l2', 'agent', 'a2', 45, 49, 80, NULL, 0, '', false),"
        " (1, 'c1', 'caller', NULL, 1, 1, 90, NULL, 0, '', false),"
        " (2, 'l3', 'agent', 'a1', 5, 10, 80, NULL, 0, '', false),"
        " (3, 'o1', 'outside', NULL, 5, 40, 90, NULL, 0, '', false)",
    ):
        empty_database.execute_sql(statement)
    migrate(empty_database)
    rows = CallLeg.select().order_by(CallLeg.leg)
    assert [
        (row.tenant, row.leg, row.joined, row.way, row.queue, row.talk_us, row.asked, row.score) for row in rows
    ] == [
        ("demo", "c1", None, None, None, None, False, None),
        ("demo", "l1", 20, "queue", "q", 30, False, None),
        ("demo", "l2", 50, "direct", None, 30, True, 4),
        ("demo", "l3", 30, "out", None, 50, False, None),
        ("demo", "o1", 40, "outside", None, 50, False, None),
    ]


def test_references_are_checked(database: Database) -> None:
    """A queue of a tenant that does not exist is refused."""
    with pytest.raises(IntegrityError), database.atomic():
        Queue.create(tenant="nobody", key="sales", name="Sales")


def test_sqlite_reads_while_another_connection_writes(database: Database) -> None:
    """SQLite runs in WAL mode, so that pages are shown while workers write."""
    if isinstance(database, SqliteDatabase):
        assert database.journal_mode == "wal"


def test_a_url_of_another_kind_is_refused() -> None:
    """A database that we do not support is named in the error."""
    with pytest.raises(ValueError, match="'mysql'"):
        open_database("mysql://localhost/zuoxi")


def test_days_added_up_before_pairs_are_added_up_anew(database: Database) -> None:
    """REP-1: an upgrade from a version that kept no sums of queues and agents together leaves none without them."""
    ReportPeriod.create(tenant="t", step="day", zone="UTC", since=0, until=86_400_000_000)
    name = "054_sums_of_pairs"
    database.execute_sql(f"DELETE FROM migratehistory WHERE name = '{name}'")  # noqa: S608
    assert migrate(database) == [name]
    assert ReportPeriod.select().count() == 0


def test_the_next_version_can_build_on_all_migrations(database: Database) -> None:
    """OPS-1: what has been done is gone through without a database, before anything that is new is done."""
    names = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))
    router = Router(database, migrate_dir=MIGRATIONS)
    assert router.done == names
    assert "report_mark" in {model._meta.table_name for model in router.migrator.orm}
