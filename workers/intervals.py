"""Agents' states as intervals without gap and overlap (LOG-1): pure.

An interval is one state *and* one answer mode *and* one device state: an agent whose device is lost while on break
has two intervals of the same break, so that the log tells when the device was there. Choosing the same state anew
begins a new interval, as it restarts the timer on the wallboard (STATE-3). Other changes (queues, counters) do not.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from orchestrator.domain.agent import Agent
from orchestrator.domain.events import AgentChanged, AgentRemoved
from orchestrator.domain.report_sums import Span
from orchestrator.domain.reports import SECOND

#: Clocks of hosts differ by less, us: nobody has added up what is later than this.
AHEAD_US = 3600 * SECOND


class Change(NamedTuple):
    """A change of an agent and its place in the stream."""

    ms: int
    n: int
    event: AgentChanged | AgentRemoved


class Interval(NamedTuple):
    """An agent's state from `started` to `ended` (microseconds UTC, None = still); `since` is the state's own."""

    started: int
    ended: int | None
    state: str
    since: int
    reason: str
    mode: str
    registered: bool
    cause: str
    by: str | None
    call: str | None
    ms: int
    n: int

    def continues(self, agent: Agent) -> bool:
        """Tell whether the agent is still as in this interval."""
        mine = (self.state, self.since, self.reason, self.mode, self.registered)
        return mine == (agent.state.value, agent.since, agent.reason, agent.mode.value, agent.registered)


def intervals(changes: Iterable[Change], clock: int = 0, before: Iterable[Interval] = ()) -> list[Interval]:
    """Return the intervals that the changes of one agent, in the stream's order, make out of those `before` them.

    An event's time may lie a little before the one committed earlier: time never goes back here, so that the last
    commit is always the last interval. Nothing begins before `clock`, microseconds UTC.
    """
    rows = [*before]
    for change in changes:
        clock = max(clock, change.event.at)
        event = change.event if isinstance(change.event, AgentChanged) else None
        if event and rows and rows[-1].ended is None and rows[-1].continues(event.agent):
            continue
        _end(rows, clock)
        if event:
            _begin(rows, _interval(clock, change, event), event.agent)
    return rows


def counted_anew(before: Interval | None, after: Interval | None, now: int) -> Iterator[Span]:
    """Yield the times whose sums (REP-1) no longer hold once `after` stands where `before` was; `now` is us UTC.

    What lasted was counted up to whenever it was added up, so its end changes what comes after the end alone.
    """
    if before and after and before.ended is None and before == after._replace(ended=None):
        yield Span(after.ended or now, now + AHEAD_US)
        return
    for one in (before, after):
        if one:
            yield Span(one.started, now + AHEAD_US if one.ended is None else one.ended)


def _end(rows: list[Interval], at: int) -> None:
    if rows and rows[-1].ended is None:
        last = rows.pop()
        if last.started < at:
            rows.append(last._replace(ended=at))


def _begin(rows: list[Interval], interval: Interval, agent: Agent) -> None:
    if rows and rows[-1].ended == interval.started and rows[-1].continues(agent):
        rows[-1] = rows[-1]._replace(ended=None)
    else:
        rows.append(interval)


def _interval(at: int, change: Change, event: AgentChanged) -> Interval:
    agent = event.agent
    return Interval(
        started=at,
        ended=None,
        state=agent.state.value,
        since=agent.since,
        reason=agent.reason,
        mode=agent.mode.value,
        registered=agent.registered,
        cause=event.cause,
        by=event.by,
        call=event.call,
        ms=change.ms,
        n=change.n,
    )
