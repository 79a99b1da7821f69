"""What callers hear: prompts, music and the pieces of announcements, each with its versions."""

from peewee import BigIntegerField, ForeignKeyField, IntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class Prompt(NumberedTable):
    """A sound of a tenant. `key` is its id in the configuration; `kind` is prompt, music or piece.

    `current` is the number of the version in use (null = none yet). A version above it is the draft: it becomes
    current only by being published, so a draft that fails changes nothing of what callers hear (TTS-1).
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="prompts", on_delete="CASCADE")
    key = TextField()
    name = TextField()
    kind = TextField()
    current = IntegerField(null=True)
    created = BigIntegerField()
    updated = BigIntegerField()

    class Meta:
        """A key names one prompt of the tenant; a name names one of a kind."""

        indexes = ((("tenant", "key"), True), (("tenant", "kind", "name"), True))


class PromptVersion(NumberedTable):
    """What a prompt says or plays, and what became of making it.

    `source` is text or file: `text`, `language` (zh, en) and `voice` (empty = the engine's default), or `upload`, the
    SHA-256 of the uploaded file. `status` is pending, working, ready or failed; `error` is an id of `tts.errors`, which
    `error_details` fill. When ready, `sha` names the sound and `path` is where switches find it below their
    sounds directory, `ms` is its length, `size` its bytes on disk.
    """

    prompt_id: int
    prompt = ForeignKeyField(Prompt, backref="versions", on_delete="CASCADE")
    number = IntegerField()
    source = TextField()
    text = TextField(default="")
    language = TextField(default="")
    voice = TextField(default="")
    upload = TextField(default="")
    file_name = TextField(default="")
    status = TextField(default="pending")
    error = TextField(default="")
    error_details = JSONField(default=dict)
    sha = TextField(default="")
    path = TextField(default="")
    ms = IntegerField(default=0)
    size = IntegerField(default=0)
    created = BigIntegerField()
    updated = BigIntegerField()

    class Meta:
        """A prompt's versions are numbered from 1."""

        indexes = ((("prompt", "number"), True),)
