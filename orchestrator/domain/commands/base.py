"""Base of what the switch is asked to do."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands; `leg` is the channel it is about."""

    type: ClassVar[str]
    leg: str
