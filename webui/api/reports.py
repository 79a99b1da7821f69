"""Reports: what became of the calls that reached queues, by time and by whom (REP-1)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from orchestrator.database.reports import ReportFilter, stays_by_slice, work_by_slice
from orchestrator.domain.reports import SECOND, Dimension, Formula, Slice, Step, Tally, fold, steps
from webui.api.downloads import SAVED, saved
from webui.api.shapes import Moment, Query, Term
from webui.errors import WebError
from webui.identity import tenant
from webui.permissions import Permission, requires
from webui.report_files import ReportTable
from webui.scoping import within
from webui.services import services

bp = APIBlueprint("reports", __name__, url_prefix="/api/v1/reports", tag="Reports")

#: Stretches of time that one report may have: 62 days by the hour.
MOST_STEPS = 1500


class TimeRefusedError(WebError):
    """The time asked for ends before it begins, or has too many lines."""

    id, status = "invalid", 422


class ReportQuery(Query):
    """Which calls, and how they are added up: those that left a queue's line in [`from`, `to`).

    `disposition` (keys) and `tag` are those that an agent gave the call.
    `threshold_s` (1-3600) is the service level's, else each queue's own as it was at the time.
    """

    since: Annotated[Moment, Field(alias="from")]
    until: Annotated[Moment, Field(alias="to")]
    step: Step = Step.DAY
    by: Dimension = Dimension.TOTAL
    queue: list[Term] = Field(default_factory=list)
    agent: list[Term] = Field(default_factory=list)
    number: list[Term] = Field(default_factory=list)
    disposition: list[Term] = Field(default_factory=list)
    tag: list[Term] = Field(default_factory=list)
    threshold_s: Annotated[int | None, Field(ge=1, le=3600)] = None
    formula: Formula = Formula.OFFERED


class ExportQuery(ReportQuery):
    """Which report, and the kind of file."""

    format: Literal["csv", "xlsx"] = "csv"


class FiguresOut(BaseModel):
    """Counts and what is made of them; null where nothing was there to divide by. Durations in microseconds."""

    offered: int
    connected: int
    abandoned: int
    short: int
    timed_out: int
    other: int
    within: int
    repeated: int
    talk_us: int
    wrap_up_us: int
    service_level: float | None
    speed_of_answer_us: float | None
    handle_time_us: float | None
    abandonment_rate: float | None
    occupancy: float | None
    repeat_rate: float | None


class LineOut(BaseModel):
    """One line: a stretch of time that begins at `at` (us UTC), and of whom (`key` and `name`, empty for all)."""

    at: int
    key: str
    name: str
    figures: FiguresOut


class ReportOut(BaseModel):
    """The lines in order, all added up, and the beginnings of all stretches, the empty ones too."""

    lines: list[LineOut]
    total: FiguresOut
    steps: list[int]
    formula: Formula
    threshold_s: int | None


@bp.get("")
@requires(Permission.VIEW_REPORTS)
@bp.input(ReportQuery, location="query")
@bp.output(ReportOut)
def show(query_data: ReportQuery) -> ReportOut:
    """Add calls up."""
    beginnings, lines, names = _beginnings(query_data), _lines(query_data), _names(query_data.by)
    return ReportOut(
        lines=[
            LineOut(at=at, key=key, name=names.get(key, key), figures=figures(tally, query_data.formula))
            for (at, key), tally in lines.items()
        ],
        total=figures(sum(lines.values(), Tally()), query_data.formula),
        steps=beginnings,
        formula=query_data.formula,
        threshold_s=query_data.threshold_s,
    )


@bp.get("/export")
@requires(Permission.VIEW_REPORTS)
@bp.input(ExportQuery, location="query")
@bp.doc(responses=SAVED)
def take_out(query_data: ExportQuery) -> Response:
    """Save a report as a file."""
    _beginnings(query_data)
    table = ReportTable(services().texts, _zone(), query_data.step, query_data.formula)
    lines = table.lines(_lines(query_data), _names(query_data.by))
    return saved(lines, query_data.format, "report")


def figures(tally: Tally, formula: Formula) -> FiguresOut:
    """Return counts and figures."""
    counts = asdict(tally)
    return FiguresOut(
        **{name: counts[name] for name in FiguresOut.model_fields if name in counts},
        other=tally.other,
        service_level=tally.service_level(formula),
        speed_of_answer_us=tally.speed_of_answer,
        handle_time_us=tally.handle_time,
        abandonment_rate=tally.abandonment_rate,
        occupancy=tally.occupancy,
        repeat_rate=tally.repeat_rate,
    )


def _beginnings(query: ReportQuery) -> list[int]:
    if query.until <= query.since:
        raise TimeRefusedError(fields={"to": services().texts.message("report.backwards")})
    beginnings: list[int] = []
    for at in steps(query.since, query.until, query.step, _zone()):
        beginnings.append(at)
        if len(beginnings) > MOST_STEPS:
            raise TimeRefusedError(fields={"step": services().texts.message("report.too_many_steps")})
    return beginnings


def _lines(query: ReportQuery) -> Mapping[tuple[int, str], Tally]:
    wanted = ReportFilter(
        since=query.since,
        until=query.until,
        queues=tuple(query.queue),
        agents=_whose(query),
        numbers=tuple(query.number),
        dispositions=tuple(query.disposition),
        tags=tuple(query.tag),
        threshold_us=None if query.threshold_s is None else query.threshold_s * SECOND,
    )

    def slices() -> Iterator[Slice]:
        yield from stays_by_slice(tenant(), wanted)
        if not (wanted.queues or wanted.numbers or wanted.dispositions or wanted.tags) and query.by not in (
            Dimension.QUEUE,
            Dimension.NUMBER,
        ):
            yield from work_by_slice(tenant(), wanted, services().clock.now())

    lines = fold(slices(), query.step, _zone(), query.by, services().names.groups(tenant()))
    return dict(sorted(lines.items()))


def _whose(query: ReportQuery) -> tuple[str, ...]:
    """Return the agents meant, empty = all; whoever covers none of those asked for sees nobody."""
    found = within(Permission.VIEW_REPORTS, tuple(query.agent))
    return () if found is None else found or ("",)


def _names(by: Dimension) -> dict[str, str]:
    match by:
        case Dimension.QUEUE:
            return dict(services().names.queues(tenant()))
        case Dimension.AGENT:
            return dict(services().names.agents(tenant()))
        case _:
            return {}


def _zone() -> ZoneInfo:
    return ZoneInfo(services().accounts.tenant(tenant()).timezone)
