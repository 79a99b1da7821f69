"""The state log: which agent was in which state, from when to when, and what caused it (LOG-1)."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from orchestrator.database.models import AgentStateInterval
from orchestrator.database.state_log import StateFilter, all_states, list_states
from orchestrator.domain.agent import AgentState
from orchestrator.exports.state_log import StateLogTable
from webui.api.downloads import SAVED, saved
from webui.api.shapes import Limit, Moment, Query, Term
from webui.identity import tenant
from webui.permissions import Permission, requires
from webui.scoping import agents_within
from webui.services import services

bp = APIBlueprint("state_log", __name__, url_prefix="/api/v1/state-log", tag="State log")


class Wanted(Query):
    """Which intervals: those that overlap `from` to `to`; with `without_...` all but the agents or states named.

    `device` is registered or unregistered; `cause` is what began the interval.
    """

    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None
    agent: list[Term] = Field(default_factory=list)
    without_agents: bool = False
    state: list[AgentState] = Field(default_factory=list)
    without_states: bool = False
    device: Literal["registered", "unregistered"] | None = None
    cause: list[Term] = Field(default_factory=list)


class StateQuery(Wanted):
    """Which intervals, and which page of them."""

    cursor: Term | None = None
    limit: Limit = 50


class ExportQuery(Wanted):
    """Which intervals, and the kind of file."""

    format: Literal["csv", "xlsx"] = "csv"


class IntervalOut(BaseModel):
    """An agent was in one state; `ended` and `duration_us` are null while it lasts, `by_name` names who caused it."""

    agent: str
    agent_name: str
    state: str
    reason: str
    mode: str
    registered: bool
    started: int
    ended: int | None
    duration_us: int | None
    cause: str
    by: str | None
    by_name: str | None
    call: str | None


class IntervalPage(BaseModel):
    """Intervals, newest beginning first; `next` is the cursor of the page after this, if there is one."""

    items: list[IntervalOut]
    next: str | None


@bp.get("")
@requires(Permission.VIEW_STATE_LOG)
@bp.input(StateQuery, location="query")
@bp.output(IntervalPage)
def index(query_data: StateQuery) -> IntervalPage:
    """List the state log."""
    page = list_states(tenant(), state_filter(query_data), query_data.cursor, query_data.limit)
    agents = dict(services().names.agents(tenant()))
    people = services().names.people(tenant(), {row.by for row in page.rows if row.by})
    return IntervalPage(items=[_interval(row, agents, people) for row in page.rows], next=page.next)


@bp.get("/export")
@requires(Permission.VIEW_STATE_LOG)
@bp.input(ExportQuery, location="query")
@bp.doc(responses=SAVED)
def take_out(query_data: ExportQuery) -> Response:
    """Save the state log as a file, newest first."""
    names, zone = services().names, ZoneInfo(services().accounts.tenant(tenant()).timezone)
    table = StateLogTable(services().texts, zone, dict(names.agents(tenant())), names.everybody(tenant()))
    return saved(table.lines(all_states(tenant(), state_filter(query_data))), query_data.format, "state-log")


def state_filter(query: Wanted) -> StateFilter:
    """Return what is asked for, as far as whoever asks may see it."""
    agents, without = _whose(query)
    return StateFilter(
        since=query.since,
        until=query.until,
        agents=agents,
        without_agents=without,
        states=tuple(state.value for state in query.state),
        without_states=query.without_states,
        registered=None if query.device is None else query.device == "registered",
        causes=tuple(query.cause),
    )


def _whose(query: Wanted) -> tuple[tuple[str, ...], bool]:
    """Return the agents meant, and whether all others are: within the permission's scope, nobody is named by ""."""
    covered = agents_within(Permission.VIEW_STATE_LOG)
    if covered is None:
        return tuple(query.agent), query.without_agents
    asked = covered.difference(query.agent) if query.without_agents else covered.intersection(query.agent)
    return tuple(sorted(asked if query.agent else covered)) or ("",), False


def _interval(row: AgentStateInterval, agents: dict[str, str], people: dict[str, str]) -> IntervalOut:
    return IntervalOut(
        agent=row.agent,
        agent_name=agents.get(row.agent, row.agent),
        state=row.state,
        reason=row.reason,
        mode=row.mode,
        registered=row.registered,
        started=row.started,
        ended=row.ended,
        duration_us=None if row.ended is None else row.ended - row.started,
        cause=row.cause,
        by=row.by,
        by_name=people.get(row.by) if row.by else None,
        call=row.call,
    )
