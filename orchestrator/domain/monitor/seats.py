"""The seat board: one row an agent (WALL-1), and what the agent's own page shows. Times are microseconds UTC."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from orchestrator.domain.agent import Agent, AgentState, AnswerMode
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.consult import Consult, ConsultState
from orchestrator.domain.events import (
    AgentChanged,
    AgentRemoved,
    CallArrived,
    CallEnded,
    CallHeld,
    Connected,
    ConsultChanged,
    Event,
    HoldEnded,
    QueueEntered,
    RecordingBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStopped,
)
from orchestrator.domain.recording import POLICY, CallRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """One agent on the seat board (WALL-1). `caller` is the number at the other end while the call lives."""

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
    connected_in: int
    connected_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveConsult:
    """Whom an agent asks while the caller is on hold, or who is third in the conference: an agent or a `number`."""

    agent: str
    state: ConsultState
    since: int
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRecording:
    """The recording of a call: since when it is `paused`, `until` when at most; `off` where the policy silences it."""

    id: str
    paused: int | None = None
    until: int | None = None
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """What a screen shows of a call that is not over. `entered` is when its wait began, `connected` when it ended.

    `held` is since when the caller is on hold; `consult` is whom the agent asks meanwhile; `recording` is null where
    nothing is recorded.
    """

    id: str
    caller: str
    caller_name: str
    number: str
    arrived: int
    queue: str | None = None
    entered: int | None = None
    connected: int | None = None
    held: int | None = None
    consult: LiveConsult | None = None
    recording: LiveRecording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSeat:
    """What an agent's own page shows: the row, the state chosen before the call, when wrap-up ends, the live call."""

    row: SeatRow
    chosen: AgentState
    due: int | None
    call: LiveCall | None


def live_call(call: Call) -> LiveCall:
    """Show a call that is not over."""
    return LiveCall(
        id=call.id,
        caller=call.caller,
        caller_name=call.caller_name,
        number=call.number,
        arrived=call.arrived,
        queue=call.queue,
        entered=call.entered,
        connected=call.connected,
        held=call.held_since,
        consult=live_consult(call.consult) if call.consult else None,
        recording=_live_recording(call.recording) if call.recording else None,
    )


def live_consult(consult: Consult) -> LiveConsult:
    """Show a consultation."""
    return LiveConsult(agent=consult.agent, state=consult.state, since=consult.since, number=consult.number)


def _live_recording(recording: CallRecording) -> LiveRecording:
    off = recording.cause == POLICY
    return LiveRecording(id=recording.id, paused=recording.paused, until=recording.until, off=off)


def _recording(event: "RecordingStep", known: LiveRecording | None) -> LiveRecording | None:
    """Advance what a screen shows of a recording."""
    match event:
        case RecordingPaused():
            off = event.cause == POLICY
            return LiveRecording(id=event.recording, paused=event.at, until=event.until, off=off)
        case RecordingStopped():
            return known if known and known.id != event.recording else None
        case _:
            return LiveRecording(id=event.recording)


RecordingStep = RecordingBegun | RecordingPaused | RecordingResumed | RecordingStopped

#: Events that change what a screen shows of a call.
CallStep = CallArrived | QueueEntered | Connected | CallEnded | CallHeld | HoldEnded | ConsultChanged | RecordingStep


def _consult(event: ConsultChanged) -> LiveConsult | None:
    if event.consult in (ConsultState.COMPLETED, ConsultState.ENDED):
        return None
    return LiveConsult(agent=event.asked, state=event.consult, since=event.at, number=event.number)


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
                self._follow_call(event)
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

    def _follow_call(self, event: CallStep) -> None:
        known = self._calls.get(event.call)
        match event:
            case CallArrived(call=id_, caller=caller, caller_name=name, number=number, at=at):
                self._calls[id_] = LiveCall(id=id_, caller=caller, caller_name=name, number=number, arrived=at)
            case CallEnded():
                self._calls.pop(event.call, None)
            case QueueEntered(queue=queue, entered=entered) if known:
                self._calls[event.call] = replace(known, queue=queue, entered=entered, connected=None)
            case CallHeld(at=at) if known:
                self._calls[event.call] = replace(known, held=at)
            case HoldEnded() if known:
                self._calls[event.call] = replace(known, held=None)
            case ConsultChanged() if known:
                self._calls[event.call] = replace(known, consult=_consult(event))
            case _ if known and isinstance(event, RecordingStep):
                self._calls[event.call] = replace(known, recording=_recording(event, known.recording))
            case Connected(at=at) if known:
                self._calls[event.call] = replace(known, connected=at)

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
            connected_in=agent.connected_in if today else 0,
            connected_out=agent.connected_out if today else 0,
        )
