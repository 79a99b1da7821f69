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


def test_migrating_from_empty_makes_the_tables_of_the_models(
    empty_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """OPS-1: the migrations and the models describe the same tables, column by column and index by index.

    A new installation has nothing to wait for, so nothing is told.
    """
    names = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))
    assert migrate(empty_database) == names
    assert capsys.readouterr().out == ""
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


#: A month, us: what a call arrives later by to be filed in the next one.
MONTH = 2_629_800_000_000

_OLD_CALLS = (
    # id, direction, outcome, agent, connected, talk, score, hold, arrived
    (1, None, "connected", "a2", 20, 60, 4, 7, 1),
    (2, "out", "reached", "a1", 30, 50, None, None, 1),
    (3, "in", "forwarded", None, None, 0, None, None, MONTH),
    (4, "in", "connected", "a1", 20, 77, 5, None, MONTH),
    (5, "in", "connected", "a2", 40, 66, None, None, 2 * MONTH),
    (6, "out", "not_reached", "a1", None, 0, None, None, -1),
)
_OLD_STAYS = (
    # record, queue, entered, ended, outcome, agent, talk
    (1, "q", 1, 20, "connected", "a1", 30),
    (4, "q", 1, 20, "connected", "a1", 5),
    (5, "q", 1, 20, "called_back", "a1", None),
    (5, "r", 20, 40, "connected", "a2", None),
    (5, "r", 50, 60, "abandoned", "a1", None),
)
_OLD_OFFERS = (
    # record, leg, queue, agent, ended, result
    (1, "l1", "q", "a1", 20, "accepted"),
    (1, "l2", "", "a2", 50, "accepted"),
    (4, "l41", "q", "a1", 20, "accepted"),
    (4, "l42", "", "a2", 40, "accepted"),
    (4, "l43", "", "a1", 60, "accepted"),
    (4, "l44", "", "a1", 80, "accepted"),
    (5, "l51", "q", "a1", 20, "accepted"),
    (5, "l52", "r", "a2", 40, "accepted"),
    (5, "l53", "r", "a1", 60, "refused"),
)
_OLD_LEGS = (
    # record, leg, role, agent, answered, ended
    (1, "c1", "caller", None, 1, 90),
    (1, "l1", "agent", "a1", 19, 50),
    (1, "l2", "agent", "a2", 49, 80),
    (2, "l3", "agent", "a1", 10, 80),
    (2, "l4", "agent", "a1", 31, 80),
    (3, "o1", "outside", None, 40, 90),
    (3, "o2", "outside", None, None, 90),
    (4, "l41", "agent", "a1", 19, 39),
    (4, "l42", "agent", "a2", 39, 59),
    (4, "l43", "agent", "a1", 59, 79),
    (4, "l44", "agent", "a1", 79, 99),
    (5, "l51", "agent", "a1", 19, 30),
    (5, "l52", "agent", "a2", 39, 90),
    (5, "l53", "agent", "a1", 59, 90),
    (6, "l61", "agent", "a1", None, 90),
)


def test_conversations_of_older_calls_are_found(empty_database: Database) -> None:
    """REP-1, OPS-1: what reports count of conversations is filled from what was written of each call before."""
    Router(empty_database, migrate_dir=MIGRATIONS).run("037_called_numbers")
    facts = "'s', '1', '', '40', 90, 0, 0, false, 'caller', ''"
    for table, columns, rows in (
        ("call_record", "tenant, switch, caller, caller_name, number, ended, wait_us, ring_us, short, hung_up_by,"
         " cause, call, id, direction, outcome, agent, connected, talk_us, score, hold_us, arrived",
         [f"'demo', {facts}, 'c{row[0]}', {_values(row)}" for row in _OLD_CALLS]),
        ("queue_stay", "priority, wait_us, short, within_service_level, record_id, queue, entered, ended, outcome,"
         " agent, talk_us", [f"0, 19, false, true, {_values(row)}" for row in _OLD_STAYS]),
        ("offer", "offered, cause, record_id, leg, queue, agent, ended, result",
         [f"10, '', {_values(row)}" for row in _OLD_OFFERS]),
        ("call_leg", "created, billed_ms, cause, hung_up, record_id, leg, role, agent, answered, ended",
         [f"1, 0, '', false, {_values(row)}" for row in _OLD_LEGS]),
    ):  # fmt: skip
        empty_database.execute_sql(f"INSERT INTO {table} ({columns}) VALUES ({'), ('.join(rows)})")  # noqa: S608
    migrate(empty_database)
    rows = CallLeg.select().order_by(CallLeg.leg)
    assert {row.tenant for row in rows} == {"demo"}
    assert [
        (row.leg, row.joined, row.way, row.queue, row.talk_us, row.hold_us, row.again, row.asked, row.score)
        for row in rows
    ] == [
        ("c1", None, None, None, None, None, None, False, None),
        ("l1", 20, "queue", "q", 30, 0, None, False, None),
        ("l2", 50, "direct", None, 30, 7, None, True, 4),
        ("l3", 30, "out", None, 50, 0, None, False, None),
        ("l4", None, None, None, None, None, None, False, None),
        ("l41", 20, "queue", "q", 5, 0, 60, False, None),
        ("l42", 40, "direct", None, 19, 0, None, False, None),
        ("l43", 60, "direct", None, 19, 0, 80, False, None),
        ("l44", 80, "direct", None, 19, 0, None, True, 5),
        ("l51", 20, "queue", "q", 0, 0, None, False, None),
        ("l52", 40, "queue", "r", 66, 0, None, False, None),
        ("l53", None, None, None, None, None, None, False, None),
        ("l61", None, None, None, None, None, None, False, None),
        ("o1", 40, "outside", None, 50, 0, None, False, None),
        ("o2", None, None, None, None, None, None, False, None),
    ]


def _values(row: tuple[object, ...]) -> str:
    """Return a row as SQL."""
    return ", ".join("NULL" if value is None else repr(value) for value in row)


def test_an_upgrade_tells_which_migration_is_at_work(
    empty_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """OPS-1: a migration of millions of calls takes minutes, so names and times are told."""
    router = Router(empty_database, migrate_dir=MIGRATIONS)
    router.run("053_board_thresholds")
    capsys.readouterr()
    names = migrate(empty_database)
    told = capsys.readouterr().out
    assert names[0] == "054_sums_of_pairs"
    assert all(told.count(f"name={name}") == 2 for name in names)
    assert told.count("seconds=") == len(names)


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
