"""What administrators should look at (SAFE-4)."""

from peewee import BigIntegerField, IntegerField, TextField

from orchestrator.database.models.base import NumberedTable


class AlertRow(NumberedTable):
    """The same thing on the same day is one alert, by its `key`: how often (`count`), first and `last` (us UTC).

    `kind` is limit_reached or refused_often (of the same number), `what` the limit or the latest refusal's id, `agent`
    who called last (null = all together count). `ms` and `n` are the place in the stream of the last event counted:
    none counts twice.
    """

    tenant = TextField()
    key = TextField()
    kind = TextField()
    what = TextField()
    agent = TextField(null=True)
    number = TextField(default="")
    count = IntegerField(default=1)
    first = BigIntegerField()
    last = BigIntegerField()
    ms = BigIntegerField()
    n = BigIntegerField()

    class Meta:
        """Once a key; listed by the last time."""

        table_name = "alert"
        indexes = ((("tenant", "key"), True), (("tenant", "last", "id"), False))
