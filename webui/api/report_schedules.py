"""Reports by e-mail: each day, week or month, at an hour of the company's clock (REP-1)."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.models import ReportSchedule
from orchestrator.database.report_schedules import Report, Sent, report_of, sent_of
from orchestrator.domain.reports import Dimension, Formula, Step
from orchestrator.domain.schedule import Period, next_due
from webui.api.configuration.notices import Addresses
from webui.api.configuration.shapes import Title
from webui.api.shapes import Input, Term
from webui.errors import ForbiddenError
from webui.identity import identity, tenant
from webui.permissions import Permission, Scope, check, requires
from webui.report_schedules import ReportSchedules, Wish
from webui.services import services

bp = APIBlueprint("report_schedules", __name__, url_prefix="/api/v1/report-schedules", tag="Reports")

State = Literal["sent", "waiting", "failed"]
Terms = Annotated[list[Term], Field(default_factory=list, max_length=500)]


class ReportIn(Input):
    """What is added up, as in `/api/v1/reports`; empty = all. `group` means who is in it when the report is made."""

    step: Step = Step.DAY
    by: Dimension = Dimension.TOTAL
    queue: Terms
    agent: Terms
    group: Terms
    number: Terms
    disposition: Terms
    tag: Terms
    threshold_s: Annotated[int | None, Field(ge=1, le=3600)] = None
    formula: Formula = Formula.OFFERED


class ScheduleIn(Input):
    """A report about each whole `period`, sent at `hour` (0-23) of the next one's first day, as a file."""

    name: Title
    period: Period
    hour: Annotated[int, Field(ge=0, le=23)]
    report: ReportIn
    recipients: Annotated[Addresses, Field(min_length=1)]
    format: Literal["csv", "xlsx"] = "xlsx"
    language: Literal["zh", "en"]
    active: bool = True


class LastOut(BaseModel):
    """What became of the last one: made `at` (us UTC), `sent` to so many, `waiting` for the mail server.

    `state` is sent, waiting or failed (it could not be made); `error` tells why the mail server took it not.
    """

    at: int
    state: State
    sent: int
    waiting: int
    error: str


class ScheduleOut(BaseModel):
    """A schedule; `next` is when it is due (us UTC), null while it is off."""

    id: str
    name: str
    period: Period
    hour: int
    report: ReportIn
    recipients: list[str]
    format: str
    language: str
    active: bool
    created_by_name: str | None
    next: int | None
    last: LastOut | None


class ScheduleList(BaseModel):
    """The schedules by name; `set_up` tells whether this installation can send e-mail at all."""

    items: list[ScheduleOut]
    set_up: bool


@bp.get("")
@requires(Permission.SCHEDULE_REPORTS)
@bp.output(ScheduleList)
def index() -> ScheduleList:
    """List the reports that are sent."""
    return ScheduleList(items=_shown(_schedules().all(tenant())), set_up=bool(services().settings.smtp_url))


@bp.post("")
@requires(Permission.SCHEDULE_REPORTS)
@bp.input(ScheduleIn)
@bp.output(ScheduleOut, status_code=201)
def add(json_data: ScheduleIn) -> ScheduleOut:
    """Have a report sent; the first is the next that is due."""
    return _shown([_schedules().add(tenant(), _wish(json_data), identity().id)])[0]


@bp.put("/<schedule>")
@requires(Permission.SCHEDULE_REPORTS)
@bp.input(ScheduleIn)
@bp.output(ScheduleOut)
def change(schedule: str, json_data: ScheduleIn) -> ScheduleOut:
    """Change what is sent, when and to whom."""
    return _shown([_schedules().change(tenant(), schedule, _wish(json_data), identity().id)])[0]


@bp.delete("/<schedule>")
@requires(Permission.SCHEDULE_REPORTS)
@bp.output({}, status_code=204)
def remove(schedule: str) -> tuple[str, int]:
    """Send a report no longer."""
    _schedules().remove(tenant(), schedule, identity().id)
    return "", 204


@bp.post("/<schedule>/send")
@requires(Permission.SCHEDULE_REPORTS)
@bp.output({}, status_code=202)
def send(schedule: str) -> tuple[str, int]:
    """Send the report about the last whole period now, besides those that are due."""
    _schedules().send_now(tenant(), schedule, identity().id)
    return "", 202


def _schedules() -> ReportSchedules:
    return services().report_schedules


def _wish(json_data: ScheduleIn) -> Wish:
    """Return what is asked for; it shows everybody's figures, so whoever asks must see them all."""
    if check(identity(), Permission.VIEW_REPORTS) is not Scope.ALL:
        raise ForbiddenError(permission=Permission.VIEW_REPORTS.value)
    asked = json_data.report
    report = Report(
        step=asked.step,
        by=asked.by,
        queues=tuple(asked.queue),
        agents=tuple(asked.agent),
        groups=tuple(asked.group),
        numbers=tuple(asked.number),
        dispositions=tuple(asked.disposition),
        tags=tuple(asked.tag),
        threshold_s=asked.threshold_s,
        formula=asked.formula,
    )
    entered = json_data.model_dump(exclude={"report"})
    return Wish(report=report, **entered)


def _shown(rows: list[ReportSchedule]) -> list[ScheduleOut]:
    zone, now = ZoneInfo(services().accounts.tenant(tenant()).timezone), services().clock.now()
    people = services().names.people(tenant(), {row.created_by for row in rows})
    sent = sent_of(tenant(), [row.last_key for row in rows])
    return [
        ScheduleOut(
            id=str(row.id),
            report=_report(report_of(row)),
            created_by_name=people.get(row.created_by),
            next=next_due(Period(row.period), row.hour, zone, now) if row.active else None,
            last=_last(row, sent),
            **{name: getattr(row, name) for name in COPIED},
        )
        for row in rows
    ]


COPIED = ("name", "period", "hour", "recipients", "format", "language", "active")


def _last(row: ReportSchedule, sent: dict[str, Sent]) -> LastOut | None:
    if row.last_at is None:
        return None
    found = sent.get(row.last_key)
    went, waiting, said = (found.sent, found.waiting, found.error) if found else (0, 0, "")
    state: State = "failed" if row.error else "waiting" if waiting else "sent"
    return LastOut(at=row.last_at, state=state, sent=went, waiting=waiting, error=_said(said) if waiting else "")


def _said(error: str) -> str:
    """Tell in the user's language why a message was not taken, and what the server said; old rows have that alone."""
    reason, _, detail = error.partition(": ")
    why = services().texts.known(f"mail_failure.{reason}", "")
    return f"{why} ({detail})" if why and detail else error


def _report(report: Report) -> ReportIn:
    return ReportIn(
        step=report.step,
        by=report.by,
        queue=list(report.queues),
        agent=list(report.agents),
        group=list(report.groups),
        number=list(report.numbers),
        disposition=list(report.dispositions),
        tag=list(report.tags),
        threshold_s=report.threshold_s,
        formula=report.formula,
    )
