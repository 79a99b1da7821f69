"""Recording a customer's channel: begun right before the first conversation that is to be recorded (REC-1).

One file spans hold, transfers and agents. Conversations that are not to be recorded are silence in it.
"""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import recording as rules
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import WITH_AGENT
from orchestrator.domain.commands import PauseRecording, ResumeRecording, StartRecording
from orchestrator.domain.events import (
    RecordingBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.recording import CallRecording
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit, Work


def recorded(unit: Unit, call: Call, agent: str | None) -> Call:
    """Tell the switch to record, or not, before the customer is joined with an agent (None: a telephone outside).

    Call it right before the join is told, and save what it returns. Doing it again for the same talk changes nothing.
    """
    wanted, now = rules.wanted(unit.config, call.queue, agent), call.recording
    if now is None or now.leg != call.line:
        return _begin(unit, call, agent) if wanted else replace(call, recording=None)
    if wanted and now.paused is not None:
        return _resumed(unit, call, now, now.cause, None)
    if not wanted and now.cause != rules.POLICY:
        return _paused(unit, call, now.pause(rules.POLICY, None, unit.now), None)
    return call


def _begin(unit: Unit, call: Call, agent: str | None) -> Call:
    begun = CallRecording(id=str(uuid4()), leg=call.line, day=unit.today.replace("-", ""), begun=unit.now)
    unit.events.append(_begun_event(unit, call, begun, agent))
    unit.tell(call.switch, _start(unit, begun))
    return replace(call, recording=begun)


def pause(unit: Unit, call: Call, by: str) -> None:
    """An agent is about to be told a card number: silence, until it is resumed or for the tenant's limit."""
    now = _own(call, "pause recording")
    until = unit.now + unit.config.record_pause_s * 1_000_000
    unit.save_call(_paused(unit, call, now.pause(rules.AGENT, until, unit.now), by))


def resume(unit: Unit, call: Call, by: str) -> None:
    """The agent goes on."""
    now = _own(call, "resume recording")
    if now.paused is None:
        raise IllegalTransitionError("recording", "running", "resume")
    unit.save_call(_resumed(unit, call, now, rules.AGENT, by))


def pause_over(unit: Unit, call: Call) -> bool:
    """End a pause whose time is up; False when it is not."""
    now = call.recording
    if now is None or now.until is None or now.until > unit.now:
        return False
    unit.save_call(_resumed(unit, call, now, "limit", None))
    return True


def say_again(unit: Unit, call: Call) -> None:
    """Another orchestrator has taken the call over: what was to be told may not have been. Told twice it is no harm."""
    now = call.recording
    if now is not None:
        unit.tell(call.switch, _start(unit, now), _mask(unit, now))


def restored(unit: Unit, call: Call, line: LegSeen) -> Call:
    """Return a call that is rebuilt from its channels with the recording that its line's marks tell of."""
    found = rules.from_marks(line.leg, line.recording, line.masked, unit.now)
    if found is None:
        return call
    unit.events.append(_begun_event(unit, call, found, line.agent or None))
    return replace(call, recording=found)


class NoteRecording:
    """Writes down what switches tell of recordings."""

    def __init__(self, work: Work) -> None:
        """`work` runs the decisions."""
        self._work = work

    def started(self, tenant: str, call: str, recording: str) -> None:
        """The sound begins."""

        def note(unit: Unit) -> None:
            unit.events.append(RecordingStarted(at=unit.now, call=call, recording=recording))

        self._work.run(tenant, note)

    def stopped(self, tenant: str, call: str, recording: str, ms: int) -> None:
        """The file is closed, because the channel has ended or could not be recorded any more."""

        def note(unit: Unit) -> None:
            found = unit.call(call)
            unit.events.append(RecordingStopped(at=unit.now, call=call, recording=recording, ms=ms))
            if found and found.recording and found.recording.id == recording:
                unit.save_call(replace(found, recording=None))

        self._work.run(tenant, note)


def _own(call: Call, what: str) -> CallRecording:
    """Return a recording that the agent has a say in; raises IllegalTransitionError."""
    if call.recording is None or call.recording.cause == rules.POLICY or call.state not in WITH_AGENT:
        raise IllegalTransitionError("recording", call.recording.cause if call.recording else "none", what)
    return call.recording


def _paused(unit: Unit, call: Call, paused: CallRecording, by: str | None) -> Call:
    unit.events.append(
        RecordingPaused(at=unit.now, call=call.id, recording=paused.id, cause=paused.cause, by=by, until=paused.until)
    )
    unit.tell(call.switch, _mask(unit, paused))
    return replace(call, recording=paused)


def _resumed(unit: Unit, call: Call, now: CallRecording, cause: str, by: str | None) -> Call:
    unit.events.append(RecordingResumed(at=unit.now, call=call.id, recording=now.id, cause=cause, by=by))
    unit.tell(call.switch, _mask(unit, now.resume()))
    return replace(call, recording=now.resume())


def _start(unit: Unit, now: CallRecording) -> StartRecording:
    return StartRecording(leg=now.leg, path=now.path(unit.tenant), marks=now.marks)


def _mask(unit: Unit, now: CallRecording) -> PauseRecording | ResumeRecording:
    kind = ResumeRecording if now.paused is None else PauseRecording
    return kind(leg=now.leg, path=now.path(unit.tenant), marks=now.marks)


def _begun_event(unit: Unit, call: Call, begun: CallRecording, agent: str | None) -> RecordingBegun:
    return RecordingBegun(
        at=unit.now,
        call=call.id,
        recording=begun.id,
        path=begun.path(unit.tenant),
        queue=call.queue,
        agent=agent,
    )
