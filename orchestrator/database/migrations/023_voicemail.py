"""What becomes of messages that callers leave."""

import peewee as pw
from peewee_migrate import Migrator


def migrate(migrator: Migrator, database: pw.Database, *, fake: bool = False) -> None:  # noqa: ARG001
    """Add messages, who has dealt with them, and what is noted of them; their sound is a recording."""

    @migrator.create_model
    class VoicemailRow(pw.Model):
        id = pw.BigAutoField()
        tenant = pw.TextField()
        recording = pw.TextField()
        call = pw.TextField()
        queue = pw.TextField(null=True)
        agent = pw.TextField(null=True)
        at = pw.BigIntegerField()
        done_at = pw.BigIntegerField(null=True)
        done_by = pw.TextField(null=True)
        note = pw.TextField()

        class Meta:
            table_name = "voicemail"
            indexes = ((("tenant", "recording"), True), (("tenant", "at"), False))
