"""For how long tenants keep what grows (retention)."""

from peewee import ForeignKeyField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class RetentionSetting(NumberedTable):
    """A tenant's days by kind, as `orchestrator.database.retention` names them; null or not named = its default.

    `kept` is the tenant's day (`2026-11-28`) on which what is too old was deleted last.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="retention", unique=True)
    days = JSONField()
    kept = TextField(default="")
