"""Reports that are sent by e-mail (REP-1)."""

from peewee import BigIntegerField, BooleanField, ForeignKeyField, IntegerField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class ReportSchedule(NumberedTable):
    """A report that is sent each `period` (day, week, month) at `hour` (0-23) of the tenant's clock.

    `report` says what is added up, as `orchestrator.database.report_schedules.Report`. What was due before `since`
    (us UTC) is not sent. `last_due` is the moment for which it was made last, `last_key` names the messages that were
    sent last, `error` is an id of why the last one could not be made.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="report_schedules")
    name = TextField()
    period = TextField()
    hour = IntegerField()
    report = JSONField()
    recipients = JSONField()
    format = TextField()
    language = TextField()
    active = BooleanField(default=True)
    since = BigIntegerField()
    created_by = TextField()
    last_due = BigIntegerField(null=True)
    last_at = BigIntegerField(null=True)
    last_key = TextField(default="")
    error = TextField(default="")

    class Meta:
        """People tell them apart by their names."""

        indexes = ((("tenant", "name"), True),)
