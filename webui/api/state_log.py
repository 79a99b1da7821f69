"""The state log: which agent was in which state, from when to when, and what caused it (LOG-1)."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.models import AgentStateInterval
from orchestrator.database.state_log import StateFilter, list_states
from orchestrator.domain.agent import AgentState
from webui.api.shapes import Limit, Moment, Query, Term
from webui.identity import identity, tenant
from webui.permissions import Permission, Scope, check, requires
from webui.services import services

bp = APIBlueprint("state_log", __name__, url_prefix="/api/v1/state-log", tag="State log")


class StateQuery(Query):
    """Which intervals: those that overlap `from` to `to`; with `without_...` all but the agents or states named."""

    cursor: Term | None = None
    limit: Limit = 50
    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None
    agent: list[Term] = Field(default_factory=list)
    without_agents: bool = False
    state: list[AgentState] = Field(default_factory=list)
    without_states: bool = False


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
    page = list_states(tenant(), _filter(query_data), query_data.cursor, query_data.limit)
    agents = dict(services().names.agents(tenant()))
    people = services().names.people(tenant(), {row.by for row in page.rows if row.by})
    return IntervalPage(items=[_interval(row, agents, people) for row in page.rows], next=page.next)


def _filter(query: StateQuery) -> StateFilter:
    own = check(identity(), Permission.VIEW_STATE_LOG) is Scope.OWN
    return StateFilter(
        since=query.since,
        until=query.until,
        agents=(identity().agent or "",) if own else tuple(query.agent),
        without_agents=query.without_agents and not own,
        states=tuple(state.value for state in query.state),
        without_states=query.without_states,
    )


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
