"""Does the blacklist refuse a call? Theirs is refused when it arrives, ours before anything rings (BLACK-1)."""

from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call_states import Outcome, Party
from orchestrator.domain.events import CallBlocked, CallEnded
from orchestrator.service.errors import NumberBlockedError
from orchestrator.service.numbers import candidates
from orchestrator.service.work import Unit, Work


class CheckBlacklist:
    """Refuses calls to numbers that must not be called."""

    def __init__(self, work: Work) -> None:
        """`work` records what was refused."""
        self._work = work

    def calling(self, tenant: str, call: str, caller: str, number: str) -> None:
        """Check a number before it is called, showing `caller`; raises NumberBlockedError.

        What is refused is a call of its own, `call`, with a record whose outcome is *blocked*.
        """
        found: set[str] = set()

        def decide(unit: Unit) -> None:
            entry = blocking_entry(unit, Direction.OUT, number)
            if entry:
                found.add(entry)
                blocked = blocked_event(unit, call, caller, number, Direction.OUT, entry)
                unit.events.extend([blocked, _never_begun(unit, call)])

        self._work.run(tenant, decide)
        if found:
            raise NumberBlockedError(number=number)


def blocking_entry(unit: Unit, direction: Direction, number: str) -> str | None:
    """Return the most exact entry in force that blocks a number, None for a number that may pass."""
    return unit.store.blocked(unit.tenant, direction, candidates(number, unit.config.country), unit.now)


def blocked_event(unit: Unit, call: str, caller: str, number: str, direction: Direction, entry: str) -> CallBlocked:
    """Tell which entry refused a call."""
    return CallBlocked(at=unit.now, call=call, caller=caller, number=number, direction=direction, entry=entry)


def _never_begun(unit: Unit, call: str) -> CallEnded:
    return CallEnded(
        at=unit.now,
        call=call,
        outcome=Outcome.BLOCKED,
        hung_up_by=Party.SYSTEM,
        cause="CALL_REJECTED",
        arrived=unit.now,
        answered=None,
        connected=None,
    )
