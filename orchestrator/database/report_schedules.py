"""Reports that are sent by e-mail: what they hold, and what became of the last one. Always one tenant's (SAFE-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from peewee import fn

from orchestrator.database.documents import from_plain
from orchestrator.database.models import Mail, ReportSchedule
from orchestrator.domain.reports import Dimension, Formula, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is added up; empty = all. `groups` are those that agents are in when it is made."""

    step: Step = Step.DAY
    by: Dimension = Dimension.TOTAL
    queues: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dispositions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    threshold_s: int | None = None
    formula: Formula = Formula.OFFERED


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages were sent last, how many wait, and what the server said of one of those."""

    sent: int
    waiting: int
    error: str


def schedules_of(tenant: str) -> list[ReportSchedule]:
    """Read a tenant's, by name."""
    table = ReportSchedule
    return list(table.select().where(table.tenant == tenant).order_by(table.name))


def find_schedule(tenant: str, id_: int) -> ReportSchedule | None:
    """Read one, None when the tenant has none of this id."""
    found: ReportSchedule | None = ReportSchedule.get_or_none(ReportSchedule.tenant == tenant, ReportSchedule.id == id_)
    return found


def active_schedules() -> list[ReportSchedule]:
    """Read all tenants' that are on."""
    table = ReportSchedule
    return list(table.select().where(table.active).order_by(table.id))


def report_of(row: ReportSchedule) -> Report:
    """Return what is added up."""
    return from_plain(Report, row.report)


def note_made(row: ReportSchedule, due: int | None, key: str, now: int, error: str = "") -> None:
    """Note that a report was made for a due moment (None: by hand), or why it can't be."""
    values = {"last_at": now, "error": error, **({"last_key": key} if key else {})}
    ReportSchedule.update(values).where(ReportSchedule.id == row.id).execute()
    if due is not None:
        later = ReportSchedule.last_due.is_null() | (ReportSchedule.last_due < due)
        ReportSchedule.update(last_due=due).where(ReportSchedule.id == row.id, later).execute()


def sent_of(tenant: str, keys: Iterable[str]) -> dict[str, Sent]:
    """Tell what became of the messages of each key."""
    table = Mail
    found = (
        table.select(
            table.key,
            fn.COUNT(table.sent).alias("went"),
            fn.COUNT(table.id).alias("all"),
            fn.MAX(table.error).alias("said"),
        )
        .where(table.tenant == tenant, table.key.in_([key for key in keys if key]))
        .group_by(table.key)
        .tuples()
    )
    rows = cast("Iterable[tuple[str, int, int, str | None]]", found)
    return {key: Sent(went, whole - went, said or "") for key, went, whole, said in rows}
