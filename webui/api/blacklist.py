"""The blacklist: who can't reach the company, and whom it can't call (BLACK-1)."""

from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from flask import Response
from pydantic import BaseModel, Field

from orchestrator.database.blacklist import EntryFilter, Listing, list_entries
from orchestrator.database.models import BlacklistEntry
from orchestrator.database.number_lists import all_rows
from orchestrator.domain.blacklist import Direction
from orchestrator.service.numbers import LONGEST
from webui.api.downloads import SAVED, saved
from webui.api.entry_lists import FormatQuery, brought, entry_id, refusals, report, shown, spelling
from webui.api.shapes import PRINTABLE, Input, Limit, Moment, Query, Term
from webui.blacklist_files import LONGEST_DESCRIPTION, to_lines, to_table
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.imports import Fate
from webui.permissions import Permission, requires
from webui.services import services
from webui.texts import language

bp = APIBlueprint("blacklist", __name__, url_prefix="/api/v1/blacklist", tag="Blacklist")


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


@bp.get("")
@requires(Permission.VIEW_BLACKLIST)
@bp.input(EntryQuery, location="query")
@bp.output(EntryPage)
def index(query_data: EntryQuery) -> EntryPage:
    """List the blacklist."""
    wanted = EntryFilter(text=query_data.search, spelling=spelling(query_data.search), direction=query_data.direction)
    page = list_entries(tenant(), wanted, query_data.cursor, query_data.limit)
    return EntryPage(items=shown(EntryOut, page.rows), next=page.next)


@bp.post("")
@requires(Permission.EDIT_BLACKLIST)
@bp.input(EntryIn)
@bp.output(EntryOut, status_code=201)
def add(json_data: EntryIn) -> EntryOut:
    """Block a number; in force for the next call. Refused with 409 when it is listed, however it was written."""
    with refusals(_reason, AlreadyListedError):
        row = services().blacklists.add(tenant(), identity().id, Listing(**json_data.model_dump()))
    return shown(EntryOut, [row])[0]


@bp.put("/<entry>")
@requires(Permission.EDIT_BLACKLIST)
@bp.input(EntryIn)
@bp.output(EntryOut)
def change(entry: str, json_data: EntryIn) -> EntryOut:
    """Change an entry."""
    with refusals(_reason, AlreadyListedError):
        wish = Listing(**json_data.model_dump())
        row = services().blacklists.change(tenant(), identity().id, entry_id(entry), wish)
    if row is None:
        raise NotFoundError
    return shown(EntryOut, [row])[0]


@bp.delete("/<entry>")
@requires(Permission.EDIT_BLACKLIST)
@bp.output({}, status_code=204)
def remove(entry: str) -> tuple[str, int]:
    """Take a number off the list."""
    if not services().blacklists.remove(tenant(), identity().id, entry_id(entry)):
        raise NotFoundError
    return "", 204


@bp.post("/import")
@requires(Permission.EDIT_BLACKLIST)
@bp.input(ImportIn, location="files")
@bp.output(ImportOut)
def bring_in(files_data: ImportIn) -> ImportOut:
    """Add the numbers of a file; the answer tells what became of each line."""
    lines = to_lines(brought(files_data.file.read()), _zone())
    results = services().blacklists.bring_in(tenant(), identity().id, lines, files_data.all_or_nothing)
    return ImportOut.model_validate(report(results, _reason))


@bp.get("/export")
@requires(Permission.VIEW_BLACKLIST)
@bp.input(FormatQuery, location="query")
@bp.doc(responses=SAVED)
def take_out(query_data: FormatQuery) -> Response:
    """Save the whole list as a file, which can be brought in again."""
    return saved(to_table(all_rows(BlacklistEntry, tenant()), language(), _zone()), query_data.format, "blacklist")


def _zone() -> ZoneInfo:
    return ZoneInfo(services().accounts.tenant(tenant()).timezone)


def _reason(id_: str) -> str:
    return services().texts.message(f"blacklist.{id_}")
