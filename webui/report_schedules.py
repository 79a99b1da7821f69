"""What people do with reports by e-mail: add, change, remove, send now; changes are in the audit (REP-1)."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Database

from orchestrator.database import report_schedules as rows
from orchestrator.database.audit import note_change
from orchestrator.database.connection import one_writer
from orchestrator.database.documents import to_plain
from orchestrator.database.models import ReportSchedule
from orchestrator.database.report_schedules import Report
from orchestrator.domain.schedule import Period
from orchestrator.jobs import MAKE_REPORT, Jobs
from webui.errors import NotFoundError, WebError

AREA = "report_schedules"

#: Schedules of a tenant.
MOST = 50


class ScheduleNameTakenError(WebError):
    """There is a report `name` already."""

    id, status = "schedule_name_taken", 409


class TooManySchedulesError(WebError):
    """The tenant has as many as it may: `most`."""

    id, status = "too_many_schedules", 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What people enter."""

    name: str
    period: Period
    hour: int
    report: Report
    recipients: Sequence[str]
    format: str
    language: str
    active: bool


class ReportSchedules:
    """One tenant's at a time. Raises NotFoundError for schedules that the tenant has not."""

    def __init__(self, database: Database, jobs: Jobs, now: Callable[[], int]) -> None:
        """`now` gives us UTC."""
        self._database, self._jobs, self._now = database, jobs, now

    def all(self, tenant: str) -> list[ReportSchedule]:
        """Return a tenant's, by name."""
        return rows.schedules_of(tenant)

    def one(self, tenant: str, id_: str) -> ReportSchedule:
        """Return one."""
        known = id_.isascii() and id_.isdigit() and len(id_) <= 18
        found = rows.find_schedule(tenant, int(id_)) if known else None
        if found is None:
            raise NotFoundError
        return found

    def add(self, tenant: str, wish: Wish, by: str) -> ReportSchedule:
        """Add one; the first report is the next that is due. Raises ScheduleNameTakenError, TooManySchedulesError."""
        with one_writer(self._database, f"reports of {tenant}"):
            if len(rows.schedules_of(tenant)) >= MOST:
                raise TooManySchedulesError(most=str(MOST))
            _free(tenant, wish.name, None)
            values, now = _columns(wish), self._now()
            row = ReportSchedule.create(tenant=tenant, created_by=by, since=now, **values)
            note_change(tenant, AREA, str(row.id), by, now, None, values)
        return row

    def change(self, tenant: str, id_: str, wish: Wish, by: str) -> ReportSchedule:
        """Change one: what was due before is not sent afterwards. Raises ScheduleNameTakenError."""
        with one_writer(self._database, f"reports of {tenant}"):
            row = self.one(tenant, id_)
            _free(tenant, wish.name, row.id)
            values, now = _columns(wish), self._now()
            before = {name: getattr(row, name) for name in values}
            ReportSchedule.update(since=now, **values).where(ReportSchedule.id == row.id).execute()
            note_change(tenant, AREA, str(row.id), by, now, before, values)
        return self.one(tenant, id_)

    def remove(self, tenant: str, id_: str, by: str) -> None:
        """Remove one."""
        with self._database.atomic():
            row = self.one(tenant, id_)
            row.delete_instance()
            note_change(tenant, AREA, str(row.id), by, self._now(), {"name": row.name}, None)

    def send_now(self, tenant: str, id_: str, by: str) -> None:
        """Have the report about the last whole period made and sent, besides those that are due."""
        row, now = self.one(tenant, id_), self._now()
        note_change(tenant, AREA, str(row.id), by, now, None, {"act": "send"})
        self._jobs.add(MAKE_REPORT, tenant, row.id, now, secrets.token_hex(6))


def _free(tenant: str, name: str, own: int | None) -> None:
    taken = ReportSchedule.get_or_none(ReportSchedule.tenant == tenant, ReportSchedule.name == name)
    if taken is not None and taken.id != own:
        raise ScheduleNameTakenError(name=name)


def _columns(wish: Wish) -> dict[str, Any]:
    return {
        "name": wish.name,
        "period": wish.period.value,
        "hour": wish.hour,
        "report": to_plain(wish.report),
        "recipients": list(dict.fromkeys(wish.recipients)),
        "format": wish.format,
        "language": wish.language,
        "active": wish.active,
    }
