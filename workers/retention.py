"""Deleting what tenants keep no longer: each night of theirs, once, a batch at a time, told in the audit."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from orchestrator.database.audit import note_change
from orchestrator.database.connection import bound_database
from orchestrator.database.models import Tenant
from orchestrator.database.old_months import drop_whole, old_months
from orchestrator.database.retention import DELETED, Kept, delete_mail, delete_older, kept_on, note_kept, retention_of

DAY_US = 86_400_000_000

#: The hours of a tenant's day in which it is done: after its midnight's reports, before its people come.
NIGHT = range(2, 6)

#: Who deletes, in the audit.
BY_ITSELF = "retention"


def keep_retention(now: int) -> None:
    """Do it for every tenant whose night it is (`now`: us UTC) and for whom it wasn't done on its day."""
    for tenant in list(Tenant.select(Tenant.id, Tenant.timezone).order_by(Tenant.id)):
        local = datetime.fromtimestamp(now // 1_000_000, UTC).astimezone(ZoneInfo(tenant.timezone))
        day = local.date().isoformat()
        if local.hour in NIGHT and kept_on(tenant.id) != day:
            keep_days(tenant.id, now)
            note_kept(tenant.id, day)


def drop_old_months(now: int) -> list[str]:
    """Drop whole months that nobody keeps (`now`: us UTC), which spares deleting them row by row; names them."""
    dropped = []
    for kind, month in old_months(now):
        with bound_database().atomic():
            for tenant, deleted in drop_whole(kind, month).items():
                told = {"deleted": deleted, "before": month.until}
                note_change(tenant, "retention", kind.value, BY_ITSELF, now, None, told)
        structlog.get_logger("retention").info("month dropped", month=month.name, kind=kind.value)
        dropped.append(month.name)
    return dropped


def keep_days(tenant: str, now: int) -> dict[Kept, int]:
    """Delete what a tenant keeps no longer; returns how much of each kind. Doing it again deletes nothing more."""
    found: dict[Kept, int] = {}
    for kind in DELETED:
        days = retention_of(tenant).of(kind)
        if days is None:
            continue
        before = now - days * DAY_US
        deleted = delete_older(tenant, kind, before)
        if kind is Kept.MESSAGES:
            while some := delete_mail(tenant, before):
                deleted += some
        if deleted:
            found[kind] = deleted
            note_change(tenant, "retention", kind.value, BY_ITSELF, now, None, {"deleted": deleted, "before": before})
            structlog.get_logger("retention").info("deleted", tenant=tenant, kind=kind.value, rows=deleted)
    return found
