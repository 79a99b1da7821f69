"""What the routes of lists that people keep share: refusals, files that are brought in, entries with who made them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from orchestrator.database.models import BlacklistEntry, CallerPriority, Customer
from orchestrator.database.number_lists import ListedError
from orchestrator.service.numbers import BadNumberError, normalise_entry
from webui.api.shapes import Query
from webui.errors import NotFoundError, WebError
from webui.identity import tenant
from webui.imports import BadEntryError, Fate, LineResult
from webui.number_lists import country_of
from webui.services import services
from webui.tables import LONGEST_CELL, BadTableError, Table, in_thread, read_table

Out = TypeVar("Out", bound=BaseModel)
Row = TypeVar("Row", BlacklistEntry, CallerPriority, Customer)

#: Turns a reason's id into words.
Say = Callable[[str], str]


class EntryRefusedError(WebError):
    """The entry, or the file, can't be taken; `fields` say why."""

    id, status = "invalid", 422


class FormatQuery(Query):
    """The kind of file."""

    format: Literal["csv", "xlsx"] = "csv"


@contextmanager
def refusals(say: Say, listed: type[WebError]) -> Iterator[None]:
    """Turn what a list of numbers refuses into answers that name the field; `listed` is for a number twice."""
    try:
        yield
    except BadNumberError as error:
        raise EntryRefusedError(fields={"number": say(error.reason)}) from error
    except BadEntryError as error:
        raise EntryRefusedError(fields={error.field: say(error.reason)}) from error
    except ListedError as error:
        raise listed(number=error.entry) from error


def entry_id(text: str) -> int:
    """Return an entry's id; raises NotFoundError for what can't be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFoundError
    return int(text)


def spelling(search: str | None) -> str | None:
    """Return how numbers begin that hold what is searched for, None where that is no number."""
    try:
        return normalise_entry(f"{(search or '').strip().rstrip('*')}*", country_of(tenant())).removesuffix("*")
    except BadNumberError:
        return None


def brought(data: bytes, longest: int = LONGEST_CELL) -> Table:
    """Return the table of a file that is brought in; raises EntryRefusedError."""
    try:
        table: Table = in_thread(read_table, data, longest)
    except BadTableError as error:
        raise EntryRefusedError(fields={"file": services().texts.message(f"blacklist.{error.reason}")}) from error
    return table


def report(results: Sequence[LineResult], say: Say, *, written: str = "number") -> dict[str, object]:
    """Return what became of the lines of a file; `written` is the name of what a line is told by."""
    fates = [result.fate for result in results]
    counts = {"added": Fate.ADDED, "duplicates": Fate.DUPLICATE, "refused": Fate.REFUSED, "skipped": Fate.SKIPPED}
    lines = [
        {"line": one.line, written: one.number, "result": one.fate, "reason": say(one.reason) if one.reason else ""}
        for one in results
    ]
    return {name: fates.count(fate) for name, fate in counts.items()} | {"lines": lines}


def shown(model: type[Out], rows: Sequence[Row], more: Callable[[Row], Mapping[str, Any]] = lambda _: {}) -> list[Out]:
    """Return rows as they are shown, with the names of those who made them; `more` is what stands elsewhere."""
    people = services().names.people(tenant(), {row.created_by for row in rows})
    return [
        model.model_validate(
            {name: getattr(row, name, None) for name in model.model_fields}
            | {"id": str(row.id), "created_by_name": people.get(row.created_by), **more(row)}
        )
        for row in rows
    ]
