"""What a switch answers to a command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of a reply. Success means that the command was accepted, not that it is done."""

    text: str

    @property
    def ok(self) -> bool:
        """Whether the switch accepted the command."""
        return not self.text.startswith(("-ERR", "-USAGE"))

    @property
    def error(self) -> str:
        """What the switch says is wrong (`No such channel!`); empty if nothing is."""
        return "" if self.ok else self.text.partition(" ")[2].strip()
