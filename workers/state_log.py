"""The state log (LOG-1), kept up to date from the changes of agents in whatever order they come.

Mostly they come in order, as the stream has them: then each log is continued from its last interval, and nothing is
read but how it ends. What comes late, again or at the same moment makes the log anew from where it may matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from peewee import chunked

from orchestrator.database.report_marks import mark_spans, mark_talks
from orchestrator.domain.agent import AgentState
from orchestrator.domain.events import AgentChanged, AgentRemoved
from workers.event_log import StoredEvent, decode
from workers.intervals import Change, Interval, counted_anew, intervals
from workers.log_rows import (
    TYPES,
    Place,
    Row,
    Tail,
    add_rows,
    changes_since,
    delete_rows,
    end_rows,
    rows_since,
    tails,
    unaffected,
)

#: Agents that are asked about at once.
AT_ONCE = 200

#: What stood in the log, and what stands there instead.
Changed = tuple[Row | None, Interval | None]


def write_states(tenant: str, events: Iterable[StoredEvent], now: int) -> None:
    """Bring the log of the agents in these events, each once, up to date (`now`: us UTC). Call it in a transaction."""
    came = defaultdict[str, list[StoredEvent]](list)
    for event in sorted(events, key=_place):
        if event.type in TYPES and event.agent is not None:
            came[event.agent].append(event)
    for agents in chunked(sorted(came), AT_ONCE):
        _bring_up_to_date(tenant, {agent: came[agent] for agent in agents}, now)


def _bring_up_to_date(tenant: str, came: Mapping[str, list[StoredEvent]], now: int) -> None:
    first = {agent: _place(events[0]) for agent, events in came.items()}
    ends = tails(tenant, first)
    continued = {agent: _continued(ends[agent], came[agent]) for agent in ends}
    changed = {agent: some for agent, some in continued.items() if some is not None}
    changed |= _made_anew(tenant, {agent: place for agent, place in first.items() if agent not in changed})
    _write(tenant, changed)
    _mark(tenant, [*chain.from_iterable(changed.values())], now)


def _continued(tail: Tail, came: Sequence[StoredEvent]) -> list[Changed] | None:
    """Return what events of an agent add to the log's end; None where they may matter to what is before it.

    So it is where others are stored that come after the first of them, where they are told again and the log has
    them, or where the last interval turns out empty.
    """
    row, last, clock, later = tail
    if later != len(came) or _place(came[0]) <= (last.ms, last.n):
        return None
    made = intervals(map(_change, came), clock, [last])
    if not made or (made[0].ms, made[0].n) != (last.ms, last.n):
        return None
    return [*_compared([(row, last)], made)]


def _made_anew(tenant: str, first: Mapping[str, Place]) -> dict[str, list[Changed]]:
    """Make the logs of agents anew from where the changes at these places may matter.

    Intervals stay whose events have been deleted since, as the company keeps them no longer.
    """
    if not first:
        return {}
    starts = unaffected(tenant, first)
    known = rows_since(tenant, starts)
    begun = {agent: known[agent][0][1] for agent, started in starts.items() if started}
    changes = changes_since(
        tenant, {agent: (begun[agent].ms, begun[agent].n) if agent in begun else (0, 0) for agent in first}
    )
    return {agent: _remade(known[agent], changes[agent], starts[agent]) for agent in first}


def _remade(known: Sequence[Row], changes: Sequence[Change], clock: int) -> list[Changed]:
    told_from = changes[0][:2]
    kept = [interval for _, interval in known if (interval.ms, interval.n) < told_from]
    return [*_compared(known, intervals(changes, max([clock, *(one.started for one in kept)]), kept))]


def _compared(known: Iterable[Row], made: Iterable[Interval]) -> Iterator[Changed]:
    """Yield what differs between the log and what it should be."""
    rows = {row[1].started: row for row in known}
    for interval in made:
        row = rows.pop(interval.started, None)
        if row is None or row[1] != interval:
            yield row, interval
    yield from ((row, None) for row in rows.values())


def _write(tenant: str, changed: Mapping[str, Sequence[Changed]]) -> None:
    """Write what has changed: most rows only end."""
    ends: list[tuple[int, int | None]] = []
    gone: list[int] = []
    made: list[tuple[str, Interval]] = []
    for agent, some in changed.items():
        for row, interval in some:
            if row and interval and row[1]._replace(ended=interval.ended) == interval:
                ends.append((row[0], interval.ended))
                continue
            if row:
                gone.append(row[0])
            if interval:
                made.append((agent, interval))
    end_rows(ends)
    delete_rows(gone)
    add_rows(tenant, made)


def _mark(tenant: str, changed: Sequence[Changed], now: int) -> None:
    pairs = [(row[1] if row else None, after) for row, after in changed]
    mark_spans(tenant, [span for before, after in pairs for span in counted_anew(before, after, now)])
    wrap_ups = (one for pair in pairs for one in pair if one and one.state == AgentState.WRAP_UP)
    mark_talks(tenant, sorted({one.call for one in wrap_ups if one.call}))


def _place(event: StoredEvent) -> Place:
    return event.ms, event.n


def _change(stored: StoredEvent) -> Change:
    event = decode(stored.type, stored.json)
    if not isinstance(event, AgentChanged | AgentRemoved):
        raise TypeError(f"{stored.type} is no change of an agent")
    return Change(stored.ms, stored.n, event)
