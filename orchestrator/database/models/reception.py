"""What greets callers before anybody answers: opening hours and IVRs."""

from peewee import BigIntegerField, ForeignKeyField, IntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class Hours(NumberedTable):
    """Opening hours. `week` has seven days, Monday first, each a list of [from, to) in minutes of the day."""

    tenant = ForeignKeyField(Tenant, backref="hours")
    key = TextField()
    name = TextField()
    week = JSONField()

    class Meta:
        """A key names one of the tenant's."""

        table_name = "opening_hours"
        indexes = ((("tenant", "key"), True),)


class Holiday(NumberedTable):
    """A date (`YYYY-MM-DD`) with hours of its own: `spans` as in a day of the week, empty = closed."""

    hours = ForeignKeyField(Hours, backref="holidays", on_delete="CASCADE")
    date = TextField()
    name = TextField()
    spans = JSONField(default=list)

    class Meta:
        """A date has one set of hours."""

        indexes = ((("hours", "date"), True),)


class Ivr(NumberedTable):
    """An IVR: `draft` is the tree being edited, `version` the number of the one in force (null = none yet)."""

    tenant = ForeignKeyField(Tenant, backref="ivrs")
    key = TextField()
    name = TextField()
    draft = JSONField()
    version = IntegerField(null=True)

    class Meta:
        """A key names one IVR of the tenant."""

        indexes = ((("tenant", "key"), True),)


class IvrVersion(NumberedTable):
    """A tree that was put into force, when (us UTC) and by whom (a user's id). Never changed."""

    ivr = ForeignKeyField(Ivr, backref="versions", on_delete="CASCADE")
    number = IntegerField()
    tree = JSONField()
    at = BigIntegerField()
    who = TextField()

    class Meta:
        """Versions are numbered from 1."""

        indexes = ((("ivr", "number"), True),)
