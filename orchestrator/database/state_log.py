"""Reading the state log (LOG-1): always one tenant's."""

from collections.abc import Iterator
from dataclasses import dataclass

from peewee import Expression

from orchestrator.database.models import AgentStateInterval
from orchestrator.database.paging import Page, read_page


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFilter:
    """Which intervals are meant: those that overlap `since` to `until` (microseconds UTC, None = unlimited).

    `agents` and `states` are any of those, or, with `without_...`, all others; empty = all.
    """

    since: int | None = None
    until: int | None = None
    agents: tuple[str, ...] = ()
    without_agents: bool = False
    states: tuple[str, ...] = ()
    without_states: bool = False


def list_states(
    tenant: str, wanted: StateFilter, cursor: str | None = None, size: int = 50
) -> Page[AgentStateInterval]:
    """Read a page of intervals, newest beginning first; raises BadCursorError."""
    conditions = [AgentStateInterval.tenant == tenant, *_conditions(wanted)]
    return read_page(AgentStateInterval, AgentStateInterval.started, conditions, cursor, size)


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
