"""The state log (LOG-1), kept up to date from the changes of agents in whatever order they come."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain
from typing import Any

from peewee import SQL, chunked

from orchestrator.database.bulk import add_rows
from orchestrator.database.connection import bound_database
from orchestrator.database.models import AgentStateInterval, CallEventRow
from orchestrator.database.report_marks import mark_spans, mark_talks
from orchestrator.domain.agent import AgentState
from orchestrator.domain.events import AgentChanged, AgentRemoved
from workers.event_log import StoredEvent, decode
from workers.intervals import Change, Interval, counted_anew, intervals

_TYPES = (AgentChanged.type, AgentRemoved.type)

#: What a row has of an interval.
_COLUMNS = tuple(field.name for field in fields(Interval))

#: Agents that are asked about at once.
AT_ONCE = 200

#: A place in a tenant's stream: ms, n.
Place = tuple[int, int]

#: An interval with its row's number.
Row = tuple[int, Interval]

#: What stood in the log, and what stands there instead.
Changed = tuple[Row | None, Interval | None]


def write_states(tenant: str, events: Iterable[StoredEvent], now: int) -> None:
    """Bring the log of the agents in these events up to date (`now`: us UTC). Call it in a transaction."""
    first: dict[str, Place] = {}
    for event in events:
        if event.type in _TYPES and event.agent is not None:
            place = (event.ms, event.n)
            first[event.agent] = min(place, first.get(event.agent, place))
    for agents in chunked(sorted(first), AT_ONCE):
        _rewrite(tenant, {agent: first[agent] for agent in agents}, now)


def _rewrite(tenant: str, first: Mapping[str, Place], now: int) -> None:
    """Make the logs of agents anew from where the changes at these places may matter."""
    starts = _unaffected(tenant, first)
    known = _rows(tenant, starts)
    begun = {agent: known[agent][0][1] for agent, started in starts.items() if started}
    changes = _changes(
        tenant, {agent: (begun[agent].ms, begun[agent].n) if agent in begun else (0, 0) for agent in first}
    )
    pairs = {agent: list(_compared(known[agent], intervals(changes[agent], starts[agent]))) for agent in first}
    _write(tenant, pairs)
    _mark(tenant, [*chain.from_iterable(pairs.values())], now)


def _compared(known: Iterable[Row], made: Iterable[Interval]) -> Iterator[Changed]:
    """Yield what differs between the log and what it should be."""
    rows = {row[1].started: row for row in known}
    for interval in made:
        row = rows.pop(interval.started, None)
        if row is None or row[1] != interval:
            yield row, interval
    yield from ((row, None) for row in rows.values())


def _write(tenant: str, pairs: Mapping[str, Sequence[Changed]]) -> None:
    """Put intervals in the place of those that were there, under the same numbers."""
    table = AgentStateInterval
    gone = [row[0] for some in pairs.values() for row, _ in some if row]
    if gone:
        table.delete().where(table.id.in_(gone)).execute()
    made = [
        (row, {"tenant": tenant, "agent": agent, **_values(interval)})
        for agent, some in pairs.items()
        for row, interval in some
        if interval
    ]
    add_rows(table, [{"id": row[0], **values} for row, values in made if row])
    add_rows(table, [values for row, values in made if not row])


def _values(interval: Interval) -> dict[str, Any]:
    return {name: getattr(interval, name) for name in _COLUMNS}


def _mark(tenant: str, changed: Sequence[Changed], now: int) -> None:
    pairs = [(row[1] if row else None, after) for row, after in changed]
    mark_spans(tenant, [span for before, after in pairs for span in counted_anew(before, after, now)])
    wrap_ups = (one for pair in pairs for one in pair if one and one.state == AgentState.WRAP_UP)
    mark_talks(tenant, sorted({one.call for one in wrap_ups if one.call}))


def _unaffected(tenant: str, first: Mapping[str, Place]) -> dict[str, int]:
    """Return since when each agent's log may change: the beginning of the interval but one before the change, else 0.

    The last one before may turn out empty, and the change may continue the one before that.
    """
    database = bound_database()
    log, mark = AgentStateInterval._meta.table_name, database.param
    told = ", ".join([f"({mark}, {mark}, {mark})"] * len(first))
    found = database.execute_sql(
        f"WITH told (agent, ms, n) AS (VALUES {told}) SELECT agent, ("  # noqa: S608 - names of ours
        f"SELECT started FROM {log} AS log WHERE log.tenant = {mark} AND log.agent = told.agent"
        " AND (log.ms, log.n) < (told.ms, told.n) ORDER BY started DESC LIMIT 1 OFFSET 1) FROM told",
        (*chain.from_iterable((agent, *place) for agent, place in first.items()), tenant),
    )
    return {agent: started or 0 for agent, started in found}


def _rows(tenant: str, starts: Mapping[str, int]) -> Mapping[str, list[Row]]:
    """Return each agent's intervals that began at a moment or later, in order."""
    table = AgentStateInterval
    columns = [getattr(table, name) for name in _COLUMNS]
    found = (
        table.select(table.agent, table.id, *columns)
        .where(table.tenant == tenant, _any("agent = {0} AND started >= {0}", starts.items()))
        .order_by(table.started)
    )
    rows = defaultdict[str, list[Row]](list)
    for agent, id_, *values in bound_database().execute(found):
        rows[agent].append((id_, Interval(**dict(zip(_COLUMNS, values, strict=True)))))
    return rows


def _changes(tenant: str, places: Mapping[str, Place]) -> Mapping[str, list[Change]]:
    """Return each agent's changes from a place in the stream on, in order."""
    table = CallEventRow
    wanted = ((agent, *place) for agent, place in places.items())
    found = (
        table.select(table.agent, table.ms, table.n, table.json)
        .where(
            table.tenant == tenant,
            table.type.in_(_TYPES),
            table.ms >= min(ms for ms, _ in places.values()),
            _any("agent = {0} AND (ms, n) >= ({0}, {0})", wanted),
        )
        .order_by(table.ms, table.n)
    )
    changes = defaultdict[str, list[Change]](list)
    for agent, ms, n, json in bound_database().execute(found):
        if isinstance(event := decode(json), AgentChanged | AgentRemoved):
            changes[agent].append(Change(ms, n, event))
    return changes


def _any(condition: str, values: Iterable[Sequence[object]]) -> SQL:
    """Return the condition that holds where it does for some of the values; `{0}` stands for each of one's values."""
    some = list(values)
    one = f"({condition.format(bound_database().param)})"
    return SQL(f"({' OR '.join([one] * len(some))})", [*chain.from_iterable(some)])
