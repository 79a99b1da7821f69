"""Why a recording can't be kept or found; each `id` is what its row and the pages say."""


class RecordingError(Exception):
    """Base of what can be wrong with a recording."""

    id = "recording_error"


class NotThereError(RecordingError):
    """The switch's file is not there (yet)."""

    id = "missing"


class BrokenSoundError(RecordingError):
    """The switch's file is no sound, or holds none."""

    id = "broken"


class NotKeptError(RecordingError):
    """The store has nothing under this key."""

    id = "not_kept"
