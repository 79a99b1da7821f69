"""Trunks: the ways out to the telephone network, and how each wants numbers written (NUM-1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """A gateway that every switch has under this name; calls go out by it with the owned numbers that belong to it.

    `rewrite` says how its carrier wants numbers: pairs of a beginning of the E.164 number and what stands there
    instead, the longest that fits: `(("+86", "0"), ("+", "00"))` dials +8613800138000 as 013800138000. A number that
    begins with none of them, and every short code, is dialled as it is.

    `passes_on`: the carrier lets customers' numbers be shown to agents' mobiles; others only ever see owned numbers.
    """

    name: str
    rewrite: tuple[tuple[str, str], ...] = ()
    passes_on: bool = False

    def dialled(self, number: str) -> str:
        """Return the number as the carrier wants it."""
        fitting = [pair for pair in self.rewrite if number.startswith(pair[0])]
        if not fitting:
            return number
        begins, instead = max(fitting, key=lambda pair: len(pair[0]))
        return instead + number[len(begins) :]
