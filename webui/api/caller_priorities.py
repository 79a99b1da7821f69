"""The list of callers who go before others (QUEUE-3: first come, first served within equal priority)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from pydantic import BaseModel, Field

from orchestrator.database.caller_priorities import CallerListedError, list_callers
from orchestrator.database.models import CallerPriority
from orchestrator.service.numbers import LONGEST, BadNumberError
from webui.api.shapes import PRINTABLE, Input, Limit, Query, Term
from webui.blacklist import Fate, LineResult
from webui.caller_priorities import CallerLine, CallerWish
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.tables import BadTableError, Table, in_thread, read_table

bp = APIBlueprint("caller_priorities", __name__, url_prefix="/api/v1/caller-priorities", tag="Caller priorities")

#: What each column of a file may be called; the order is that of files without a heading.
COLUMNS = {
    "number": ("number", "号码", "phone", "电话"),
    "priority": ("priority", "优先级"),
    "description": ("description", "描述", "备注"),
}

#: Characters of a description.
LONGEST_DESCRIPTION = 50


class CallerRefusedError(WebError):
    """The entry, or the file, can't be taken; `fields` say why."""

    id, status = "invalid", 422


class CallerAlreadyListedError(WebError):
    """The number is on the list already."""

    id, status = "caller_listed", 409


class CallerQuery(Query):
    """Which entries: `search` is a part of the number or of the description."""

    cursor: Term | None = None
    limit: Limit = 50
    search: Term | None = None


class CallerIn(Input):
    """A caller's number, or a prefix with a trailing `*`, and the priority that its calls have over the queue's."""

    number: str = Field(min_length=1, max_length=LONGEST, pattern=PRINTABLE)
    priority: Annotated[int, Field(ge=0, le=99)]
    description: str = Field(default="", max_length=LONGEST_DESCRIPTION, pattern=PRINTABLE)


class CallerOut(BaseModel):
    """An entry. `number` is as it was written, `entry` how it is compared."""

    id: str
    number: str
    entry: str
    priority: int
    description: str
    created: int
    created_by: str
    created_by_name: str | None


class CallerPage(BaseModel):
    """Entries, newest first; `next` is the cursor of the page after this, if there is one."""

    items: list[CallerOut]
    next: str | None


class CallerImportIn(Input):
    """A CSV or XLSX file with the columns number, priority and description, in Chinese or English."""

    file: UploadFile


class CallerLineOut(BaseModel):
    """What became of a line; `reason` tells why it was refused."""

    line: int
    number: str
    result: Fate
    reason: str


class CallerImportOut(BaseModel):
    """What became of the lines of a file."""

    added: int
    duplicates: int
    refused: int
    lines: list[CallerLineOut]


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.input(CallerQuery, location="query")
@bp.output(CallerPage)
def index(query_data: CallerQuery) -> CallerPage:
    """List the callers who go before others."""
    page = list_callers(tenant(), query_data.search, query_data.cursor, query_data.limit)
    return CallerPage(items=_shown(page.rows), next=page.next)


@bp.post("")
@requires(Permission.EDIT_CONFIG)
@bp.input(CallerIn)
@bp.output(CallerOut, status_code=201)
def add(json_data: CallerIn) -> CallerOut:
    """Add a caller; in force for the next call. Refused with 409 when listed, however the number was written."""
    with _refusals():
        row = services().caller_priorities.add(tenant(), identity().id, _wish(json_data))
    return _shown([row])[0]


@bp.put("/<entry>")
@requires(Permission.EDIT_CONFIG)
@bp.input(CallerIn)
@bp.output(CallerOut)
def change(entry: str, json_data: CallerIn) -> CallerOut:
    """Change an entry."""
    with _refusals():
        row = services().caller_priorities.change(tenant(), identity().id, _id(entry), _wish(json_data))
    if row is None:
        raise NotFoundError
    return _shown([row])[0]


@bp.delete("/<entry>")
@requires(Permission.EDIT_CONFIG)
@bp.output({}, status_code=204)
def remove(entry: str) -> tuple[str, int]:
    """Take a caller off the list."""
    if not services().caller_priorities.remove(tenant(), identity().id, _id(entry)):
        raise NotFoundError
    return "", 204


@bp.post("/import")
@requires(Permission.EDIT_CONFIG)
@bp.input(CallerImportIn, location="files")
@bp.output(CallerImportOut)
def bring_in(files_data: CallerImportIn) -> CallerImportOut:
    """Add the callers of a file; the answer tells what became of each line."""
    try:
        table: Table = in_thread(read_table, files_data.file.read())
    except BadTableError as error:
        raise CallerRefusedError(fields={"file": services().texts.message(f"blacklist.{error.reason}")}) from error
    results = services().caller_priorities.bring_in(tenant(), identity().id, list(_lines(table)))
    fates = [result.fate for result in results]
    return CallerImportOut(
        added=fates.count(Fate.ADDED),
        duplicates=fates.count(Fate.DUPLICATE),
        refused=fates.count(Fate.REFUSED),
        lines=[_line(result) for result in results],
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the list refuses into answers that name the field."""
    try:
        yield
    except BadNumberError as error:
        raise CallerRefusedError(fields={"number": _reason(error.reason)}) from error
    except CallerListedError as error:
        raise CallerAlreadyListedError(number=error.entry) from error


def _wish(caller: CallerIn) -> CallerWish:
    return CallerWish(number=caller.number, priority=caller.priority, description=caller.description)


def _id(entry: str) -> int:
    if not (entry.isascii() and entry.isdigit() and len(entry) <= 18):
        raise NotFoundError
    return int(entry)


def _shown(rows: list[CallerPriority]) -> list[CallerOut]:
    people = services().names.people(tenant(), {row.created_by for row in rows})
    return [
        CallerOut(
            id=str(row.id),
            number=row.number,
            entry=row.entry,
            priority=row.priority,
            description=row.description,
            created=row.created,
            created_by=row.created_by,
            created_by_name=people.get(row.created_by),
        )
        for row in rows
    ]


def _lines(table: Table) -> Iterator[CallerLine]:
    names = {name: column for column, words in COLUMNS.items() for name in words}
    heading = [names.get(cell.lower(), "") for cell in table[0][1]] if table else []
    columns = heading if "number" in heading else list(COLUMNS)
    for number, cells in table[1:] if "number" in heading else table:
        yield _read(number, dict(zip(columns, cells, strict=False)))


def _read(number: int, cells: dict[str, str]) -> CallerLine:
    written, priority, description = (cells.get(name, "") for name in COLUMNS)
    if not re.fullmatch("[0-9]{1,2}", priority):
        return CallerLine(number=number, written=written, reason="bad_priority")
    if len(description) > LONGEST_DESCRIPTION or not re.fullmatch(PRINTABLE, description):
        return CallerLine(number=number, written=written, reason="bad_description")
    wish = CallerWish(number=written, priority=int(priority), description=description)
    return CallerLine(number=number, written=written, wish=wish)


def _line(result: LineResult) -> CallerLineOut:
    reason = _reason(result.reason) if result.reason else ""
    return CallerLineOut(line=result.line, number=result.number, result=result.fate, reason=reason)


def _reason(id_: str) -> str:
    return services().texts.message(f"caller_priorities.{id_}")
