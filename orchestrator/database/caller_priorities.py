"""The list of callers who go before others, in the database: always one tenant's."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from orchestrator.database.models import CallerPriority
from orchestrator.database.paging import Page, read_page


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityCaller:
    """What people say of a caller; `entry` is the number's one spelling, empty while nobody has spelled it.

    `priority` is 0-99.
    """

    number: str
    entry: str = ""
    priority: int
    description: str = ""

    def values(self) -> dict[str, object]:
        """Return the columns."""
        return asdict(self)


def caller_of(row: CallerPriority) -> PriorityCaller:
    """Return what an entry says."""
    return PriorityCaller(number=row.number, entry=row.entry, priority=row.priority, description=row.description)


def list_callers(
    tenant: str, text: str | None, spelling: str | None, cursor: str | None, size: int
) -> Page[CallerPriority]:
    """Read a page, newest first; `text` is a part of number or description, `spelling` how entries begin that hold it.

    Raises BadCursorError.
    """
    table = CallerPriority
    conditions = [table.tenant == tenant]
    if text:
        spelled = table.entry.contains(text) | table.entry.contains(spelling or text)
        conditions.append(table.number.contains(text) | table.description.contains(text) | spelled)
    return read_page(table, table.created, conditions, cursor, size)


def callers_in_force(tenant: str) -> Iterator[tuple[str, int]]:
    """Read what is to be published."""
    table = CallerPriority
    yield from table.select(table.entry, table.priority).where(table.tenant == tenant).tuples().iterator()
