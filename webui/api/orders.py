"""Recording an order of seats or numbers, and why it can't be (SEAT-1)."""

from collections.abc import Callable

from orchestrator.database.billing.accounts import TooMuchBackError
from webui.errors import WebError


class OrderedAlreadyError(WebError):
    """An order of this reference is recorded already."""

    id, status = "ordered_already", 409


class TooManyBackError(WebError):
    """An order would give back more than there is."""

    id, status = "too_many_back", 409


def record(reference: str, add: Callable[[], bool]) -> None:
    """Have `add` record an order of that reference; raises OrderedAlreadyError, TooManyBackError."""
    try:
        added = add()
    except TooMuchBackError as error:
        raise TooManyBackError(since=error.since.isoformat(), held=str(error.held)) from error
    if not added:
        raise OrderedAlreadyError(reference=reference)
