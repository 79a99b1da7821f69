"""What screens show of calls that are not over: made of a call, advanced event by event. Times are microseconds UTC."""

from dataclasses import dataclass, replace
from enum import StrEnum

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.consult import Consult, ConsultState
from orchestrator.domain.events import (
    CallArrived,
    CallEnded,
    CallHeld,
    CallPlaced,
    Connected,
    ConsultChanged,
    CustomerRung,
    HoldEnded,
    QueueEntered,
    RecordingBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStopped,
)
from orchestrator.domain.recording import POLICY, CallRecording


class Placed(StrEnum):
    """How far a call is that an agent has placed."""

    OWN_PHONE = "own_phone"
    DIALLING = "dialling"
    RINGING = "ringing"
    EARLY_MEDIA = "early_media"
    CONNECTED = "connected"


class Sound(StrEnum):
    """What goes into a recording: what is said, or silence, because an agent pauses it or the policy wants it."""

    RECORDED = "recorded"
    PAUSED = "paused"
    OFF = "off"


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

    @property
    def sound(self) -> Sound:
        """What goes into the recording now."""
        if self.off:
            return Sound.OFF
        return Sound.RECORDED if self.paused is None else Sound.PAUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """What a screen shows of a call that is not over. `entered` is when its wait began, `connected` when it ended.

    `held` is since when the caller is on hold; `consult` is whom the agent asks meanwhile; `recording` is null where
    nothing is recorded. `placed` is set where the agent has called: `caller` is then who is called, `number` what is
    shown.
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
    placed: Placed | None = None


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
        placed=_placed(call),
    )


def _placed(call: Call) -> Placed | None:
    if call.outbound is None:
        return None
    if call.state is CallState.PLACED:
        return Placed.OWN_PHONE
    return Placed(call.outbound.progress.value) if call.state is CallState.CALLING else Placed.CONNECTED


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
        case RecordingBegun(kind="voicemail"):
            return known
        case _:
            return LiveRecording(id=event.recording)


RecordingStep = RecordingBegun | RecordingPaused | RecordingResumed | RecordingStopped

#: Events that change what a screen shows of a call.
CallStep = (
    CallArrived
    | CallPlaced
    | CustomerRung
    | QueueEntered
    | Connected
    | CallEnded
    | CallHeld
    | HoldEnded
    | ConsultChanged
    | RecordingStep
)


def _consult(event: ConsultChanged) -> LiveConsult | None:
    if event.consult in (ConsultState.COMPLETED, ConsultState.ENDED):
        return None
    return LiveConsult(agent=event.asked, state=event.consult, since=event.at, number=event.number)


def follow(calls: dict[str, LiveCall], event: CallStep) -> None:
    """Advance what is shown of calls by one event."""
    known = calls.get(event.call)
    match event:
        case CallArrived() | CallPlaced():
            calls[event.call] = _begun(event)
        case CallEnded():
            calls.pop(event.call, None)
        case _ if known:
            calls[event.call] = _advanced(known, event)


def _begun(event: CallArrived | CallPlaced) -> LiveCall:
    if isinstance(event, CallArrived):
        return LiveCall(
            id=event.call, caller=event.caller, caller_name=event.caller_name, number=event.number, arrived=event.at
        )
    stage = Placed.CONNECTED if event.rebuilt else Placed.OWN_PHONE
    return LiveCall(
        id=event.call, caller=event.number, caller_name="", number=event.caller_id, arrived=event.at, placed=stage
    )


def _advanced(known: LiveCall, event: CallStep) -> LiveCall:
    match event:
        case CustomerRung(progress=progress):
            return replace(known, placed=Placed(progress.value))
        case QueueEntered(queue=queue, entered=entered):
            return replace(known, queue=queue, entered=entered, connected=None)
        case CallHeld(at=at):
            return replace(known, held=at)
        case HoldEnded():
            return replace(known, held=None)
        case ConsultChanged():
            return replace(known, consult=_consult(event))
        case RecordingBegun() | RecordingPaused() | RecordingResumed() | RecordingStopped():
            return replace(known, recording=_recording(event, known.recording))
        case Connected(at=at):
            placed = Placed.CONNECTED if known.placed else None
            return replace(known, connected=at, placed=placed)
        case _:
            return known
