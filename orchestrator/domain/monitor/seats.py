"""The seat board: one row an agent (WALL-1), and what the agent's own page shows. Times are microseconds UTC."""

from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator.domain.agent import Agent, AgentState, AnswerMode, Unreached
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.events import (
    AgentChanged,
    AgentRemoved,
    Event,
)
from orchestrator.domain.monitor.live_calls import CallStep, LiveCall, Placed, Sound, follow, live_call
from orchestrator.domain.monitor.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """One agent on the seat board (WALL-1). `caller` is the number at the other end while the call lives.

    `placed` tells how far a call is that the agent has placed, None for one that came in; `recording` whether the call
    is recorded, None where it isn't.
    """

    id: str
    name: str
    group: str
    state: AgentState
    reason: str
    since: int
    mode: AnswerMode
    registered: bool
    call: str | None
    queue: str | None
    caller: str | None
    placed: Placed | None
    recording: Sound | None
    connected_in: int
    connected_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSeat:
    """What an agent's own page shows: the row, the state chosen before the call, when wrap-up ends, the live call.

    `unreached` is the last own call that came to nothing.
    `page` is the id of the page that has the web phone, empty for other phones.
    """

    row: SeatRow
    chosen: AgentState
    due: int | None
    call: LiveCall | None
    unreached: Unreached | None = None
    page: str = ""


class SeatBoard:
    """The agents of a tenant, as seen on the tenant's day `day`."""

    def __init__(self, config: TenantConfig, agents: Iterable[Agent], calls: Iterable[Call], day: str) -> None:
        self.day = day
        self._config = config
        self._agents = {agent.id: agent for agent in agents}
        self._calls = {call.id: live_call(call) for call in calls if call.state is not CallState.ENDED}

    def rows(self) -> list[SeatRow]:
        """Every row, in the order of the agents' ids."""
        return [self._row(self._agents[id_]) for id_ in sorted(self._agents)]

    def row(self, agent: str) -> SeatRow | None:
        """One agent's row, or None."""
        found = self._agents.get(agent)
        return None if found is None else self._row(found)

    def reached(self, reach: Reach) -> set[str]:
        """The ids of the rows within a reach."""
        return {row.id for row in self.rows() if reach.covers(row.id, row.group)}

    def own(self, agent: str) -> OwnSeat | None:
        """What the agent's own page shows, or None for an unknown agent."""
        found = self._agents.get(agent)
        if found is None:
            return None
        return OwnSeat(
            row=self._row(found),
            chosen=found.chosen,
            due=found.due,
            call=self._calls.get(found.call) if found.call else None,
            unreached=found.unreached,
            page=found.page,
        )

    def apply(self, event: Event) -> set[str]:
        """Advance by one event; answers with the ids of the agents it touched."""
        match event:
            case AgentChanged(agent=agent):
                touched = self.new_day(agent.day)
                self._agents[agent.id] = agent
                return touched | {agent.id}
            case AgentRemoved(agent=removed):
                return set() if self._agents.pop(removed, None) is None else {removed}
            case _ if isinstance(event, CallStep):
                follow(self._calls, event)
                return self._on_call(event.call)
            case _:
                return set()

    def configure(self, config: TenantConfig) -> set[str]:
        """Take over a new configuration: names and groups may differ."""
        before = {row.id: row for row in self.rows()}
        self._config = config
        return {row.id for row in self.rows() if row != before[row.id]}

    def new_day(self, day: str) -> set[str]:
        """Restart today's counters when `day` is later than the board's (WALL-4)."""
        if day <= self.day:
            return set()
        before = {row.id: row for row in self.rows()}
        self.day = day
        return {row.id for row in self.rows() if row != before[row.id]}

    def _on_call(self, call: str) -> set[str]:
        return {agent.id for agent in self._agents.values() if agent.call == call}

    def _row(self, agent: Agent) -> SeatRow:
        config = self._config.agents.get(agent.id)
        call = self._calls.get(agent.call) if agent.call else None
        today = agent.day == self.day
        return SeatRow(
            id=agent.id,
            name=config.name if config else agent.id,
            group=config.group if config else "",
            state=agent.state,
            reason=agent.reason,
            since=agent.since,
            mode=agent.mode,
            registered=agent.registered,
            call=agent.call,
            queue=agent.queue,
            caller=call.caller if call else None,
            placed=call.placed if call else None,
            recording=call.recording.sound if call and call.recording else None,
            connected_in=agent.connected_in if today else 0,
            connected_out=agent.connected_out if today else 0,
        )
