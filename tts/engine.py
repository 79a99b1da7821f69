"""What every speech engine can do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from tts.errors import UnknownVoiceError


class Language(StrEnum):
    """What a text is written in."""

    ZH = "zh"
    EN = "en"


#: Names of voices by language; the first one is the default. A language without voices can't be spoken.
Voices = Mapping[Language, tuple[str, ...]]


class Engine(Protocol):
    """Turns text into speech."""

    @property
    def name(self) -> str:
        """The engine and its version: speech made by another name is made anew."""

    @property
    def voices(self) -> Voices:
        """What it can speak with."""

    def check(self, language: Language) -> None:
        """Raise EngineNotSetUpError when something that it needs for a language is not set."""

    def synthesize(self, text: str, language: Language, voice: str) -> bytes:
        """Return an audio file (any kind that `tts.audio` takes) of a text without digits; raises SoundError."""


def choose_voice(engine: Engine, language: Language, voice: str) -> str:
    """Return the voice meant, the language's default for an empty name.

    Raises EngineNotSetUpError, UnknownVoiceError.
    """
    engine.check(language)
    offered = engine.voices.get(language, ())
    if not voice and offered:
        return offered[0]
    if voice not in offered:
        raise UnknownVoiceError(voice=voice or language)
    return voice
