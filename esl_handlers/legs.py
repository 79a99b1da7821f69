"""Which call a leg belongs to, for events that don't say so: failed jobs, and callers gone before they were marked."""

from collections import OrderedDict

#: Legs remembered; older ones are found by their channel variables or not at all.
REMEMBERED = 20_000


class Legs:
    """Memory of the legs this process has seen or made. Losing it costs only the time until a deadline."""

    def __init__(self) -> None:
        """Begin empty."""
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def note(self, leg: str, tenant: str, call: str) -> None:
        """Remember a leg's tenant and call."""
        self._known[leg] = (tenant, call)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def find(self, leg: str) -> tuple[str, str] | None:
        """Return (tenant, call) of a leg."""
        return self._known.get(leg)

    def forget(self, leg: str) -> None:
        """The leg has ended."""
        self._known.pop(leg, None)
