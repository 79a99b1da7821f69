"""Each of the product's commands in the switch's words: the one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from esl_handlers.new_legs import agent_leg, customer_leg, marks_of, outside_leg, shown
from esl_handlers.questions import Speech, ask_digits, ask_key, playlist
from esl_handlers.switch_commands.base import SwitchCommand
from esl_handlers.switch_commands.legs import (
    BRIDGE_SAFETY,
    AnswerCall,
    Break,
    Bridge,
    CancelScheduled,
    Eavesdrop,
    JoinConference,
    Kill,
    Park,
    PressDigits,
    SetVariables,
)
from esl_handlers.switch_commands.media import (
    MaskRecording,
    Play,
    Record,
    StartRecording,
    StopRecording,
    UnmaskRecording,
)
from esl_handlers.switch_commands.originate import BridgeOut, NewLeg, Originate, ToListen
from esl_handlers.switch_commands.safe import HASH_KEY, RING_TONE, DisplayName, Nobody, UserTarget
from esl_handlers.switch_commands.session import CountMedia, DropRegistration, GetVariable
from esl_handlers.switch_commands.sounds import Beep, Music, RingBackTone
from esl_handlers.time_limits import limit_talk
from orchestrator.domain import commands
from orchestrator.domain.supervision import Mode
from orchestrator.service.test_call import TEST

#: A supervisor's own phone is rung so long, seconds.
SUPERVISOR_RING_S = 20

#: Who hears a supervisor, seen from the agent's leg: b is the agent, a the caller (docs/freeswitch.md, section 9).
WHISPERS: dict[Mode, dict[str, str]] = {
    Mode.LISTEN: {"eavesdrop_whisper_aleg": "false", "eavesdrop_whisper_bleg": "false"},
    Mode.WHISPER: {"eavesdrop_whisper_aleg": "false", "eavesdrop_whisper_bleg": "true"},
    Mode.BARGE: {"eavesdrop_whisper_aleg": "true", "eavesdrop_whisper_bleg": "true"},
}

#: The SIP profile where agents' devices register.
PHONES = "internal"

#: How the Event-UUID of what plays in the background begins: its end means nothing.
BACKGROUND = "00000000"


def spell(command: commands.Command, speech: Speech) -> Sequence[SwitchCommand]:
    """Return the switch's commands for one of ours; raises UnsafeArgumentError for what must not be said."""
    return SPELLERS[type(command)](command, speech)


def _take_over(take: commands.TakeOver, _: Speech) -> Sequence[SwitchCommand]:
    marks = {"cc_tenant": take.tenant, "cc_call": take.leg, "cc_role": "caller", **BRIDGE_SAFETY}
    return CancelScheduled(uuid=take.leg), SetVariables(uuid=take.leg, variables=marks), AnswerCall(uuid=take.leg)


def _mark(mark: commands.Mark, _: Speech) -> Sequence[SwitchCommand]:
    return (SetVariables(uuid=mark.leg, variables=mark.variables),)


def _play_music(play: commands.PlayMusic, speech: Speech) -> Sequence[SwitchCommand]:
    """Whatever was queued before is dropped: behind an endless music nothing would ever be heard."""
    return *_instead(play), _music(play, speech.sounds)


def _play_ringing(play: commands.PlayRinging, _: Speech) -> Sequence[SwitchCommand]:
    return *_instead(play), Play(uuid=play.leg, sound=RingBackTone(), event_uuid=_background())


def _instead(play: commands.PlayMusic | commands.PlayRinging) -> tuple[Break, ...]:
    return () if play.behind else (Break(uuid=play.leg, everything=True),)


def _stop_playing(stop: commands.StopPlaying, _: Speech) -> Sequence[SwitchCommand]:
    return (Break(uuid=stop.leg, everything=True),)


def _announce(announce: commands.Announce, speech: Speech) -> Sequence[SwitchCommand]:
    sound = playlist(announce.sounds, speech.sounds)
    return Break(uuid=announce.leg, everything=True), Play(uuid=announce.leg, sound=sound, event_uuid=announce.step)


def _interrupt_music(interrupt: commands.InterruptMusic, speech: Speech) -> Sequence[SwitchCommand]:
    """Queued behind the music, then the music is broken off: no gap (docs/freeswitch.md section 2)."""
    prompt = Play(uuid=interrupt.leg, sound=playlist(interrupt.sounds, speech.sounds), event_uuid=_background())
    return prompt, _music(interrupt, speech.sounds), Break(uuid=interrupt.leg)


def _ring_agent(ring: commands.RingAgent, speech: Speech) -> Sequence[SwitchCommand]:
    return (Originate(leg=agent_leg(ring, speech.domain), job_uuid=ring.leg),)


def _ring_number(ring: commands.RingNumber, _: Speech) -> Sequence[SwitchCommand]:
    return (Originate(leg=outside_leg(ring), job_uuid=ring.leg),)


def _make_test_caller(make: commands.MakeTestCaller, _: Speech) -> Sequence[SwitchCommand]:
    marks = {"cc_tenant": make.tenant, "cc_call": make.leg, "cc_role": TEST}
    leg = NewLeg(uuid=make.leg, target=Nobody(), ring_s=SUPERVISOR_RING_S, variables=marks)
    return (Originate(leg=leg, job_uuid=make.leg),)


def _press_key(press: commands.PressKey, _: Speech) -> Sequence[SwitchCommand]:
    return (PressDigits(uuid=press.leg, keys=press.key),)


def _dial_out(dial: commands.DialOut, _: Speech) -> Sequence[SwitchCommand]:
    """The agent's channel rings the customer: it hears the network, and stays when nobody answers."""
    customer = customer_leg(dial)
    stays: dict[str, str] = {"continue_on_fail": "true", "transfer_ringback": RING_TONE}
    rings = BridgeOut(uuid=dial.leg, event_uuid=_background(), leg=customer)
    return SetVariables(uuid=dial.leg, variables=stays), rings


def _join(join: commands.Join, _: Speech) -> Sequence[SwitchCommand]:
    first, second = (join.agent_leg, join.leg) if join.again else (join.leg, join.agent_leg)
    return Break(uuid=join.leg, everything=True), Bridge(a_leg=first, b_leg=second)


def _start_recording(start: commands.StartRecording, speech: Speech) -> Sequence[SwitchCommand]:
    marks = SetVariables(uuid=start.leg, variables={**start.marks, "RECORD_STEREO": "true"})
    return marks, StartRecording(uuid=start.leg, path=f"{speech.recordings}/{start.path}")


def _take_message(take: commands.TakeMessage, speech: Speech) -> Sequence[SwitchCommand]:
    """Tone and message are queued: nothing has to be told between them.

    `record` hangs up where the folder is missing, which beginning a recording of the channel makes (section 10).
    """
    path = f"{speech.recordings}/{take.path}"
    return (
        Break(uuid=take.leg, everything=True),
        SetVariables(uuid=take.leg, variables={"playback_terminators": HASH_KEY}),
        StartRecording(uuid=take.leg, path=path),
        StopRecording(uuid=take.leg, path=path),
        Play(uuid=take.leg, sound=Beep(take.beep_ms), event_uuid=_background()),
        Record(uuid=take.leg, path=path, event_uuid=take.step, longest_s=take.longest_s, silence_s=take.silence_s),
    )


def _mask(order: commands.PauseRecording | commands.ResumeRecording, speech: Speech) -> Sequence[SwitchCommand]:
    kind = MaskRecording if isinstance(order, commands.PauseRecording) else UnmaskRecording
    silence = kind(uuid=order.leg, path=f"{speech.recordings}/{order.path}")
    return silence, SetVariables(uuid=order.leg, variables=order.marks)


def _listen(listen: commands.Listen, speech: Speech) -> Sequence[SwitchCommand]:
    """A page answers this by itself: its user has just asked for it."""
    marks = {**marks_of(listen, "agent"), "cc_agent": listen.agent, "sip_h_X-Listen": listen.call}
    leg = NewLeg(
        uuid=listen.leg,
        target=UserTarget(listen.device, speech.domain),
        ring_s=SUPERVISOR_RING_S,
        caller_number=shown(listen.caller),
        caller_name=DisplayName(listen.caller),
        variables=marks | WHISPERS[listen.mode],
    )
    return (Originate(leg=leg, job_uuid=listen.leg, then=ToListen(listen.to)),)


def _change_mode(change: commands.ChangeMode, _: Speech) -> Sequence[SwitchCommand]:
    """Begun anew with other variables: 20 ms without sound. Keys would let the phone change the mode by itself."""
    return SetVariables(uuid=change.leg, variables=WHISPERS[change.mode]), Eavesdrop(uuid=change.leg, to=change.to)


def _confer(confer: commands.Confer, _: Speech) -> Sequence[SwitchCommand]:
    return (JoinConference(uuid=confer.leg, conference=f"cc_{confer.call}", both=confer.both),)


def _hang_up(end: commands.HangUp, _: Speech) -> Sequence[SwitchCommand]:
    return (Kill(uuid=end.leg, cause=end.cause),)


def _check_sound(check: commands.CheckSound, _: Speech) -> Sequence[SwitchCommand]:
    """One of two looks: the answer to the last command is the number of packets so far."""
    return CountMedia(uuid=check.leg), GetVariable(uuid=check.leg, name="rtp_audio_in_packet_count")


def _drop_device(drop: commands.DropDevice, speech: Speech) -> Sequence[SwitchCommand]:
    return (DropRegistration(profile=PHONES, user=drop.leg, domain=speech.domain),)


SPELLERS: dict[type[commands.Command], Callable[[Any, Speech], Sequence[SwitchCommand]]] = {
    commands.TakeOver: _take_over,
    commands.Mark: _mark,
    commands.PlayMusic: _play_music,
    commands.PlayRinging: _play_ringing,
    commands.StopPlaying: _stop_playing,
    commands.Announce: _announce,
    commands.AskKey: ask_key,
    commands.AskDigits: ask_digits,
    commands.InterruptMusic: _interrupt_music,
    commands.RingAgent: _ring_agent,
    commands.RingNumber: _ring_number,
    commands.MakeTestCaller: _make_test_caller,
    commands.PressKey: _press_key,
    commands.DialOut: _dial_out,
    commands.Join: _join,
    commands.StartRecording: _start_recording,
    commands.TakeMessage: _take_message,
    commands.PauseRecording: _mask,
    commands.ResumeRecording: _mask,
    commands.Park: lambda park, _: (Park(uuid=park.leg, both=park.both),),
    commands.Confer: _confer,
    commands.Listen: _listen,
    commands.ChangeMode: _change_mode,
    commands.HangUp: _hang_up,
    commands.LimitTalk: limit_talk,
    commands.CheckSound: _check_sound,
    commands.DropDevice: _drop_device,
}


def _background() -> str:
    return BACKGROUND + str(uuid4())[len(BACKGROUND) :]


def _music(order: commands.PlayMusic | commands.InterruptMusic, folder: str) -> Play:
    """At the end of its hour it is begun again by `Steps.stopped`."""
    music = Music(f"{folder}/{order.music}", order.ms, order.at_ms)
    return Play(uuid=order.leg, sound=music, event_uuid=_background())
