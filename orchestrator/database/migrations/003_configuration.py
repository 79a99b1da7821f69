"""Where calls go: routes of queues and numbers, groups that serve queues, opening hours, IVRs; who changed what."""

import peewee as pw
from peewee_migrate import Migrator


def _hang_up() -> dict[str, object]:
    return {"way": "hang_up", "target": "", "prompt": "", "keep_wait": False}


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add tables and columns; numbers keep the queues they lead to."""
    _queues(migrator)
    _numbers(migrator, database)
    _opening_hours(migrator)
    _ivrs(migrator)
    _audit(migrator)


def _queues(migrator: Migrator) -> None:
    """Columns that may be null: for others SQLite makes the table again, and forgets who serves the queues."""
    migrator.add_fields(
        "queue",
        max_length=pw.IntegerField(null=True),
        on_timeout=pw.JSONField(null=True),
        on_full=pw.JSONField(null=True),
        on_empty=pw.JSONField(null=True),
        prompt=pw.TextField(null=True),
        prompt_every_s=pw.IntegerField(null=True),
    )

    @migrator.create_model
    class QueueGroup(pw.Model):
        id = pw.BigAutoField()
        queue = pw.ForeignKeyField(column_name="queue_id", field="id", model=migrator.orm["queue"], on_delete="CASCADE")
        group = pw.TextField()

        class Meta:
            table_name = "queue_group"
            indexes = ((("queue", "group"), True),)


def _numbers(migrator: Migrator, database: pw.Database) -> None:
    """Make the table again: SQLite can't drop a column that refers to another table."""
    queues = "SELECT n.tenant_id, n.number, q.key FROM number n JOIN queue q ON q.id = n.queue_id"
    owned = database.execute_sql(queues).fetchall()
    migrator.remove_model("number")

    @migrator.create_model
    class Number(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        number = pw.TextField(unique=True)
        route = pw.JSONField(default=_hang_up)
        hours = pw.TextField(default="")
        closed = pw.JSONField(default=_hang_up)
        holiday = pw.JSONField(default=_hang_up)

        class Meta:
            table_name = "number"

    migrator.run(_keep_numbers, database, Number, owned)


def _keep_numbers(database: pw.Database, table: type[pw.Model], owned: list[tuple[str, str, str]]) -> None:
    with table.bind_ctx(database):
        for tenant, number, queue in owned:
            table.create(tenant=tenant, number=number, route={**_hang_up(), "way": "queue", "target": queue})


def _opening_hours(migrator: Migrator) -> None:
    @migrator.create_model
    class Hours(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        key = pw.TextField()
        name = pw.TextField()
        week = pw.JSONField()

        class Meta:
            table_name = "opening_hours"
            indexes = ((("tenant", "key"), True),)

    @migrator.create_model
    class Holiday(pw.Model):
        id = pw.BigAutoField()
        hours = pw.ForeignKeyField(
            column_name="hours_id", field="id", model=migrator.orm["opening_hours"], on_delete="CASCADE"
        )
        date = pw.TextField()
        name = pw.TextField()
        spans = pw.JSONField(default=list)

        class Meta:
            table_name = "holiday"
            indexes = ((("hours", "date"), True),)


def _ivrs(migrator: Migrator) -> None:
    @migrator.create_model
    class Ivr(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        key = pw.TextField()
        name = pw.TextField()
        draft = pw.JSONField()
        version = pw.IntegerField(null=True)

        class Meta:
            table_name = "ivr"
            indexes = ((("tenant", "key"), True),)

    @migrator.create_model
    class IvrVersion(pw.Model):
        id = pw.BigAutoField()
        ivr = pw.ForeignKeyField(column_name="ivr_id", field="id", model=migrator.orm["ivr"], on_delete="CASCADE")
        number = pw.IntegerField()
        tree = pw.JSONField()
        at = pw.BigIntegerField()
        who = pw.TextField()

        class Meta:
            table_name = "ivr_version"
            indexes = ((("ivr", "number"), True),)


def _audit(migrator: Migrator) -> None:
    @migrator.create_model
    class AuditRow(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        at = pw.BigIntegerField()
        who = pw.TextField()
        area = pw.TextField()
        key = pw.TextField()
        before = pw.JSONField(null=True)
        after = pw.JSONField(null=True)

        class Meta:
            table_name = "audit"
            indexes = ((("tenant", "at", "id"), False), (("tenant", "area", "key", "at"), False))
