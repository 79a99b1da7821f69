"""A caller leaves a message: a tone, then the switch records until a key, silence, the limit or the hang-up."""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import voicemail
from orchestrator.domain.call import Call
from orchestrator.domain.commands import HangUp, Mark, TakeMessage
from orchestrator.domain.config import Destination
from orchestrator.domain.events import RecordingBegun
from orchestrator.domain.recording import CallRecording
from orchestrator.service.ring_directly import IN_NO_LINE
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit

#: How the events call recordings of this kind.
KIND = "voicemail"

#: How much longer than the longest message its end may take to be told (us).
GRACE_US = 5_000_000


def take_message(unit: Unit, call: Call, to: Destination) -> None:
    """Record what a caller (in state `routing`) says for the mailbox of a destination."""
    message = CallRecording(id=str(uuid4()), leg=call.line, day=unit.today.replace("-", ""), begun=unit.now)
    marks = {**IN_NO_LINE, "cc_state": voicemail.write_mark(to.target, message)}
    unit.save_call(voicemail.begin(call, message, _latest(unit), unit.now), _begun(unit, call, message, to.target))
    unit.tell(call.switch, Mark(leg=call.line, variables=marks))
    tell_again(unit, call, message)


def tell_again(unit: Unit, call: Call, message: CallRecording) -> None:
    """Tell the switch to play the tone and to record."""
    rules = unit.config.messages
    unit.tell(
        call.switch,
        TakeMessage(
            leg=call.line, path=message.path(unit.tenant), step=message.id, beep_ms=rules.beep_ms,
            longest_s=rules.longest_s, silence_s=rules.silence_s,
        ),
    )  # fmt: skip


def message_over(unit: Unit, call: Call) -> None:
    """The switch has closed the message, or has never told so: let the caller go."""
    unit.save_call(voicemail.finish(call, unit.config.messages, unit.now))
    unit.tell(call.switch, HangUp(leg=call.line))


def mend_message(unit: Unit, call: Call, caller: LegSeen) -> None:
    """After a take-over: record, where the switch has never been told to. Only its end ends it."""
    message = call.message
    if message and message.id not in caller.sound and not _beeps(caller):
        unit.save_call(replace(call, message=replace(message, begun=unit.now), step_due=_latest(unit)))
        tell_again(unit, call, message)


def restore_message(unit: Unit, arrived: Call, caller: LegSeen) -> bool:
    """Make the call of a channel that leaves a message; False for one that does not."""
    found = voicemail.read_mark(caller.leg, caller.state, unit.now)
    if found is None:
        return False
    message, target = found
    call = voicemail.begin(arrived.answer(caller.answered), message, _latest(unit), unit.now)
    unit.save_call(call, _begun(unit, call, message, target))
    return True


def _beeps(caller: LegSeen) -> bool:
    return caller.playing and caller.sound.startswith("tone_stream")


def _latest(unit: Unit) -> int:
    rules = unit.config.messages
    return unit.now + rules.beep_ms * 1000 + rules.longest_s * 1_000_000 + GRACE_US


def _begun(unit: Unit, call: Call, message: CallRecording, target: str) -> RecordingBegun:
    box = voicemail.mailbox(target) or voicemail.Mailbox()
    return RecordingBegun(
        at=unit.now, call=call.id, recording=message.id, path=message.path(unit.tenant), kind=KIND, queue=box.queue,
        agent=box.agent, least_ms=unit.config.messages.least_s * 1000,
    )  # fmt: skip
