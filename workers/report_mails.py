"""Making the reports that are sent by e-mail: once for each due moment, however many schedulers live (REP-1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from zoneinfo import ZoneInfo

import structlog
from rq import get_current_job

from orchestrator.database.connection import bound_database
from orchestrator.database.models import Agent, Queue, ReportSchedule, Tenant
from orchestrator.database.notices import Letter, add_letters
from orchestrator.database.report_schedules import (
    Report,
    active_schedules,
    find_schedule,
    note_made,
    report_of,
)
from orchestrator.database.reports import ReportFilter
from orchestrator.domain.reports import SECOND, Dimension, Tally
from orchestrator.domain.schedule import Period, last_due, stretch
from orchestrator.exports.files import csv_text, write_xlsx
from orchestrator.exports.report_lines import Layout, added_up, members_of
from orchestrator.exports.reports import ReportTable, average, share
from orchestrator.exports.words import LanguageWords
from orchestrator.jobs import MAKE_REPORT, Jobs

#: What was due longer ago (us) is no news: only the newest counts after a standstill.
LATE_US = 36 * 3600 * SECOND

TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def due_reports(jobs: Jobs, now: int) -> int:
    """Enqueue every report that is due (`now`: us UTC) and was not made for that moment; returns how many."""
    zones = {row.id: ZoneInfo(row.timezone) for row in Tenant.select(Tenant.id, Tenant.timezone)}
    added = 0
    for row in active_schedules():
        due = last_due(Period(row.period), row.hour, zones[row.tenant_id], now)
        if due >= row.since and due > (row.last_due or 0) and now - due < LATE_US:
            added += jobs.add(MAKE_REPORT, row.tenant_id, row.id, due, "", job_id=f"report_{row.id}_{due}")
    return added


def make_report(tenant: str, schedule: int, due: int, by_hand: str, now: int) -> None:
    """Make a report about the last whole period before `due`, and write the messages that bring it.

    `by_hand` is a word for one that somebody asked for, besides those that are due.
    """
    row = find_schedule(tenant, schedule)
    if row is None or (not by_hand and (not row.active or (row.last_due or 0) >= due)):
        return
    key = f"report:{row.id}:{by_hand or due}"
    try:
        letters = letters_of(row, key, due, now)
        with bound_database().atomic():
            add_letters(tenant, letters, now)
            note_made(row, None if by_hand else due, key, now)
    except (OSError, ValueError) as error:
        _fail(row, None if by_hand else due, now, error)
        raise
    structlog.get_logger("reports").info("report made", tenant=tenant, schedule=row.id, due=due)


def _fail(row: ReportSchedule, due: int | None, now: int, error: Exception) -> None:
    job = get_current_job()
    structlog.get_logger("reports").warning("report failed", tenant=row.tenant_id, schedule=row.id, error=repr(error))
    if job is None or not job.retries_left:
        note_made(row, due, "", now, "failed")


@dataclass(frozen=True, slots=True)
class Made:
    """A report: its file, all added up, and the time that it is about."""

    content: bytes
    total: Tally
    since: int
    until: int


def letters_of(row: ReportSchedule, key: str, due: int, now: int) -> list[Letter]:
    """Return the messages that bring a report, one a recipient."""
    zone, words = ZoneInfo(Tenant.get_by_id(row.tenant_id).timezone), LanguageWords(row.language)
    report = report_of(row)
    made = _made(row, report, due, zone, now)
    first, last = (datetime.fromtimestamp(at // SECOND, UTC).astimezone(zone) for at in (made.since, made.until - 1))
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
    subject = " ".join(f"{row.name}: {days}".split())  # no line break gets into a header
    figures = _figures(words, report, made.total)
    text = "\n".join(f"{name}: {value}" for name, value in figures)
    footer = words.message("report_mail.footer")
    name = f"report-{first:%Y%m%d}-{last:%Y%m%d}.{row.format}"
    body, html = f"{subject}\n\n{text}\n\n-- \n{footer}\n", _html(subject, figures, footer, row.language)
    return [
        Letter(key=key, recipient=to, subject=subject, text=body, html=html, file_name=name, file=made.content)
        for to in row.recipients
    ]


def _made(row: ReportSchedule, report: Report, due: int, zone: ZoneInfo, now: int) -> Made:
    tenant = row.tenant_id
    since, until = stretch(Period(row.period), zone, due)
    groups = {one.key: one.group for one in Agent.select(Agent.key, Agent.group).where(Agent.tenant == tenant)}
    wanted = ReportFilter(
        since=since,
        until=until,
        queues=report.queues,
        agents=members_of(report.agents, report.groups, groups),
        numbers=report.numbers,
        dispositions=report.dispositions,
        tags=report.tags,
        threshold_us=None if report.threshold_s is None else report.threshold_s * SECOND,
        tagged=report.by is Dimension.TAG,
    )
    lines, total = added_up(tenant, wanted, Layout(step=report.step, by=report.by, zone=zone, groups=groups), now)
    words = LanguageWords(row.language)
    table = ReportTable(words, zone, report.step, report.formula, report.threshold_s)
    cells = table.lines(lines, _names(tenant, report.by), total)
    return Made(_file(cells, row.format, words.message("export.report")), total, since, until)


def _file(lines: Iterator[list[str]], form: str, title: str) -> bytes:
    if form == "csv":
        return "".join(csv_text(lines)).encode()
    file = BytesIO()
    write_xlsx(file, title, lines)
    return file.getvalue()


def _names(tenant: str, by: Dimension) -> dict[str, str]:
    match by:
        case Dimension.QUEUE:
            queues = Queue.select(Queue.key, Queue.name).where(Queue.tenant == tenant)
            return {row.key: row.name for row in queues}
        case Dimension.AGENT:
            agents = Agent.select(Agent.key, Agent.name).where(Agent.tenant == tenant)
            return {row.key: row.name for row in agents}
        case _:
            return {}


def _figures(words: LanguageWords, report: Report, total: Tally) -> list[tuple[str, str]]:
    """The figures that stand in the message itself; all are in the file."""
    level = words.message(f"report.formula_{report.formula.value}")
    return [
        (words.message("report.offered"), str(total.offered)),
        (words.message("report.connected"), str(total.connected)),
        (words.message("report.abandoned"), str(total.abandoned)),
        (f"{words.message('report.service_level')} ({level})", share(total.service_level(report.formula)) or "–"),
        (words.message("report.abandonment_rate"), share(total.abandonment_rate) or "–"),
        (words.message("report.speed_of_answer"), average(total.speed_of_answer) or "–"),
        (words.message("report.handle_time"), average(total.handle_time) or "–"),
    ]


def _html(subject: str, figures: list[tuple[str, str]], footer: str, language: str) -> str:
    rows = "".join(
        f'<tr><td style="padding:4px 16px 4px 0">{escape(name)}</td>'
        f'<td style="text-align:right"><b>{escape(value)}</b></td></tr>'
        for name, value in figures
    )
    return (
        f'<!doctype html><html lang="{language}"><body style="font-family:sans-serif;color:#1f2937">'
        f"<h3>{escape(subject)}</h3><table>{rows}</table>"
        f'<p style="color:#6b7280;font-size:12px">{escape(footer)}</p></body></html>'
    )
