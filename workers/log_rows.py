"""Asking and writing the state log's rows, for all agents of a batch at once.

CROSS JOIN is an inner join like any other, but that SQLite keeps its order: agent by agent, not through all of a log.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orchestrator.database.bulk import insert_rows
from orchestrator.database.connection import bound_database
from orchestrator.database.models import AgentStateInterval, CallEventRow
from orchestrator.database.sets import Kind, any_of, told
from orchestrator.domain.events import AgentChanged, AgentRemoved
from workers.event_log import decode
from workers.intervals import Change, Interval

#: Events that the log is made of.
TYPES = (AgentChanged.type, AgentRemoved.type)

#: A place in a tenant's stream: ms, n.
Place = tuple[int, int]

#: An interval with its row's number.
Row = tuple[int, Interval]

_LOG, _EVENTS = AgentStateInterval._meta.table_name, CallEventRow._meta.table_name
_COLUMNS = ", ".join(f"log.{name}" for name in Interval._fields)
_PLACES = {"agent": Kind.TEXT, "ms": Kind.NUMBER, "n": Kind.NUMBER}


class Tail(NamedTuple):
    """The end of an agent's log, as it was before the changes from a place in the stream on.

    `clock` (us UTC) is the latest time that was told until there, `later` the number of changes stored from there on.
    """

    row: int
    last: Interval
    clock: int
    later: int


def tails(tenant: str, places: Mapping[str, Place]) -> dict[str, Tail]:
    """Return how the log of each agent ends that has one, seen from these places."""
    source, values = told(_PLACES, _rows_of(places))
    mark = bound_database().param
    mine = f"tenant = {mark} AND agent = told.agent AND type IN ({mark}, {mark})"
    found = bound_database().execute_sql(
        f"SELECT told.agent, log.id, (SELECT MAX(at) FROM {_EVENTS} WHERE {mine}"  # noqa: S608 - names of ours
        " AND ms >= log.ms AND ms <= told.ms AND (ms, n) >= (log.ms, log.n) AND (ms, n) < (told.ms, told.n)),"
        f" (SELECT COUNT(*) FROM {_EVENTS} WHERE {mine} AND ms >= told.ms AND (ms, n) >= (told.ms, told.n)),"
        f" {_COLUMNS} FROM {source} CROSS JOIN {_LOG} AS log WHERE log.id = (SELECT id FROM {_LOG} AS newest"
        f" WHERE newest.tenant = {mark} AND newest.agent = told.agent ORDER BY started DESC LIMIT 1)",
        (tenant, *TYPES, tenant, *TYPES, *values, tenant),
    )
    return {
        agent: Tail(row, last, max(last.started, clock or 0), later)
        for agent, row, clock, later, *columns in found
        for last in [_interval(columns)]
    }


def unaffected(tenant: str, first: Mapping[str, Place]) -> dict[str, int]:
    """Return since when each agent's log may change: the beginning of the interval but one before the change, else 0.

    The last one before may turn out empty, and the change may continue the one before that.
    """
    source, values = told(_PLACES, _rows_of(first))
    mark = bound_database().param
    found = bound_database().execute_sql(
        f"SELECT told.agent, (SELECT started FROM {_LOG} AS log"  # noqa: S608 - names of ours
        f" WHERE log.tenant = {mark} AND log.agent = told.agent AND (log.ms, log.n) < (told.ms, told.n)"
        f" ORDER BY started DESC LIMIT 1 OFFSET 1) FROM {source}",
        (tenant, *values),
    )
    return {agent: started or 0 for agent, started in found}


def rows_since(tenant: str, starts: Mapping[str, int]) -> Mapping[str, list[Row]]:
    """Return each agent's intervals that began at a moment (us UTC) or later, in order."""
    source, values = told({"agent": Kind.TEXT, "since": Kind.NUMBER}, starts.items())
    found = bound_database().execute_sql(
        f"SELECT log.agent, log.id, {_COLUMNS} FROM {source} CROSS JOIN {_LOG} AS log"  # noqa: S608 - names of ours
        f" WHERE log.tenant = {bound_database().param} AND log.agent = told.agent AND log.started >= told.since"
        " ORDER BY log.started",
        (*values, tenant),
    )
    rows = defaultdict[str, list[Row]](list)
    for agent, row, *columns in found:
        rows[agent].append((row, _interval(columns)))
    return rows


def changes_since(tenant: str, places: Mapping[str, Place]) -> Mapping[str, list[Change]]:
    """Return each agent's changes from a place in the stream on, in order."""
    source, values = told(_PLACES, _rows_of(places))
    mark = bound_database().param
    found = bound_database().execute_sql(
        f"SELECT event.agent, event.ms, event.n, event.type, event.json"  # noqa: S608 - names of ours
        f" FROM {source} CROSS JOIN {_EVENTS} AS event WHERE event.tenant = {mark} AND event.agent = told.agent"
        f" AND event.type IN ({mark}, {mark}) AND event.ms >= {mark} AND (event.ms, event.n) >= (told.ms, told.n)"
        " ORDER BY event.ms, event.n",
        (*values, tenant, *TYPES, min(ms for ms, _ in places.values())),
    )
    changes = defaultdict[str, list[Change]](list)
    for agent, ms, n, type_, json in found:
        if isinstance(event := decode(type_, json), AgentChanged | AgentRemoved):
            changes[agent].append(Change(ms, n, event))
    return changes


def end_rows(ends: Sequence[tuple[int, int | None]]) -> None:
    """Give rows, by their numbers, another end (us UTC; None: it goes on)."""
    if ends:
        source, values = told({"id": Kind.NUMBER, "ended": Kind.NUMBER}, ends)
        bound_database().execute_sql(
            f"UPDATE {_LOG} AS log SET ended = told.ended FROM {source} WHERE log.id = told.id",  # noqa: S608
            values,
        )


def delete_rows(rows: Sequence[int]) -> None:
    """Delete rows by their numbers."""
    if rows:
        AgentStateInterval.delete().where(any_of(AgentStateInterval.id, rows)).execute()


def add_rows(tenant: str, made: Sequence[tuple[str, Interval]]) -> None:
    """Add intervals of agents."""
    columns = ("tenant", "agent", *Interval._fields)
    if made:
        insert_rows(AgentStateInterval, columns, ((tenant, agent, *interval) for agent, interval in made))


def _rows_of(places: Mapping[str, Place]) -> list[tuple[str, int, int]]:
    return [(agent, ms, n) for agent, (ms, n) in places.items()]


def _interval(columns: Sequence[object]) -> Interval:
    """SQLite has numbers for true and false."""
    made = Interval._make(columns)
    return made._replace(registered=bool(made.registered))
