"""espeak-ng: Chinese and English offline, out of the box (the wheel espeakng-loader holds library and voices)."""

from importlib.metadata import version

from tts.child import ChildTimeoutError, run_child
from tts.engine import Language, Voices, choose_voice
from tts.errors import EngineFailedError

#: Our names of voices to espeak-ng's.
NAMES = {
    Language.ZH: {"female": "cmn+f2", "male": "cmn+m3"},
    Language.EN: {"female": "en-us+f2", "male": "en-us+m3", "british": "en-gb-x-rp"},
}


class Espeak:
    """Speech within milliseconds, plain in tone."""

    def __init__(self, timeout_s: float) -> None:
        """`timeout_s` bounds one text."""
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """The engine with the version of its wheel."""
        return f"espeak-{version('espeakng-loader')}"

    @property
    def voices(self) -> Voices:
        """A few of the many."""
        return {language: tuple(names) for language, names in NAMES.items()}

    def check(self, language: Language) -> None:
        """Nothing has to be set."""

    def synthesize(self, text: str, language: Language, voice: str) -> bytes:
        """Return a WAV file; raises UnknownVoiceError, EngineFailedError."""
        spoken = NAMES[language][choose_voice(self, language, voice)]
        try:
            # A null byte would end the text early in C.
            data = text.replace("\0", " ").encode()
            done = run_child("tts.espeak_process", spoken, data=data, timeout_s=self._timeout_s)
        except ChildTimeoutError as slow:
            raise EngineFailedError(reason=str(slow)) from slow
        if done.returncode != 0:
            raise EngineFailedError(reason=done.stderr.decode(errors="replace").strip()[-200:])
        return done.stdout
