"""For how long the company keeps what grows: calls, stories, the state log, customers, messages, exports, the audit."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.retention import BOUNDS, Kept, Retention, RetentionArea, count_older
from webui.api.shapes import Input, Query
from webui.errors import InvalidSettingError, NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("retention", __name__, url_prefix="/api/v1/config/retention", tag="Configuration")

AREA = RetentionArea()
DAY_US = 86_400_000_000

Days = Annotated[int | None, Field(ge=1, le=3660)]


class RetentionIn(Input):
    """Days by kind; null, or a kind that is not named: as is usual, see `bounds`."""

    days: dict[Kept, Days]


class BoundsOut(BaseModel):
    """The least and the most days that can be set; `usual` holds where nothing is set, null = for ever."""

    least: int
    most: int
    usual: int | None


class RetentionOut(BaseModel):
    """The setting, and what can be set."""

    days: dict[Kept, int | None]
    bounds: dict[Kept, BoundsOut]


class PreviewQuery(Query):
    """A kind, and after how many days it would be deleted."""

    kind: Kept
    days: Annotated[int, Field(ge=1, le=3660)]


class PreviewOut(BaseModel):
    """How many would be deleted now: those older than `before` (us UTC)."""

    count: int
    before: int


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(RetentionOut)
def show() -> RetentionOut:
    """Show for how long what is kept."""
    return _shown()


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(RetentionIn)
@bp.output(RetentionOut)
def change(json_data: RetentionIn) -> RetentionOut:
    """Change it; the company's next night deletes what is too old then."""
    _expect_bounds(json_data.days)
    with services().editor.change(AREA, tenant(), tenant(), identity().id):
        AREA.put(tenant(), Retention(days={kind: json_data.days.get(kind) for kind in Kept}))
    return _shown()


@bp.get("/preview")
@requires(Permission.VIEW_CONFIG)
@bp.input(PreviewQuery, location="query")
@bp.output(PreviewOut)
def preview(query_data: PreviewQuery) -> PreviewOut:
    """Count what would be deleted now; nothing is deleted. Exports end by a time of their own: none would be."""
    before = services().clock.now() - query_data.days * DAY_US
    count = 0 if query_data.kind is Kept.EXPORTS else count_older(tenant(), query_data.kind, before)
    return PreviewOut(count=count, before=before)


def _expect_bounds(wanted: dict[Kept, int | None]) -> None:
    """Raise InvalidSettingError for what is too short or too long."""
    texts, fields = services().texts, {}
    for kind, days in wanted.items():
        bounds = BOUNDS[kind]
        if days is not None and not bounds.least <= days <= bounds.most:
            fields[f"days.{kind.value}"] = texts.message(
                "retention.bounds", least=str(bounds.least), most=str(bounds.most)
            )
    if fields:
        raise InvalidSettingError(fields=fields)


def _shown() -> RetentionOut:
    found = AREA.find(tenant(), tenant())
    if found is None:
        raise NotFoundError
    bounds = {kind: BoundsOut(least=one.least, most=one.most, usual=one.usual) for kind, one in BOUNDS.items()}
    return RetentionOut(days={kind: found.days.get(kind) for kind in Kept}, bounds=bounds)
