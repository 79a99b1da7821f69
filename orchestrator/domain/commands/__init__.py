"""What the switch is asked to do, in the product's words. Built by use cases, spoken by the switch's own layer."""

from orchestrator.domain.commands.base import Command
from orchestrator.domain.commands.legs import (
    ChangeMode,
    CheckSound,
    Confer,
    DropDevice,
    HangUp,
    Join,
    LimitTalk,
    Mark,
    Park,
    TakeOver,
)
from orchestrator.domain.commands.new_legs import DialOut, Listen, MakeTestCaller, RingAgent, RingNumber
from orchestrator.domain.commands.recordings import PauseRecording, ResumeRecording, StartRecording, TakeMessage
from orchestrator.domain.commands.sounds import (
    Announce,
    AskDigits,
    AskKey,
    InterruptMusic,
    PlayMusic,
    PlayRinging,
    PressKey,
    StopPlaying,
)

COMMAND_TYPES: dict[str, type[Command]] = {
    cls.type: cls
    for cls in (
        Announce,
        AskDigits,
        AskKey,
        ChangeMode,
        CheckSound,
        Confer,
        DialOut,
        DropDevice,
        HangUp,
        InterruptMusic,
        Join,
        LimitTalk,
        Listen,
        MakeTestCaller,
        Mark,
        Park,
        PauseRecording,
        PlayMusic,
        PlayRinging,
        PressKey,
        ResumeRecording,
        RingAgent,
        RingNumber,
        StartRecording,
        StopPlaying,
        TakeMessage,
        TakeOver,
    )
}

__all__ = [
    "COMMAND_TYPES",
    "Announce",
    "AskDigits",
    "AskKey",
    "ChangeMode",
    "CheckSound",
    "Command",
    "Confer",
    "DialOut",
    "DropDevice",
    "HangUp",
    "InterruptMusic",
    "Join",
    "LimitTalk",
    "Listen",
    "MakeTestCaller",
    "Mark",
    "Park",
    "PauseRecording",
    "PlayMusic",
    "PlayRinging",
    "PressKey",
    "ResumeRecording",
    "RingAgent",
    "RingNumber",
    "StartRecording",
    "StopPlaying",
    "TakeMessage",
    "TakeOver",
]
