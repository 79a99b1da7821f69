"""A supervisor in a call: who listens, and who hears the supervisor (SUP-1)."""

from dataclasses import dataclass, replace
from enum import StrEnum

#: In events instead of a mode: nobody listens any more, or the supervisor's phone did not bring the call.
STOPPED, FAILED = "stopped", "failed"


class Mode(StrEnum):
    """Nobody hears the supervisor, the agent alone, or agent and caller."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """A supervisor's channel `leg` listens to the agent of a call; `agent` is the supervisor's own agent id.

    `answered` tells that the supervisor's phone was answered; until `due` (us UTC) it must have been.
    """

    leg: str
    agent: str
    mode: Mode
    answered: bool = False
    due: int | None = None

    def answer(self) -> "Supervision":
        """The supervisor's phone was answered."""
        return replace(self, answered=True, due=None)
