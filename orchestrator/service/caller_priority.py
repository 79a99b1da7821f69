"""The priority that a caller has before any queue's: by the tenant's list of callers, and by the dialled number."""

from orchestrator.domain.call import Call
from orchestrator.domain.priority import RaisedBy
from orchestrator.service.numbers import candidates
from orchestrator.service.work import Unit


def raised(unit: Unit, call: Call) -> Call:
    """Return the call with the higher one of both priorities (docs/routing.md)."""
    number = unit.config.numbers.get(call.number)
    listed = unit.store.caller_priority(unit.tenant, candidates(call.caller, unit.config.country))
    by_number = call.raise_to(number.priority, RaisedBy.NUMBER) if number else call
    return by_number.raise_to(listed or 0, RaisedBy.LIST)
