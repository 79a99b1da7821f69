"""Tables that people have asked for as files (API-1)."""

from peewee import BigIntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable


class Export(NumberedTable):
    """A table made by a worker, named by `export` (a UUID), for `asked_by` (a user's id) alone.

    `wanted` is the filter of its `kind`, as JSON; `format` csv or xlsx, `language` zh or en. `status` is waiting,
    running, done, failed or cancelled; `lines` of `total` (null = not counted yet) are written. Once done, `key` names
    its file of `size` bytes. After `expires` both are removed. `error` is an id of what went wrong.
    """

    tenant = TextField()
    export = TextField(unique=True)
    asked_by = TextField()
    kind = TextField()
    wanted = JSONField()
    format = TextField()
    language = TextField()
    created = BigIntegerField()
    status = TextField(default="waiting")
    lines = BigIntegerField(default=0)
    total = BigIntegerField(null=True)
    began = BigIntegerField(null=True)
    ended = BigIntegerField(null=True)
    key = TextField(null=True)
    size = BigIntegerField(null=True)
    error = TextField(default="")
    expires = BigIntegerField()

    class Meta:
        """A person's, newest first; those to be made, and those that are over."""

        indexes = (
            (("tenant", "asked_by", "created", "id"), False),
            (("status", "created"), False),
            (("expires",), False),
        )
