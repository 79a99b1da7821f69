"""A call out was refused: written down, and told as an alert when it looks like misuse (SAFE-4).

Once a day each: a limit that is reached, and a number that was refused time and again. The counts are those of the
tenant's day (`{cc:T}:called:DATE`), checked and counted by the commit, so that of many processes one tells it.
"""

from dataclasses import dataclass

from orchestrator.domain.calling_out import REFUSED_OFTEN, Limit, once_a_day, refusals_of
from orchestrator.domain.events import CallingAlert, CallRefused
from orchestrator.service.calling_out import reason_of
from orchestrator.service.errors import LimitReachedError, NotCallableError, NumberBlockedError, RefusedError
from orchestrator.service.ports import LimitError
from orchestrator.service.work import Unit, Work

#: Refused for the sake of the number that was to be called.
DESTINATION = (NotCallableError, NumberBlockedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who wanted to call whom: `number` as it was written, `by` the user who asked."""

    agent: str
    number: str
    by: str


class NoteRefusal:
    """Writes refusals down."""

    def __init__(self, work: Work) -> None:
        """`work` runs the commits."""
        self._work = work

    def note(self, tenant: str, wish: Wish, error: RefusedError) -> None:
        """Write one down, with an alert where one is due."""
        if isinstance(error, LimitReachedError):
            self._alert(tenant, wish, error, error.details["limit"])
        elif isinstance(error, DESTINATION):
            self._count(tenant, wish, error)
        else:
            self._commit(tenant, wish, error)

    def _count(self, tenant: str, wish: Wish, error: RefusedError) -> None:
        """One refusal more of this number; with the last one of REFUSED_OFTEN the alert is due."""
        try:
            self._commit(tenant, wish, error, refusals_of(error.details["number"]))
        except LimitError:
            self._alert(tenant, wish, error, "")

    def _alert(self, tenant: str, wish: Wish, error: RefusedError, limit: str) -> None:
        number = error.details.get("number", "")
        try:
            self._commit(tenant, wish, error, once_a_day(limit, wish.agent, number), alert=True)
        except LimitError:  # told today already
            self._commit(tenant, wish, error)

    def _commit(
        self, tenant: str, wish: Wish, error: RefusedError, limit: Limit | None = None, *, alert: bool = False
    ) -> None:
        def decide(unit: Unit) -> None:
            unit.limits.extend([limit] if limit else [])
            unit.events.append(_refused(unit, wish, error))
            if alert:
                unit.events.append(_told(unit, wish, error))

        self._work.run(tenant, decide)


def _refused(unit: Unit, wish: Wish, error: RefusedError) -> CallRefused:
    return CallRefused(
        at=unit.now,
        agent=wish.agent,
        number=wish.number[:40],
        by=wish.by,
        reason=reason_of(error),
        limit=error.details.get("limit", ""),
    )


def _told(unit: Unit, wish: Wish, error: RefusedError) -> CallingAlert:
    limit = error.details.get("limit", "")
    return CallingAlert(
        at=unit.now,
        agent=wish.agent,
        number=error.details.get("number", wish.number)[:40],
        by=wish.by,
        reason=reason_of(error),
        limit=limit,
        refused=0 if limit else REFUSED_OFTEN,
    )
