"""Reading the state log (LOG-1): always one tenant's."""

from collections.abc import Iterator
from dataclasses import dataclass

from peewee import Expression

from orchestrator.database.models import Agent as AgentRow
from orchestrator.database.models import AgentStateInterval
from orchestrator.database.paging import LONGEST_PAGE, Page, read_page
from orchestrator.domain.agent import CHOSEN_STATES, Agent, AgentState, AnswerMode


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFilter:
    """Which intervals are meant: those that overlap `since` to `until` (microseconds UTC, None = unlimited).

    `agents` and `states` are any of those, or, with `without_...`, all others; empty = all. `registered` is the
    device's state, None = either; `causes` are what began the interval, empty = anything.
    """

    since: int | None = None
    until: int | None = None
    agents: tuple[str, ...] = ()
    without_agents: bool = False
    states: tuple[str, ...] = ()
    without_states: bool = False
    registered: bool | None = None
    causes: tuple[str, ...] = ()


def list_states(
    tenant: str, wanted: StateFilter, cursor: str | None = None, size: int = 50
) -> Page[AgentStateInterval]:
    """Read a page of intervals, newest beginning first; raises BadCursorError."""
    conditions = [AgentStateInterval.tenant == tenant, *_conditions(wanted)]
    return read_page(AgentStateInterval, AgentStateInterval.started, conditions, cursor, size)


def count_states(tenant: str, wanted: StateFilter) -> int:
    """Count intervals."""
    table = AgentStateInterval
    return int(table.select().where(table.tenant == tenant, *_conditions(wanted)).count())


def all_states(tenant: str, wanted: StateFilter) -> Iterator[AgentStateInterval]:
    """Read every interval meant, newest beginning first, page by page."""
    cursor: str | None = None
    while True:
        page = list_states(tenant, wanted, cursor, LONGEST_PAGE)
        yield from page.rows
        if (cursor := page.next) is None:
            return


def last_chosen(tenant: str) -> dict[str, Agent]:
    """Return each agent in the state last chosen by a person, as the log has it: for when nothing else has.

    One question an agent: that reads the end of each one's log, however long the tenant's is.
    """
    table = AgentStateInterval
    chosen = (table.tenant == tenant) & table.state.in_([state.value for state in CHOSEN_STATES])
    newest = table.select().where(chosen).order_by(table.started.desc())
    keys = [row.key for row in AgentRow.select(AgentRow.key).where(AgentRow.tenant == tenant)]
    found = (newest.where(table.agent == key).first() for key in keys)
    return {row.agent: _agent(row) for row in found if row is not None}


def _agent(row: AgentStateInterval) -> Agent:
    state = AgentState(row.state)
    return Agent(id=row.agent, state=state, since=row.since, chosen=state, reason=row.reason, mode=AnswerMode(row.mode))


def _conditions(wanted: StateFilter) -> Iterator[Expression]:
    table = AgentStateInterval
    if wanted.since is not None:
        yield table.ended.is_null() | (table.ended > wanted.since)
    if wanted.until is not None:
        yield table.started < wanted.until
    if wanted.agents:
        yield table.agent.not_in(wanted.agents) if wanted.without_agents else table.agent.in_(wanted.agents)
    if wanted.states:
        yield table.state.not_in(wanted.states) if wanted.without_states else table.state.in_(wanted.states)
    if wanted.registered is not None:
        yield table.registered == wanted.registered
    if wanted.causes:
        yield table.cause.in_(wanted.causes)
