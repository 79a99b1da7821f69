"""What is recorded, by whose will, and where it is kept."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add the table, and the policy: nothing is recorded until a tenant, a queue or an agent says so."""

    @migrator.create_model
    class Recording(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        recording = pw.TextField()
        kind = pw.TextField()
        call = pw.TextField()
        queue = pw.TextField(null=True)
        agent = pw.TextField(null=True)
        path = pw.TextField()
        begun = pw.BigIntegerField()
        started = pw.BigIntegerField(null=True)
        ended = pw.BigIntegerField()
        told_ms = pw.BigIntegerField(null=True)
        pauses = pw.JSONField()
        status = pw.TextField()
        problem = pw.TextField()
        key = pw.TextField(null=True)
        wav_key = pw.TextField(null=True)
        size = pw.BigIntegerField(null=True)
        ms = pw.BigIntegerField(null=True)
        channels = pw.IntegerField(null=True)
        sha256 = pw.TextField(null=True)
        wav_sha256 = pw.TextField(null=True)
        stored_at = pw.BigIntegerField(null=True)
        held = pw.BooleanField()
        deleted_at = pw.BigIntegerField(null=True)
        deleted_by = pw.TextField(null=True)

        class Meta:
            table_name = "recording"
            indexes = (
                (("tenant", "recording"), True),
                (("tenant", "call"), False),
                (("tenant", "status", "ended"), False),
            )

    migrator.add_fields("tenant", record=pw.BooleanField(null=True))
    migrator.add_fields("tenant", record_pause_s=pw.IntegerField(null=True))
    migrator.add_fields("tenant", recordings_days=pw.IntegerField(null=True))
    migrator.add_fields("queue", record=pw.BooleanField(null=True))
    migrator.add_fields("agent", record=pw.BooleanField(null=True))
