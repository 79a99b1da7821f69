"""Adding up the state log for reports (REP-1): how long agents were at work with calls, and waiting for them."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from peewee import Expression, fn

from orchestrator.database.connection import bound_database
from orchestrator.database.models import AgentStateInterval
from orchestrator.database.reports import SLICE_US, ReportFilter
from orchestrator.domain.agent import AgentState
from orchestrator.domain.reports import Slice, Tally

#: Agents in these states are at work with a call, and waiting for one (occupancy).
WORKING = (AgentState.IN_CALL.value, AgentState.WRAP_UP.value)
READY = (AgentState.ONLINE.value, AgentState.RINGING.value)


class _Spent(NamedTuple):
    """A state of an agent from `begun` to `over`, us UTC."""

    agent: str
    state: str
    begun: int
    over: int | None


def work_by_slice(tenant: str, wanted: ReportFilter, now: int) -> Iterator[Slice]:
    """Add up the agents' time with calls and waiting for them; what lasts still lasts until `now` (us UTC).

    The database adds up what lies within a slice; what crosses the end of one is divided here.
    """
    spent: dict[tuple[int, str, bool], int] = defaultdict(int)
    for at, agent, state, us in _within_slices(tenant, wanted):
        spent[at * SLICE_US, agent, state in WORKING] += int(us)
    for one in chain(_across_slices(tenant, wanted), _under_way(tenant, wanted)):
        begun, over = max(one.begun, wanted.since), min(one.over or now, wanted.until)
        while begun < over:
            at = begun // SLICE_US * SLICE_US
            spent[at, one.agent, one.state in WORKING] += min(over, at + SLICE_US) - begun
            begun = at + SLICE_US
    for (at, agent, working), us in spent.items():
        yield Slice(at, None, agent, None, Tally(working_us=us) if working else Tally(ready_us=us))


def _begun(tenant: str, wanted: ReportFilter) -> Expression:
    table = AgentStateInterval
    begun = (table.tenant == tenant) & (table.started >= wanted.since) & (table.started < wanted.until)
    begun &= table.state.in_(WORKING + READY)
    return begun & table.agent.in_(wanted.agents) if wanted.agents else begun


def _short(until: int) -> Expression:
    """Tell of an interval that ended in the slice in which it began."""
    table = AgentStateInterval
    return (table.started / SLICE_US == table.ended / SLICE_US) & (table.ended <= until)


def _within_slices(tenant: str, wanted: ReportFilter) -> Any:  # noqa: ANN401 - rows
    table = AgentStateInterval
    at = (table.started / SLICE_US).alias("slice")
    sums = table.select(at, table.agent, table.state, fn.SUM(table.ended - table.started))
    found = sums.where(_begun(tenant, wanted), _short(wanted.until))
    return found.group_by(at, table.agent, table.state).tuples()


def _across_slices(tenant: str, wanted: ReportFilter) -> Iterator[_Spent]:
    table = AgentStateInterval
    columns = (table.agent, table.state, table.started, table.ended)
    rows: Any = table.select(*columns).where(_begun(tenant, wanted), table.ended.is_null() | ~_short(wanted.until))
    return map(_Spent._make, rows.tuples())


#: Of each agent's log the last state that began before a moment. There are few agents in many rows: their names are
#: found one after the other by the index, each state by one look into it.
_LAST_BEFORE = """
WITH RECURSIVE agents(agent) AS (
    SELECT min(agent) FROM agent_state_interval WHERE tenant = {tenant}
    UNION ALL
    SELECT (SELECT min(agent) FROM agent_state_interval WHERE tenant = {tenant} AND agent > agents.agent)
    FROM agents WHERE agents.agent IS NOT NULL
)
SELECT log.agent, log.state, log.started, log.ended FROM agents JOIN agent_state_interval log
    ON log.tenant = {tenant} AND log.agent = agents.agent AND log.started = (
        SELECT max(started) FROM agent_state_interval
        WHERE tenant = {tenant} AND agent = agents.agent AND started < {since}
    )
"""


def _under_way(tenant: str, wanted: ReportFilter) -> Iterator[_Spent]:
    """Yield the states that agents were in already as the time begins."""
    database = bound_database()
    query = _LAST_BEFORE.format(tenant=database.param, since=database.param)
    for row in map(_Spent._make, database.execute_sql(query, (tenant,) * 4 + (wanted.since,)).fetchall()):
        meant = not wanted.agents or row.agent in wanted.agents
        if meant and row.state in WORKING + READY and (row.over is None or row.over > wanted.since):
            yield row
