"""Who changed what, when, from what to what (ROLE-1)."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.models import AuditRow
from orchestrator.database.paging import read_page
from webui.api.shapes import Limit, Moment, Query, Term
from webui.identity import tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("audit", __name__, url_prefix="/api/v1/audit", tag="Audit")


class AuditQuery(Query):
    """Which changes: made in [from, to), in these areas, by these people, of one thing."""

    cursor: Term | None = None
    limit: Limit = 50
    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None
    area: list[Term] = Field(default=[], max_length=50)
    who: list[Term] = Field(default=[], max_length=200)
    key: Term | None = None


class ChangeOut(BaseModel):
    """A change: `before` null = made then, `after` null = deleted; `who_name` null = no person (any more)."""

    id: str
    at: int
    who: str
    who_name: str | None
    area: str
    key: str
    before: Any
    after: Any


class ChangePage(BaseModel):
    """Changes, newest first; `next` is the cursor of the page after this, if there is one."""

    items: list[ChangeOut]
    next: str | None


class AreaList(BaseModel):
    """The areas in which there are changes."""

    items: list[str]


@bp.get("")
@requires(Permission.VIEW_AUDIT)
@bp.input(AuditQuery, location="query")
@bp.output(ChangePage)
def index(query_data: AuditQuery) -> ChangePage:
    """List changes."""
    table, query = AuditRow, query_data
    conditions = [
        table.tenant == tenant(),
        *([table.at >= query.since] if query.since is not None else []),
        *([table.at < query.until] if query.until is not None else []),
        *([table.area.in_(query.area)] if query.area else []),
        *([table.who.in_(query.who)] if query.who else []),
        *([table.key == query.key] if query.key else []),
    ]
    page = read_page(table, table.at, conditions, query.cursor, query.limit)
    names = services().names.people(tenant(), {row.who for row in page.rows})
    return ChangePage(items=[_shown(row, names) for row in page.rows], next=page.next)


@bp.get("/areas")
@requires(Permission.VIEW_AUDIT)
@bp.output(AreaList)
def areas() -> AreaList:
    """Name the areas in which there are changes."""
    found = AuditRow.select(AuditRow.area).where(AuditRow.tenant == tenant()).distinct().order_by(AuditRow.area)
    return AreaList(items=[row.area for row in found])


def _shown(row: AuditRow, names: dict[str, str]) -> ChangeOut:
    return ChangeOut(
        id=str(row.id), at=row.at, who=row.who, who_name=names.get(row.who), area=row.area, key=row.key,
        before=row.before, after=row.after,
    )  # fmt: skip
