"""The first tables."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Create everything."""

    @migrator.create_model
    class Tenant(pw.Model):
        id = pw.TextField(primary_key=True)
        name = pw.TextField()
        timezone = pw.TextField(default="Asia/Shanghai")
        wrap_up_s = pw.IntegerField(default=60)
        miss_limit = pw.IntegerField(default=3)
        break_reasons = pw.JSONField(default=list)
        config_version = pw.IntegerField(default=0)

        class Meta:
            table_name = "tenant"

    @migrator.create_model
    class Agent(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        key = pw.TextField()
        name = pw.TextField()
        group = pw.TextField(default="")
        mode = pw.TextField(default="web")
        device = pw.TextField(unique=True)

        class Meta:
            table_name = "agent"
            indexes = ((("tenant", "key"), True),)

    @migrator.create_model
    class AgentStateInterval(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        agent = pw.TextField()
        started = pw.BigIntegerField()
        ended = pw.BigIntegerField(null=True)
        state = pw.TextField()
        since = pw.BigIntegerField()
        reason = pw.TextField()
        mode = pw.TextField()
        registered = pw.BooleanField()
        cause = pw.TextField()
        by = pw.TextField(null=True)
        call = pw.TextField(null=True)
        ms = pw.BigIntegerField()
        n = pw.BigIntegerField()

        class Meta:
            table_name = "agent_state_interval"
            indexes = ((("tenant", "agent", "started"), True), (("tenant", "started", "id"), False))

    @migrator.create_model
    class User(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"], null=True)
        login = pw.TextField(unique=True)
        name = pw.TextField()
        password = pw.TextField()
        role = pw.TextField()
        language = pw.TextField(default="")
        active = pw.BooleanField(default=True)
        agent = pw.ForeignKeyField(
            column_name="agent_id",
            field="id",
            model=migrator.orm["agent"],
            null=True,
            on_delete="SET NULL",
            unique=True,
        )

        class Meta:
            table_name = "user"

    @migrator.create_model
    class ApiToken(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"], null=True)
        user = pw.ForeignKeyField(column_name="user_id", field="id", model=migrator.orm["user"], on_delete="CASCADE")
        name = pw.TextField()
        sha256 = pw.TextField(unique=True)
        created = pw.BigIntegerField()
        expires = pw.BigIntegerField(null=True)
        last_used = pw.BigIntegerField(null=True)

        class Meta:
            table_name = "api_token"
            indexes = ((("user", "name"), True),)

    @migrator.create_model
    class CallEventRow(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        stream_id = pw.TextField()
        ms = pw.BigIntegerField()
        n = pw.BigIntegerField()
        type = pw.TextField()
        call = pw.TextField(null=True)
        agent = pw.TextField(null=True)
        at = pw.BigIntegerField()
        json = pw.TextField()

        class Meta:
            table_name = "call_event"
            indexes = (
                (("tenant", "stream_id"), True),
                (("tenant", "call", "ms", "n"), False),
                (("tenant", "agent", "ms", "n"), False),
            )

    @migrator.create_model
    class CallRecord(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        call = pw.TextField()
        switch = pw.TextField()
        caller = pw.TextField()
        caller_name = pw.TextField()
        number = pw.TextField()
        queue = pw.TextField(null=True)
        agent = pw.TextField(null=True)
        arrived = pw.BigIntegerField()
        answered = pw.BigIntegerField(null=True)
        connected = pw.BigIntegerField(null=True)
        ended = pw.BigIntegerField()
        wait_us = pw.BigIntegerField()
        ring_us = pw.BigIntegerField()
        talk_us = pw.BigIntegerField()
        outcome = pw.TextField()
        short = pw.BooleanField()
        hung_up_by = pw.TextField()
        cause = pw.TextField()

        class Meta:
            table_name = "call_record"
            indexes = (
                (("tenant", "call"), True),
                (("tenant", "arrived", "id"), False),
                (("tenant", "queue", "arrived"), False),
                (("tenant", "agent", "arrived"), False),
            )

    @migrator.create_model
    class CallLeg(pw.Model):
        id = pw.BigAutoField()
        record = pw.ForeignKeyField(
            column_name="record_id", field="id", model=migrator.orm["call_record"], on_delete="CASCADE"
        )
        leg = pw.TextField()
        role = pw.TextField()
        agent = pw.TextField(null=True)
        created = pw.BigIntegerField()
        progress = pw.BigIntegerField(null=True)
        answered = pw.BigIntegerField(null=True)
        ended = pw.BigIntegerField()
        billed_ms = pw.BigIntegerField()
        cause = pw.TextField()
        hung_up = pw.BooleanField()

        class Meta:
            table_name = "call_leg"
            indexes = ((("record", "leg"), True),)

    @migrator.create_model
    class Queue(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        key = pw.TextField()
        name = pw.TextField()
        strategy = pw.TextField(default="longest_idle")
        music = pw.TextField(default="default")
        ring_s = pw.IntegerField(default=20)
        max_wait_s = pw.IntegerField(null=True)
        priority = pw.IntegerField(default=0)
        short_abandon_s = pw.IntegerField(default=5)
        service_level_s = pw.IntegerField(default=20)

        class Meta:
            table_name = "queue"
            indexes = ((("tenant", "key"), True),)

    @migrator.create_model
    class Number(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.ForeignKeyField(column_name="tenant_id", field="id", model=migrator.orm["tenant"])
        number = pw.TextField(unique=True)
        queue = pw.ForeignKeyField(column_name="queue_id", field="id", model=migrator.orm["queue"])

        class Meta:
            table_name = "number"

    @migrator.create_model
    class OfferRow(pw.Model):
        id = pw.BigAutoField()
        record = pw.ForeignKeyField(
            column_name="record_id", field="id", model=migrator.orm["call_record"], on_delete="CASCADE"
        )
        leg = pw.TextField()
        queue = pw.TextField()
        agent = pw.TextField()
        offered = pw.BigIntegerField()
        rang = pw.BigIntegerField(null=True)
        won = pw.BigIntegerField(null=True)
        ended = pw.BigIntegerField()
        result = pw.TextField()
        cause = pw.TextField()

        class Meta:
            table_name = "offer"
            indexes = ((("record", "leg"), True),)

    @migrator.create_model
    class QueueAgent(pw.Model):
        id = pw.BigAutoField()
        queue = pw.ForeignKeyField(column_name="queue_id", field="id", model=migrator.orm["queue"], on_delete="CASCADE")
        agent = pw.ForeignKeyField(column_name="agent_id", field="id", model=migrator.orm["agent"], on_delete="CASCADE")

        class Meta:
            table_name = "queue_agent"
            indexes = ((("queue", "agent"), True),)

    @migrator.create_model
    class QueueStay(pw.Model):
        id = pw.BigAutoField()
        record = pw.ForeignKeyField(
            column_name="record_id", field="id", model=migrator.orm["call_record"], on_delete="CASCADE"
        )
        queue = pw.TextField()
        entered = pw.BigIntegerField()
        ended = pw.BigIntegerField()
        priority = pw.IntegerField()
        wait_us = pw.BigIntegerField()
        outcome = pw.TextField()
        short = pw.BooleanField()
        within_service_level = pw.BooleanField()
        agent = pw.TextField(null=True)

        class Meta:
            table_name = "queue_stay"
            indexes = ((("record", "entered"), True),)

    @migrator.create_model
    class SipCredential(pw.Model):
        id = pw.BigAutoField()
        sip_user = pw.TextField(unique=True)
        a1_hash = pw.TextField()
        issued = pw.BigIntegerField()
        expires = pw.BigIntegerField(null=True)

        class Meta:
            table_name = "sip_credential"
