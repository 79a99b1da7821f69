"""What reports have been added up ahead: all of it follows from the records, and may be deleted at any time."""

from peewee import BigIntegerField, CompositeKey, ForeignKeyField, TextField

from orchestrator.database.models.base import NumberedTable, Table


class ReportPeriod(NumberedTable):
    """An hour or a day (`step`) of a tenant's time zone that has been added up whole; it is never written again.

    What was added up stays true until a mark touches it.
    """

    tenant = TextField()
    step = TextField()
    zone = TextField()
    since = BigIntegerField()
    until = BigIntegerField()

    class Meta:
        """Each hour and day is there once."""

        indexes = ((("tenant", "step", "since"), True),)


class ReportSum(Table):
    """The sums of a period for one queue, agent, number or tag (`dimension`, `key`), as in a report's tally."""

    period_id: int
    period = ForeignKeyField(ReportPeriod, backref="sums", on_delete="CASCADE", index=False)
    dimension = TextField()
    key = TextField()
    offered = BigIntegerField()
    connected = BigIntegerField()
    abandoned = BigIntegerField()
    short = BigIntegerField()
    timed_out = BigIntegerField()
    called_back = BigIntegerField()
    callback_failed = BigIntegerField()
    within = BigIntegerField()
    repeated = BigIntegerField()
    answer_us = BigIntegerField()
    handled = BigIntegerField()
    direct = BigIntegerField()
    talk_us = BigIntegerField()
    hold_us = BigIntegerField()
    wrap_up_us = BigIntegerField()
    reached = BigIntegerField()
    unreached = BigIntegerField()
    out_talk_us = BigIntegerField()
    out_wrap_up_us = BigIntegerField()
    forwarded = BigIntegerField()
    messages = BigIntegerField()
    asked = BigIntegerField()
    scored = BigIntegerField()
    scores = BigIntegerField()
    working_us = BigIntegerField()
    ready_us = BigIntegerField()

    class Meta:
        """Found by the period: its sums lie together."""

        primary_key = CompositeKey("period", "dimension", "key")


class ReportMark(NumberedTable):
    """From `since` to `until` (us UTC) something that reports count was written: sums of that time hold no more.

    Written in the same transaction as what changed, removed by whoever has added it up.
    """

    tenant = TextField()
    since = BigIntegerField()
    until = BigIntegerField()

    class Meta:
        """Few at any time: those of a tenant are read together."""

        indexes = ((("tenant", "since"), False),)
