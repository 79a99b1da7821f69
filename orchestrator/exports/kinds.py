"""What can be exported, and how each kind is read: page by page, newest first, whatever is added meanwhile."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from orchestrator.database.call_forms import forms_of
from orchestrator.database.call_records import CallFilter, count_calls, list_calls
from orchestrator.database.customers import CustomerFilter, count_customers, list_customers, numbers_of
from orchestrator.database.documents import from_plain
from orchestrator.database.general import form_settings
from orchestrator.database.models import Agent, Queue, Tenant, User
from orchestrator.database.paging import LONGEST_PAGE, pages_of
from orchestrator.database.state_log import StateFilter, count_states, list_states
from orchestrator.exports.calls import CallTable
from orchestrator.exports.charges import ChargeFilter, ChargeTable, count_charges, list_charges
from orchestrator.exports.customers import to_table
from orchestrator.exports.state_log import StateLogTable
from orchestrator.exports.words import LanguageWords


class ExportKind(StrEnum):
    """What can be exported."""

    CALLS = "calls"
    STATES = "states"
    CHARGES = "charges"
    CUSTOMERS = "customers"


#: What says which lines are wanted; kept with the export as JSON.
FILTERS: Mapping[ExportKind, type[Any]] = {
    ExportKind.CALLS: CallFilter,
    ExportKind.STATES: StateFilter,
    ExportKind.CHARGES: ChargeFilter,
    ExportKind.CUSTOMERS: CustomerFilter,
}


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table that is read as it is written: `count` tells how many lines it has now, without the heading."""

    count: Callable[[], int]
    heading: list[str]
    lines: Iterator[list[str]]


def table_of(kind: ExportKind, tenant: str, wanted: object, language: str) -> ExportTable:
    """Return a tenant's table in a language (zh, en), moments in the tenant's zone.

    `wanted` is the kind's filter as JSON holds it; raises pydantic.ValidationError for anything else.
    """
    zone = ZoneInfo(Tenant.get_by_id(tenant).timezone)
    return _MAKERS[kind](tenant, from_plain(FILTERS[kind], wanted), language, zone)


def _calls(tenant: str, wanted: CallFilter, language: str, zone: ZoneInfo) -> ExportTable:
    names = _names(Queue, tenant), _names(Agent, tenant)
    table = CallTable(LanguageWords(language), zone, *names, form_settings(tenant))

    def lines() -> Iterator[list[str]]:
        for rows in pages_of(lambda cursor: list_calls(tenant, wanted, cursor, LONGEST_PAGE)):
            yield from table.lines(rows, forms_of(tenant, [row.call for row in rows]))

    return ExportTable(lambda: count_calls(tenant, wanted), table.heading(), lines())


def _states(tenant: str, wanted: StateFilter, language: str, zone: ZoneInfo) -> ExportTable:
    people = {str(row.id): row.name for row in User.select(User.id, User.name).where(User.tenant == tenant)}
    table = StateLogTable(LanguageWords(language), zone, _names(Agent, tenant), people)
    pages = pages_of(lambda cursor: list_states(tenant, wanted, cursor, LONGEST_PAGE))
    lines = table.lines(row for rows in pages for row in rows)
    return ExportTable(lambda: count_states(tenant, wanted), next(lines), lines)


def _charges(tenant: str, wanted: ChargeFilter, language: str, zone: ZoneInfo) -> ExportTable:
    table = ChargeTable(LanguageWords(language), zone, language)
    pages = pages_of(lambda cursor: list_charges(tenant, wanted, cursor))
    lines = table.lines(row for rows in pages for row in rows)
    return ExportTable(lambda: count_charges(tenant, wanted), table.heading(), lines)


def _customers(tenant: str, wanted: CustomerFilter, language: str, zone: ZoneInfo) -> ExportTable:  # noqa: ARG001
    pages = pages_of(lambda cursor: list_customers(tenant, wanted, cursor, LONGEST_PAGE))
    known = ((rows, numbers_of(rows)) for rows in pages)
    lines = to_table(((row, numbers[row.id]) for rows, numbers in known for row in rows), language)
    return ExportTable(lambda: count_customers(tenant, wanted), next(lines), lines)


def _names(kind: type[Agent] | type[Queue], tenant: str) -> dict[str, str]:
    return {row.key: row.name for row in kind.select(kind.key, kind.name).where(kind.tenant == tenant)}


_MAKERS: Mapping[ExportKind, Callable[[str, Any, str, ZoneInfo], ExportTable]] = {
    ExportKind.CALLS: _calls,
    ExportKind.STATES: _states,
    ExportKind.CHARGES: _charges,
    ExportKind.CUSTOMERS: _customers,
}
