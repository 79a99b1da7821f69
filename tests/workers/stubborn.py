"""A job for tests that hangs when it runs for the first time."""

from pathlib import Path
from threading import Event


def hang_once(note: str) -> None:
    """Leave a note and hang; if there is one, say so and be done."""
    if Path(note).exists():
        Path(note).write_text("again")
        return
    Path(note).touch()
    Event().wait()
