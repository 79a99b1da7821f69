"""Reports: what became of the calls that reached queues, by time and by whom (REP-1)."""

from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from orchestrator.database.reports import ReportFilter, count
from orchestrator.domain.reports import SECOND, Counted, Dimension, Formula, Step, Tally, steps
from orchestrator.exports import report_lines
from orchestrator.exports.report_limits import MOST_CALLS, TooMuch, too_much
from orchestrator.exports.report_lines import NOBODY, Layout
from orchestrator.exports.reports import ReportTable
from webui.api.downloads import SAVED, saved
from webui.api.shapes import Moment, Query, Term
from webui.errors import WebError
from webui.identity import tenant
from webui.permissions import Permission, requires
from webui.report_lines import members, narrowed
from webui.scoping import within
from webui.services import services

bp = APIBlueprint("reports", __name__, url_prefix="/api/v1/reports", tag="Reports")

#: Stretches of time that one report may have: 62 days by the hour.
MOST_STEPS = 1500

#: Lines that a page may be sent: a file may have more.
MOST_LINES = 10_000


class TimeRefusedError(WebError):
    """The time asked for ends before it begins, or has too many lines."""

    id, status = "invalid", 422


class ReportQuery(Query):
    """What is added up: what happened in [`from`, `to`), of these queues, agents, groups and numbers of the company.

    `disposition` (keys) and `tag` are those that an agent gave the call.
    `threshold_s` (1-3600) is the service level's, else each queue's own as it was at the time.
    """

    since: Annotated[Moment, Field(alias="from")]
    until: Annotated[Moment, Field(alias="to")]
    step: Step = Step.DAY
    by: Dimension = Dimension.TOTAL
    queue: list[Term] = Field(default_factory=list)
    agent: list[Term] = Field(default_factory=list)
    group: list[Term] = Field(default_factory=list)
    number: list[Term] = Field(default_factory=list)
    disposition: list[Term] = Field(default_factory=list)
    tag: list[Term] = Field(default_factory=list)
    threshold_s: Annotated[int | None, Field(ge=1, le=3600)] = None
    formula: Formula = Formula.OFFERED


class ExportQuery(ReportQuery):
    """Which report, and the kind of file."""

    format: Literal["csv", "xlsx"] = "csv"


class BehindQuery(ReportQuery):
    """Which figure of a report is asked about; `key` is the line's, as in the report, without one of all."""

    figure: Counted
    key: Term | None = None


class BehindOut(BaseModel):
    """A figure, and how many calls are behind it: a call may have left several lines, or talked to several agents."""

    times: int
    calls: int


class FiguresOut(BaseModel):
    """Counts and what is made of them; null where nothing was there to divide by. Durations in microseconds."""

    offered: int
    connected: int
    abandoned: int
    short: int
    timed_out: int
    called_back: int
    callback_failed: int
    other: int
    within: int
    repeated: int
    handled: int
    direct: int
    placed: int
    reached: int
    unreached: int
    forwarded: int
    messages: int
    asked: int
    scored: int
    talk_us: int
    hold_us: int
    wrap_up_us: int
    service_level: float | None
    speed_of_answer_us: float | None
    handle_time_us: float | None
    talk_time_us: float | None
    hold_time_us: float | None
    wrap_up_time_us: float | None
    out_handle_time_us: float | None
    reach_rate: float | None
    abandonment_rate: float | None
    occupancy: float | None
    repeat_rate: float | None
    score: float | None
    answered_share: float | None


#: All but the service level, whose formula is chosen; averages are named without their unit in a tally.
NAMES = frozenset(FiguresOut.model_fields) - {"service_level"}
DURATIONS = frozenset(name for name in NAMES if name.endswith("_us")) - {"talk_us", "hold_us", "wrap_up_us"}


class LineOut(BaseModel):
    """One line: a stretch of time that begins at `at` (us UTC), and of whom (`key` and `name`, empty for all)."""

    at: int
    key: str
    name: str
    figures: FiguresOut


class ReportOut(BaseModel):
    """The lines in order, all added up, and the beginnings of all stretches, the empty ones too.

    By tag, a call with two tags is in two lines and once in `total`, which counts calls with any tag.
    """

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
    beginnings, names = _beginnings(query_data), names_of(query_data.by)
    _refuse_too_much(query_data, MOST_LINES)
    lines, total = added_up(query_data)
    if len(lines) > MOST_LINES:
        raise _refused(TooMuch.LINES)
    return ReportOut(
        lines=[
            LineOut(at=at, key=key, name=names.get(key, key), figures=figures(tally, query_data.formula))
            for (at, key), tally in lines.items()
        ],
        total=figures(total, query_data.formula),
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
    _refuse_too_much(query_data)
    table = ReportTable(services().texts, _zone(), query_data.step, query_data.formula, query_data.threshold_s)
    lines, total = added_up(query_data)
    return saved(table.lines(lines, names_of(query_data.by), total), query_data.format, "report")


@bp.get("/behind")
@requires(Permission.VIEW_REPORTS)
@bp.input(BehindQuery, location="query")
@bp.output(BehindOut)
def behind(query_data: BehindQuery) -> BehindOut:
    """Count a figure anew, and the calls behind it."""
    times, calls = count(tenant(), narrowed(wanted_of(query_data), query_data.by, query_data.key), query_data.figure)
    return BehindOut(times=times, calls=calls)


def figures(tally: Tally, formula: Formula) -> FiguresOut:
    """Return counts and figures."""
    made = {name: getattr(tally, name.removesuffix("_us") if name in DURATIONS else name) for name in NAMES}
    return FiguresOut(**made, service_level=tally.service_level(formula))


def _beginnings(query: ReportQuery) -> list[int]:
    if query.until <= query.since:
        raise TimeRefusedError(fields={"to": services().texts.message("report.backwards")})
    beginnings: list[int] = []
    for at in steps(query.since, query.until, query.step, _zone()):
        beginnings.append(at)
        if len(beginnings) > MOST_STEPS:
            raise TimeRefusedError(fields={"step": services().texts.message("report.too_many_steps")})
    return beginnings


def wanted_of(query: ReportQuery) -> ReportFilter:
    """Return the filter of a report; agents within the permission's scope only."""
    return ReportFilter(
        since=query.since,
        until=query.until,
        queues=tuple(query.queue),
        agents=_whose(query),
        numbers=tuple(query.number),
        dispositions=tuple(query.disposition),
        tags=tuple(query.tag),
        threshold_us=None if query.threshold_s is None else query.threshold_s * SECOND,
        tagged=query.by is Dimension.TAG,
    )


def added_up(query: ReportQuery) -> tuple[Mapping[tuple[int, str], Tally], Tally]:
    """Return the lines in order, and all of them together."""
    return report_lines.added_up(tenant(), wanted_of(query), _layout(query), services().clock.now())


def _layout(query: ReportQuery) -> Layout:
    return Layout(step=query.step, by=query.by, zone=_zone(), groups=services().names.groups(tenant()))


def _refuse_too_much(query: ReportQuery, most_lines: int | None = None) -> None:
    """Refuse what takes longer than anybody waits, before it is begun."""
    why = too_much(tenant(), wanted_of(query), _layout(query), most_lines)
    if why:
        raise _refused(why)


def _refused(why: TooMuch) -> TimeRefusedError:
    most = {TooMuch.LINES: MOST_LINES, TooMuch.CALLS: MOST_CALLS}.get(why, 0)
    field = "step" if why is TooMuch.LINES else "to"
    return TimeRefusedError(fields={field: services().texts.message(f"report.too_much_{why}", most=f"{most:,}")})


def _whose(query: ReportQuery) -> tuple[str, ...]:
    """Return the agents meant, empty = all; whoever covers none of those asked for sees nobody."""
    found = within(Permission.VIEW_REPORTS, members(query.agent, query.group))
    return () if found is None else found or NOBODY


def names_of(by: Dimension) -> dict[str, str]:
    """Return what the keys of lines are called, where they are not names themselves."""
    match by:
        case Dimension.QUEUE:
            return dict(services().names.queues(tenant()))
        case Dimension.AGENT:
            return dict(services().names.agents(tenant()))
        case _:
            return {}


def _zone() -> ZoneInfo:
    return ZoneInfo(services().accounts.tenant(tenant()).timezone)
