"""What was recorded, and where it is kept."""

from peewee import BigIntegerField, BooleanField, IntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable


class Recording(NumberedTable):
    """A recording of a call's customer. What events told of it, then what became of its file.

    `recording` names it, `kind` is call or voicemail, `path` is the switch's file below its recordings directory.
    `started` is null where the switch never said that it records; `told_ms` is the length that it told; a message no
    longer than `least_ms` (null = 2000) is none. `pauses` are
    `[from, to, cause]`, times in us UTC. `status` is expected, missing, broken, stored or deleted
    (`orchestrator.database.recordings.Status`), `problem` what is or was wrong.

    Once stored, `key` names the compressed file, `sha256` is its checksum; `wav_key`, `wav_sha256` are those of the
    file as it came, where it is kept too. A recording on `held` is not deleted by its age.
    """

    tenant = TextField()
    recording = TextField()
    kind = TextField()
    call = TextField()
    queue = TextField(null=True)
    agent = TextField(null=True)
    path = TextField()
    begun = BigIntegerField()
    started = BigIntegerField(null=True)
    ended = BigIntegerField()
    told_ms = BigIntegerField(null=True)
    least_ms = IntegerField(null=True)
    pauses = JSONField(default=list)
    status = TextField(default="expected")
    problem = TextField(default="")
    key = TextField(null=True)
    wav_key = TextField(null=True)
    size = BigIntegerField(null=True)
    ms = BigIntegerField(null=True)
    channels = IntegerField(null=True)
    sha256 = TextField(null=True)
    wav_sha256 = TextField(null=True)
    stored_at = BigIntegerField(null=True)
    held = BooleanField(default=False)
    deleted_at = BigIntegerField(null=True)
    deleted_by = TextField(null=True)

    class Meta:
        """A recording has one row; found by its call, and by status and age."""

        indexes = (
            (("tenant", "recording"), True),
            (("tenant", "call"), False),
            (("tenant", "status", "ended"), False),
        )


class VoicemailRow(NumberedTable):
    """A message of the call `call`, begun `at` (us UTC): its sound is the recording of kind voicemail `recording`.

    It is in the mailbox of `queue`, of `agent`, or with neither in the company's.
    `done_by` is the user who has dealt with it at `done_at` (us UTC), null = it is new.
    """

    tenant = TextField()
    recording = TextField()
    call = TextField()
    queue = TextField(null=True)
    agent = TextField(null=True)
    at = BigIntegerField()
    done_at = BigIntegerField(null=True)
    done_by = TextField(null=True)
    note = TextField(default="")

    class Meta:
        """A message has one row; found by its time."""

        table_name = "voicemail"
        indexes = ((("tenant", "recording"), True), (("tenant", "at"), False))
