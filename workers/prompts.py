"""Making the sounds of prompts, music and pieces (TTS-1): from text or file to what switches play."""

import time

import structlog

from orchestrator.database.models import PromptVersion
from orchestrator.database.prompts import Kind, Status, mark_version, shas_in_use, version_to_make
from tts.audio import Sound, convert
from tts.audio_limits import LONGEST_MUSIC_S, LONGEST_PROMPT_S
from tts.cache import Sounds, Stored, sha_of_speech
from tts.engine import Engine, Language, choose_voice
from tts.errors import EngineFailedError, NotAudioError, SoundError, TooLongError
from tts.normalise import normalise

#: Sounds that nobody uses any more stay this long: a call may still play one.
UNUSED_S = 24 * 3600.0


class PromptMaker:
    """Makes versions of prompts. What a version's row says when it is done is what people see."""

    def __init__(self, sounds: Sounds, engine: Engine) -> None:
        """`engine` speaks texts."""
        self._sounds, self._engine = sounds, engine
        self._log = structlog.get_logger("prompts")

    def make(self, tenant: str, key: str, number: int) -> None:
        """Make a version unless it is ready or gone, then forget sounds that nobody uses any more.

        A refusal is noted in the version; so is a fault, which is raised too.
        """
        version = version_to_make(tenant, key, number)
        if version is not None:
            self._make(tenant, version)
            self._sounds.prune(tenant, shas_in_use(tenant), UNUSED_S)

    def _make(self, tenant: str, version: PromptVersion) -> None:
        self._mark(version, Status.WORKING)
        try:
            sha, stored = self._sound(tenant, version)
        except SoundError as refused:
            self._log.warning("prompt refused", tenant=tenant, prompt=version.prompt.key, error=str(refused))
            self._mark(version, Status.FAILED, error=refused.id, error_details=refused.details)
        except Exception:
            self._mark(version, Status.FAILED, error=SoundError.id)
            raise  # RQ logs it and tries again
        else:
            path = self._sounds.switch_path(tenant, sha)
            self._mark(version, Status.READY, sha=sha, path=path, ms=stored.ms, size=stored.size)

    def _mark(self, version: PromptVersion, status: Status, **values: object) -> None:
        fresh = {"error": "", "error_details": {}}
        mark_version(version, time.time_ns() // 1000, status=status.value, **{**fresh, **values})

    def _sound(self, tenant: str, version: PromptVersion) -> tuple[str, Stored]:
        longest_s = LONGEST_MUSIC_S if version.prompt.kind == Kind.MUSIC else LONGEST_PROMPT_S
        sha, stored = self._file(tenant, version, longest_s) if version.upload else self._text(tenant, version)
        if stored.ms > longest_s * 1000:
            raise TooLongError(seconds=str(longest_s))
        return sha, stored

    def _file(self, tenant: str, version: PromptVersion, longest_s: int) -> tuple[str, Stored]:
        found = self._sounds.find(tenant, version.upload)
        if found is None:
            sound = convert(self._sounds.upload(tenant, version.upload), longest_s)
            found = self._sounds.put(tenant, version.upload, sound)
        return version.upload, found

    def _text(self, tenant: str, version: PromptVersion) -> tuple[str, Stored]:
        language = Language(version.language)
        voice = choose_voice(self._engine, language, version.voice)
        spoken = normalise(version.text, language)
        sha = sha_of_speech(self._engine, language, voice, spoken)
        found = self._sounds.find(tenant, sha)
        if found is None:
            sound = _converted(self._engine.synthesize(spoken, language, voice))
            found = self._sounds.put(tenant, sha, sound)
        return sha, found


def _converted(speech: bytes) -> Sound:
    """Convert what an engine has said: if that is no sound, it is no fault of the text."""
    try:
        return convert(speech, LONGEST_PROMPT_S)
    except NotAudioError as answer:
        raise EngineFailedError(reason="its answer is no audio") from answer
