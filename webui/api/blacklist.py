"""The blacklist: who can't reach the company, and whom it can't call (BLACK-1)."""

from typing import Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from flask import Response
from pydantic import BaseModel, Field

from orchestrator.database.blacklist import EntryFilter, EntryListedError, all_entries, list_entries
from orchestrator.database.models import BlacklistEntry
from orchestrator.domain.blacklist import Direction
from orchestrator.service.numbers import LONGEST, BadNumberError, normalise_entry
from webui.api.downloads import SAVED, saved
from webui.api.shapes import PRINTABLE, Input, Limit, Moment, Query, Term
from webui.blacklist import ExpiredError, Fate, LineResult, Wish, country_of
from webui.blacklist_files import LONGEST_DESCRIPTION, to_lines, to_table
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.tables import BadTableError, Table, in_thread, read_table
from webui.texts import language

bp = APIBlueprint("blacklist", __name__, url_prefix="/api/v1/blacklist", tag="Blacklist")


class EntryRefusedError(WebError):
    """The entry, or the file, can't be taken; `fields` say why."""

    id, status = "invalid", 422


class AlreadyListedError(WebError):
    """The number is on the list already."""

    id, status = "already_listed", 409


class EntryQuery(Query):
    """Which entries: `search` is a part of the number, however it is written, or of the description."""

    cursor: Term | None = None
    limit: Limit = 50
    search: Term | None = None
    direction: Direction | None = None


class EntryIn(Input):
    """A number, or a prefix with a trailing `*`, that is blocked; `expires` in microseconds UTC, null = never."""

    number: str = Field(min_length=1, max_length=LONGEST, pattern=PRINTABLE)
    direction: Direction
    description: str = Field(default="", max_length=LONGEST_DESCRIPTION, pattern=PRINTABLE)
    expires: Moment | None = None


class EntryOut(BaseModel):
    """An entry. `number` is as it was written, `entry` how it is compared; `hits` counts the calls it refused."""

    id: str
    number: str
    entry: str
    direction: Direction
    description: str
    expires: int | None
    created: int
    created_by: str
    created_by_name: str | None
    hits: int
    last_hit: int | None


class EntryPage(BaseModel):
    """Entries, newest first; `next` is the cursor of the page after this, if there is one."""

    items: list[EntryOut]
    next: str | None


class ImportIn(Input):
    """A CSV or XLSX file; with `all_or_nothing` nothing is added when any line is refused.

    Columns are number, direction (in, out, both), description and expires (`2026-12-31 18:00`), in Chinese or English.
    """

    file: UploadFile
    all_or_nothing: bool = False


class LineOut(BaseModel):
    """What became of a line; `reason` tells why it was refused."""

    line: int
    number: str
    result: Fate
    reason: str


class ImportOut(BaseModel):
    """What became of the lines of a file."""

    added: int
    duplicates: int
    refused: int
    skipped: int
    lines: list[LineOut]


class ExportQuery(Query):
    """The kind of file."""

    format: Literal["csv", "xlsx"] = "csv"


@bp.get("")
@requires(Permission.VIEW_BLACKLIST)
@bp.input(EntryQuery, location="query")
@bp.output(EntryPage)
def index(query_data: EntryQuery) -> EntryPage:
    """List the blacklist."""
    wanted = EntryFilter(text=query_data.search, spelling=_spelling(query_data.search), direction=query_data.direction)
    page = list_entries(tenant(), wanted, query_data.cursor, query_data.limit)
    return EntryPage(items=_entries(page.rows), next=page.next)


@bp.post("")
@requires(Permission.EDIT_BLACKLIST)
@bp.input(EntryIn)
@bp.output(EntryOut, status_code=201)
def add(json_data: EntryIn) -> EntryOut:
    """Block a number; in force for the next call. Refused with 409 when it is listed, however it was written."""
    with _Refusals():
        row = services().blacklists.add(tenant(), identity().id, _wish(json_data))
    return _entries([row])[0]


@bp.put("/<entry>")
@requires(Permission.EDIT_BLACKLIST)
@bp.input(EntryIn)
@bp.output(EntryOut)
def change(entry: str, json_data: EntryIn) -> EntryOut:
    """Change an entry."""
    with _Refusals():
        row = services().blacklists.change(tenant(), identity().id, _id(entry), _wish(json_data))
    if row is None:
        raise NotFoundError
    return _entries([row])[0]


@bp.delete("/<entry>")
@requires(Permission.EDIT_BLACKLIST)
@bp.output({}, status_code=204)
def remove(entry: str) -> tuple[str, int]:
    """Take a number off the list."""
    if not services().blacklists.remove(tenant(), identity().id, _id(entry)):
        raise NotFoundError
    return "", 204


@bp.post("/import")
@requires(Permission.EDIT_BLACKLIST)
@bp.input(ImportIn, location="files")
@bp.output(ImportOut)
def bring_in(files_data: ImportIn) -> ImportOut:
    """Add the numbers of a file; the answer tells what became of each line."""
    lines = to_lines(_table(files_data.file.read()), _zone())
    results = services().blacklists.bring_in(tenant(), identity().id, lines, files_data.all_or_nothing)
    fates = [result.fate for result in results]
    return ImportOut(
        added=fates.count(Fate.ADDED),
        duplicates=fates.count(Fate.DUPLICATE),
        refused=fates.count(Fate.REFUSED),
        skipped=fates.count(Fate.SKIPPED),
        lines=[_line(result) for result in results],
    )


@bp.get("/export")
@requires(Permission.VIEW_BLACKLIST)
@bp.input(ExportQuery, location="query")
@bp.doc(responses=SAVED)
def take_out(query_data: ExportQuery) -> Response:
    """Save the whole list as a file, which can be brought in again."""
    return saved(to_table(all_entries(tenant()), language(), _zone()), query_data.format, "blacklist")


class _Refusals:
    """Turns what the list refuses into answers that name the field."""

    def __enter__(self) -> None:
        """Nothing is refused yet."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        match error:
            case BadNumberError():
                raise EntryRefusedError(fields={"number": _reason(error.reason)}) from error
            case ExpiredError():
                raise EntryRefusedError(fields={"expires": _reason("expired")}) from error
            case EntryListedError():
                raise AlreadyListedError(number=error.entry) from error


def _wish(entry: EntryIn) -> Wish:
    return Wish(number=entry.number, direction=entry.direction, description=entry.description, expires=entry.expires)


def _id(entry: str) -> int:
    if not (entry.isascii() and entry.isdigit() and len(entry) <= 18):
        raise NotFoundError
    return int(entry)


def _spelling(search: str | None) -> str | None:
    """Return how numbers begin that hold what is searched for, None where that is no number."""
    try:
        return normalise_entry(f"{(search or '').strip().rstrip('*')}*", country_of(tenant())).removesuffix("*")
    except BadNumberError:
        return None


def _entries(rows: list[BlacklistEntry]) -> list[EntryOut]:
    people = services().names.people(tenant(), {row.created_by for row in rows})
    return [
        EntryOut(
            id=str(row.id),
            number=row.number,
            entry=row.entry,
            direction=Direction(row.direction),
            description=row.description,
            expires=row.expires,
            created=row.created,
            created_by=row.created_by,
            created_by_name=people.get(row.created_by),
            hits=row.hits,
            last_hit=row.last_hit,
        )
        for row in rows
    ]


def _zone() -> ZoneInfo:
    return ZoneInfo(services().accounts.tenant(tenant()).timezone)


def _table(data: bytes) -> Table:
    try:
        table: Table = in_thread(read_table, data)
    except BadTableError as error:
        raise EntryRefusedError(fields={"file": _reason(error.reason)}) from error
    return table


def _line(result: LineResult) -> LineOut:
    reason = _reason(result.reason) if result.reason else ""
    return LineOut(line=result.line, number=result.number, result=result.fate, reason=reason)


def _reason(id_: str) -> str:
    return services().texts.message(f"blacklist.{id_}")
