"""Which call a leg belongs to, for events that don't say so: failed jobs, and callers gone before they were marked."""

from collections import OrderedDict
from typing import NamedTuple

#: Legs remembered; older ones are found by their channel variables or not at all.
REMEMBERED = 20_000


class Known(NamedTuple):
    """Whose leg it is, and what for (`cc_role`)."""

    tenant: str
    call: str
    role: str


class Legs:
    """Memory of the legs this process has seen or made. Losing it costs only the time until a deadline."""

    def __init__(self) -> None:
        """Begin empty."""
        self._known: OrderedDict[str, Known] = OrderedDict()

    def note(self, leg: str, tenant: str, call: str, role: str) -> None:
        """Remember whose leg it is, and what for."""
        self._known[leg] = Known(tenant, call, role)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def find(self, leg: str) -> Known | None:
        """Return what is known of a leg."""
        return self._known.get(leg)

    def forget(self, leg: str) -> None:
        """The leg has ended."""
        self._known.pop(leg, None)
