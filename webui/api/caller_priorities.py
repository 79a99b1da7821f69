"""The list of callers who go before others (QUEUE-3: first come, first served within equal priority)."""

from typing import Annotated

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from pydantic import BaseModel, Field

from orchestrator.database.caller_priorities import PriorityCaller, list_callers
from orchestrator.service.numbers import LONGEST
from webui.api.entry_lists import brought, entry_id, refusals, report, shown, spelling
from webui.api.shapes import PRINTABLE, Input, Limit, Query, Term
from webui.blacklist_files import LONGEST_DESCRIPTION
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.imports import Fate
from webui.permissions import Permission, requires
from webui.priority_files import to_lines
from webui.services import services

bp = APIBlueprint("caller_priorities", __name__, url_prefix="/api/v1/caller-priorities", tag="Caller priorities")


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
    page = list_callers(tenant(), query_data.search, spelling(query_data.search), query_data.cursor, query_data.limit)
    return CallerPage(items=shown(CallerOut, page.rows), next=page.next)


@bp.post("")
@requires(Permission.EDIT_CONFIG)
@bp.input(CallerIn)
@bp.output(CallerOut, status_code=201)
def add(json_data: CallerIn) -> CallerOut:
    """Add a caller; in force for the next call. Refused with 409 when listed, however the number was written."""
    with refusals(_reason, CallerAlreadyListedError):
        row = services().caller_priorities.add(tenant(), identity().id, PriorityCaller(**json_data.model_dump()))
    return shown(CallerOut, [row])[0]


@bp.put("/<entry>")
@requires(Permission.EDIT_CONFIG)
@bp.input(CallerIn)
@bp.output(CallerOut)
def change(entry: str, json_data: CallerIn) -> CallerOut:
    """Change an entry."""
    with refusals(_reason, CallerAlreadyListedError):
        row = services().caller_priorities.change(
            tenant(), identity().id, entry_id(entry), PriorityCaller(**json_data.model_dump())
        )
    if row is None:
        raise NotFoundError
    return shown(CallerOut, [row])[0]


@bp.delete("/<entry>")
@requires(Permission.EDIT_CONFIG)
@bp.output({}, status_code=204)
def remove(entry: str) -> tuple[str, int]:
    """Take a caller off the list."""
    if not services().caller_priorities.remove(tenant(), identity().id, entry_id(entry)):
        raise NotFoundError
    return "", 204


@bp.post("/import")
@requires(Permission.EDIT_CONFIG)
@bp.input(CallerImportIn, location="files")
@bp.output(CallerImportOut)
def bring_in(files_data: CallerImportIn) -> CallerImportOut:
    """Add the callers of a file; the answer tells what became of each line."""
    lines = to_lines(brought(files_data.file.read()))
    results = services().caller_priorities.bring_in(tenant(), identity().id, lines)
    return CallerImportOut.model_validate(report(results, _reason))


def _reason(id_: str) -> str:
    return services().texts.message(f"caller_priorities.{id_}")
