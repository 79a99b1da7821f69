"""What reports are added up ahead by. Nothing is, as yet: jobs see to it afterwards, the newest first."""

import peewee as pw
from peewee_migrate import Migrator

SUMS = (
    "offered", "connected", "abandoned", "short", "timed_out", "called_back", "callback_failed", "within", "repeated",
    "answer_us", "handled", "direct", "talk_us", "hold_us", "wrap_up_us", "reached", "unreached", "out_talk_us",
    "out_wrap_up_us", "forwarded", "messages", "asked", "scored", "scores", "working_us", "ready_us",
)  # fmt: skip


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create the tables."""

    @migrator.create_model
    class ReportPeriod(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        step = pw.TextField()
        zone = pw.TextField()
        since = pw.BigIntegerField()
        until = pw.BigIntegerField()

        class Meta:
            table_name = "report_period"
            indexes = ((("tenant", "step", "since"), True),)

    @migrator.create_model
    class ReportMark(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        since = pw.BigIntegerField()
        until = pw.BigIntegerField()

        class Meta:
            table_name = "report_mark"
            indexes = ((("tenant", "since"), False),)

    # As peewee declares whole numbers of 64 bits: SQLite has one kind only.
    whole = "INTEGER" if isinstance(database, pw.SqliteDatabase) else "BIGINT"
    columns = ", ".join(f"{name} {whole} NOT NULL" for name in SUMS)
    migrator.sql(
        f"CREATE TABLE report_sum (period_id {whole} NOT NULL REFERENCES report_period (id) ON DELETE CASCADE,"
        f" dimension TEXT NOT NULL, key TEXT NOT NULL, {columns}, PRIMARY KEY (period_id, dimension, key))"
    )
