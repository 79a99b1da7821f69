"""Tables that a worker makes: asked for with a list's own filters, watched, cancelled, saved (API-1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, ConfigDict
from werkzeug.wsgi import wrap_file

from orchestrator.database.customers import CustomerFilter
from orchestrator.database.exports import ExportStatus
from orchestrator.database.models import Export
from orchestrator.exports.charges import ChargeFilter
from orchestrator.exports.kinds import ExportKind
from webui.api.billing_shapes import Month
from webui.api.calls import CallWanted, call_filter
from webui.api.downloads import CSV, SAVED, XLSX
from webui.api.entry_lists import spelling
from webui.api.shapes import Input, Limit, Query, Term
from webui.api.state_log import Wanted, state_filter
from webui.errors import NotFoundError
from webui.exports import ExportGoneError, Exports, Wish
from webui.identity import identity, tenant
from webui.permissions import Permission, check, requires
from webui.services import services
from webui.texts import language

bp = APIBlueprint("exports", __name__, url_prefix="/api/v1/exports", tag="Exports")

TYPES = {"csv": CSV, "xlsx": XLSX}


class ExportWish(Input):
    """The kind of file; headings are in the language of whoever asks."""

    format: Literal["csv", "xlsx"] = "csv"


class ChargeWanted(Query):
    """Which charges: of a month's bill, of a call."""

    month: Month | None = None
    call: Term | None = None


class CustomerWanted(Query):
    """Which customers: `search` is a part of name, company, e-mail or number."""

    search: Term | None = None


class ExportQuery(Query):
    """Which page."""

    cursor: Term | None = None
    limit: Limit = 50


class ExportOut(BaseModel):
    """An export. Times us UTC; `lines` of `total` are written (null = not counted yet). After `expires` it is gone.

    `error` is an id: storage (no room), other.
    """

    model_config = ConfigDict(from_attributes=True)

    export: str
    kind: ExportKind
    format: str
    created: int
    status: ExportStatus
    lines: int
    total: int | None
    began: int | None
    ended: int | None
    size: int | None
    error: str
    expires: int


class ExportPage(BaseModel):
    """The own exports, newest first; `next` is the cursor of the page after this, if there is one."""

    items: list[ExportOut]
    next: str | None


@bp.get("")
@requires(Permission.EXPORT_RECORDS)
@bp.input(ExportQuery, location="query")
@bp.output(ExportPage)
def index(query_data: ExportQuery) -> ExportPage:
    """List the own exports."""
    page = _exports().all(tenant(), identity().id, query_data.cursor, query_data.limit)
    return ExportPage(items=[ExportOut.model_validate(row) for row in page.rows], next=page.next)


@dataclass(frozen=True, slots=True)
class Exported:
    """What a kind of export takes: `permission`, also to save it; the list's own `query`; `wanted` of that query."""

    doc: str
    permission: Permission
    query: type[Query]
    wanted: Callable[[Any], object]


KINDS = {
    ExportKind.CALLS: Exported(
        "Have the call list made into a file, with the list's filters.",
        Permission.VIEW_RECORDS, CallWanted, call_filter,
    ),
    ExportKind.STATES: Exported(
        "Have the state log made into a file, with the log's filters.",
        Permission.VIEW_STATE_LOG, Wanted, state_filter,
    ),
    ExportKind.CHARGES: Exported(
        "Have charges, or the lines of a month's statement, made into a file.",
        Permission.VIEW_BILLING, ChargeWanted, lambda query: ChargeFilter(month=query.month, call=query.call),
    ),
    ExportKind.CUSTOMERS: Exported(
        "Have customers made into a file, which can be brought in again.",
        Permission.MANAGE_CUSTOMERS, CustomerWanted,
        lambda query: CustomerFilter(text=query.search, spelling=spelling(query.search)),
    ),
}  # fmt: skip


def _route(kind: ExportKind, exported: Exported) -> None:
    """Add the route by which a kind is asked for."""

    def ask(query_data: Query, json_data: ExportWish) -> ExportOut:
        asked = Wish(kind=kind, wanted=exported.wanted(query_data), format=json_data.format, language=language())
        return ExportOut.model_validate(_exports().ask(tenant(), identity().id, asked))

    ask.__name__, ask.__doc__ = kind.value, exported.doc
    view = bp.output(ExportOut, status_code=202)(ask)
    view = bp.input(exported.query, location="query")(bp.input(ExportWish)(view))
    view = requires(exported.permission)(requires(Permission.EXPORT_RECORDS)(view))
    bp.post(f"/{kind}")(view)


for _kind, _exported in KINDS.items():
    _route(_kind, _exported)


@bp.get("/<export>")
@requires(Permission.EXPORT_RECORDS)
@bp.output(ExportOut)
def show(export: str) -> ExportOut:
    """Tell how far an export is."""
    return ExportOut.model_validate(_exports().one(tenant(), identity().id, export))


@bp.post("/<export>/cancel")
@requires(Permission.EXPORT_RECORDS)
@bp.output(ExportOut)
def cancel(export: str) -> ExportOut:
    """Give up an export that is still to be made; one that is made stays."""
    return ExportOut.model_validate(_exports().cancel(tenant(), identity().id, export))


@bp.delete("/<export>")
@requires(Permission.EXPORT_RECORDS)
@bp.output({}, status_code=204)
def remove(export: str) -> tuple[str, int]:
    """Remove an export and its file."""
    _exports().remove(tenant(), identity().id, export)
    return "", 204


@bp.get("/<export>/file")
@requires(Permission.EXPORT_RECORDS)
@bp.doc(responses=SAVED)
def file(export: str) -> Response:
    """Save the file, or by Range what is missing of it: for whoever asked for it and may still see what is in it.

    Noted in the audit.
    """
    try:
        row = _exports().one(tenant(), identity().id, export)
    except NotFoundError as gone:
        raise ExportGoneError from gone
    check(identity(), KINDS[ExportKind(row.kind)].permission)
    made = _exports().open(tenant(), identity().id, export)
    answer = Response(wrap_file(request.environ, made.file), mimetype=TYPES[row.format], direct_passthrough=True)
    answer.call_on_close(made.file.close)
    answer.content_length = made.size
    answer.cache_control.private = answer.cache_control.no_store = True
    answer.headers.set("Content-Disposition", "attachment", filename=_name(row))
    answer.set_etag(f"{row.export}-{row.ended}")
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=made.size)
    return answer


def _exports() -> Exports:
    return services().exports


def _name(row: Export) -> str:
    """Name the file by kind and moment, in the tenant's zone: letters, digits and dashes only."""
    zone = ZoneInfo(services().accounts.tenant(row.tenant).timezone)
    asked = datetime.fromtimestamp(row.created // 1_000_000, UTC).astimezone(zone)
    return f"{row.kind}-{asked:%Y%m%d-%H%M%S}.{row.format}"
