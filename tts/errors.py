"""Why a sound could not be made. Ids are stable; `details` fill the text that people read."""


class SoundError(Exception):
    """Base of all reasons. `id` names the text, `details` fill it."""

    id = "sound_failed"

    def __init__(self, **details: str) -> None:
        super().__init__(f"{self.id} {details}" if details else self.id)
        self.details = details


class NotAudioError(SoundError):
    """The file is none that we can decode."""

    id = "not_audio"


class EmptySoundError(SoundError):
    """There is nothing in it."""

    id = "empty_sound"


class SilentSoundError(SoundError):
    """It lasts some time, but nothing can be heard."""

    id = "silent_sound"


class TooLongError(SoundError):
    """It lasts longer than allowed: `seconds`."""

    id = "sound_too_long"


class TooLargeError(SoundError):
    """The file has more bytes than allowed: `megabytes`."""

    id = "sound_too_large"


class TooMuchWorkError(SoundError):
    """Decoding took too much time or memory."""

    id = "sound_too_complex"


class MissingFileError(SoundError):
    """The uploaded file is gone."""

    id = "upload_missing"


class EngineNotSetUpError(SoundError):
    """The engine lacks a setting: `setting` names it."""

    id = "engine_not_set_up"


class EngineFailedError(SoundError):
    """The engine gave no speech: `reason` is what it said."""

    id = "engine_failed"


class UnknownVoiceError(SoundError):
    """The engine has no such voice for the language: `voice`."""

    id = "unknown_voice"
