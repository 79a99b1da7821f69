"""The blacklist: numbers that can't reach us, and numbers that we can't call (BLACK-1)."""

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which calls an entry blocks: theirs to us, ours to them, or both."""

    IN = "in"
    OUT = "out"
    BOTH = "both"

    @property
    def ways(self) -> "tuple[Direction, ...]":
        """The single directions this stands for."""
        return (Direction.IN, Direction.OUT) if self is Direction.BOTH else (self,)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedNumber:
    """An entry as the call path knows it.

    `entry` is a normalised number, or the beginning of one with a trailing `*`; `expires` is microseconds UTC, None =
    never.
    """

    entry: str
    direction: Direction
    expires: int | None = None
