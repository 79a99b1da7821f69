"""Questions to callers in the switch's words: a prompt, then one key, or digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esl_handlers.switch_commands.base import SwitchCommand
from esl_handlers.switch_commands.legs import Break
from esl_handlers.switch_commands.media import PlayAndGetDigits
from esl_handlers.switch_commands.sounds import Playlist, Silence, SoundFile
from orchestrator.domain import commands
from orchestrator.service.seen import question_name

#: What a menu without any key still listens to.
ALL_KEYS = "0123456789*"

DIGITS = "0123456789"

#: How the variables begin that answers are in: the name of the question follows.
RESULT = "cc_key_"


@dataclass(frozen=True, slots=True)
class Speech:
    """What commands need to know of every switch: the SIP domain of devices, where sounds and recordings are."""

    domain: str
    sounds: str
    recordings: str


def ask_key(ask: commands.AskKey, speech: Speech) -> Sequence[SwitchCommand]:
    """One key, one try: the tries are counted in the call, not by the switch (docs/freeswitch.md section 3)."""
    question = PlayAndGetDigits(
        uuid=ask.leg,
        event_uuid=ask.step,
        prompt=_prompt(ask.sounds, speech.sounds),
        result=f"{RESULT}{question_name(ask.step)}",
        keys=ask.keys or ALL_KEYS,
        terminators="" if "#" in ask.keys else "#",
        timeout_ms=ask.timeout_ms,
    )
    return Break(uuid=ask.leg, everything=True), question


def ask_digits(ask: commands.AskDigits, speech: Speech) -> Sequence[SwitchCommand]:
    """Digits until # or a pause."""
    question = PlayAndGetDigits(
        uuid=ask.leg,
        event_uuid=ask.step,
        prompt=_prompt(ask.sounds, speech.sounds),
        result=f"{RESULT}{question_name(ask.step)}",
        keys=DIGITS,
        most=ask.most,
        timeout_ms=ask.timeout_ms,
        digit_timeout_ms=ask.digit_timeout_ms,
    )
    return Break(uuid=ask.leg, everything=True), question


def question_of(variable: str) -> str:
    """Return the name of the question whose answer is in a variable of the channel, empty for none of ours."""
    return variable.removeprefix(RESULT) if variable.startswith(RESULT) else ""


def playlist(sounds: Sequence[str], folder: str) -> Playlist:
    """Return sounds (paths below the folder) one after the other."""
    return Playlist(tuple(SoundFile(f"{folder}/{path}") for path in sounds))


def _prompt(sounds: Sequence[str], folder: str) -> Playlist | Silence:
    return playlist(sounds, folder) if sounds else Silence(10)
