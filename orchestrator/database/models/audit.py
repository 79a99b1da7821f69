"""Who changed what."""

from peewee import BigIntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable


class AuditRow(NumberedTable):
    """A change: `area` and `key` name what was changed, `who` (a user's id) did it, at a moment (us UTC).

    `before` null = it was made then, `after` null = it was deleted. Names the tenant by its id: it outlives it.
    """

    tenant = TextField()
    at = BigIntegerField()
    who = TextField()
    area = TextField()
    key = TextField()
    before = JSONField(null=True)
    after = JSONField(null=True)

    class Meta:
        """Read newest first, of a tenant, or of one thing."""

        table_name = "audit"
        indexes = ((("tenant", "at", "id"), False), (("tenant", "area", "key", "at"), False))
