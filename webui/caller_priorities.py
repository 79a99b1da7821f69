"""A tenant's list of callers who go before others: what is its own among lists of numbers (QUEUE-3)."""

from peewee import Database

from orchestrator.database.caller_priorities import PriorityCaller, caller_of, callers_in_force
from orchestrator.database.models import CallerPriority
from orchestrator.service.ports import CallerPriorityWriter, Clock
from webui.number_lists import ListKind, NumberList

CallerPriorities = NumberList[CallerPriority, PriorityCaller]


def caller_priorities(database: Database, writer: CallerPriorityWriter, clock: Clock) -> CallerPriorities:
    """Return what keeps the lists; `writer` puts entries into force."""
    return NumberList(database, writer, clock, KIND)


KIND = ListKind(
    area="caller_priorities",
    table=CallerPriority,
    entry_of=caller_of,
    forced=lambda callers: {caller.entry: caller.priority for caller in callers},
    in_force=lambda tenant, _now: callers_in_force(tenant),
)
