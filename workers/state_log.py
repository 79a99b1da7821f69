"""The state log (LOG-1), kept up to date from the changes of agents in whatever order they come."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields

from peewee import Tuple

from orchestrator.database.models import AgentStateInterval, CallEventRow
from orchestrator.database.report_marks import mark_spans, mark_talks
from orchestrator.domain.events import AgentChanged, AgentRemoved
from workers.event_log import StoredEvent, decode
from workers.intervals import Change, Interval, counted_anew, intervals

_TYPES = (AgentChanged.type, AgentRemoved.type)

#: What a row has of an interval.
_COLUMNS = tuple(field.name for field in fields(Interval))

#: A place in a tenant's stream: ms, n.
Place = tuple[int, int]


def write_states(tenant: str, events: Iterable[StoredEvent], now: int) -> None:
    """Bring the log of the agents in these events up to date (`now`: us UTC). Call it in a transaction."""
    first: dict[str, Place] = {}
    for event in events:
        if event.type in _TYPES and event.agent is not None:
            place = (event.ms, event.n)
            first[event.agent] = min(place, first.get(event.agent, place))
    changed = [pair for agent in sorted(first) for pair in _rewrite(tenant, agent, first[agent])]
    mark_spans(tenant, [span for before, after in changed for span in counted_anew(before, after, now)])
    mark_talks(tenant, sorted({one.call for pair in changed for one in pair if one and one.call}))


def _rewrite(tenant: str, agent: str, changed: Place) -> Iterator[tuple[Interval | None, Interval | None]]:
    """Make the log of an agent anew from where the change at `changed` may matter; yields what was, and is instead."""
    start = _unaffected(tenant, agent, changed)
    known = {row.started: row for row in _rows(tenant, agent, start.started if start else 0)}
    changes = _changes(tenant, agent, (start.ms, start.n) if start else (0, 0))
    for interval in intervals(changes, start.started if start else 0):
        row = known.pop(interval.started, None)
        before = _interval(row) if row else None
        if before != interval:
            _save(tenant, agent, interval, row)
            yield before, interval
    for row in known.values():
        row.delete_instance()
        yield _interval(row), None


def _interval(row: AgentStateInterval) -> Interval:
    return Interval(**{name: getattr(row, name) for name in _COLUMNS})


def _unaffected(tenant: str, agent: str, changed: Place) -> AgentStateInterval | None:
    """The interval but one before the change: its beginning stands, whatever happens from the change on.

    The last one before may turn out empty, and the change may continue the one before that.
    """
    table = AgentStateInterval
    rows = (
        table.select()
        .where(table.tenant == tenant, table.agent == agent, Tuple(table.ms, table.n) < changed)
        .order_by(table.started.desc())
        .limit(2)
    )
    found = list(rows)
    return found[1] if len(found) == 2 else None


def _rows(tenant: str, agent: str, started: int) -> list[AgentStateInterval]:
    table = AgentStateInterval
    return list(table.select().where(table.tenant == tenant, table.agent == agent, table.started >= started))


def _changes(tenant: str, agent: str, place: Place) -> list[Change]:
    table = CallEventRow
    rows = (
        table.select(table.ms, table.n, table.json)
        .where(table.tenant == tenant, table.agent == agent, table.type.in_(_TYPES), Tuple(table.ms, table.n) >= place)
        .order_by(table.ms, table.n)
    )
    decoded = ((row, decode(row.json)) for row in rows)
    return [Change(row.ms, row.n, event) for row, event in decoded if isinstance(event, AgentChanged | AgentRemoved)]


def _save(tenant: str, agent: str, interval: Interval, known: AgentStateInterval | None) -> None:
    row = known or AgentStateInterval(tenant=tenant, agent=agent)
    for name, value in asdict(interval).items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    row.save()
