"""At the moment when seats are more or fewer than before everybody who watches hears of it (SEAT-4).

What is refused from that moment on doesn't wait for this: log-ins and calls look at the orders themselves. Telling it
twice does no harm: it says how things are.
"""

from orchestrator.domain.events import SeatsChanged
from orchestrator.domain.licence import SeatKind
from orchestrator.service.work import Unit

#: The deadline's name in the store.
MEMBER = "seats:"


def tell_seats(unit: Unit) -> None:
    """Tell how many seats there are now, and wait for the next change."""
    licence = unit.config.licence
    call = licence.purchased(SeatKind.CALL, unit.now)
    unit.events.append(SeatsChanged(at=unit.now, standing=licence.standing(unit.now), call=call))
    await_seats(unit)


def await_seats(unit: Unit) -> None:
    """Set the deadline at which seats change next."""
    unit.deadlines.append((MEMBER, unit.config.licence.next_change(unit.now)))
