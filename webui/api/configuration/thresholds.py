"""From which figures on the queue monitor warns (WALL-3)."""

from collections.abc import Iterator
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.database.board_thresholds import Limit, Limits, ThresholdArea, Thresholds, Watched
from webui.api.shapes import Input
from webui.errors import InvalidSettingError, NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("thresholds", __name__, url_prefix="/api/v1/config/thresholds", tag="Configuration")

AREA = ThresholdArea()

#: A day, where seconds are meant.
MOST = 86_400
PERCENT = frozenset({Watched.SERVICE_LEVEL, Watched.ABANDONMENT})

Value = Annotated[int | None, Field(ge=0, le=MOST)]
Key = Annotated[str, Field(max_length=64)]


class LimitShape(Input):
    """From where on a figure warns, and alarms: calls, agents, seconds or percent; null = never."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

    warning: Value = None
    alarm: Value = None


class ThresholdsIn(Input):
    """For all queues, and by the queue's id what differs for some."""

    company: dict[Watched, LimitShape] = Field(default_factory=dict)
    queues: dict[Key, dict[Watched, LimitShape]] = Field(default_factory=dict)


class ThresholdsOut(BaseModel):
    """For all queues, and by the queue's id what differs for some."""

    model_config = ConfigDict(from_attributes=True)

    company: dict[Watched, LimitShape]
    queues: dict[str, dict[Watched, LimitShape]]


@bp.get("")
@requires(Permission.VIEW_QUEUE_MONITOR)
@bp.output(ThresholdsOut)
def show() -> ThresholdsOut:
    """Show from which figures on the queue monitor warns."""
    found = AREA.find(tenant(), tenant())
    if found is None:
        raise NotFoundError
    return ThresholdsOut.model_validate(found)


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(ThresholdsIn)
@bp.output(ThresholdsOut)
def change(json_data: ThresholdsIn) -> ThresholdsOut:
    """Change them; figures and queues that are not named warn of nothing, or as all queues do."""
    wanted = Thresholds(
        company=_limits(json_data.company),
        queues={queue: _limits(limits) for queue, limits in json_data.queues.items()},
    )
    problems = {field: services().texts.message(f"thresholds.{problem}") for field, problem in _problems(wanted)}
    if problems:
        raise InvalidSettingError(fields=problems)
    with services().editor.change(AREA, tenant(), tenant(), identity().id):
        AREA.put(tenant(), wanted)
    return show_again()


def show_again() -> ThresholdsOut:
    """Return what holds now."""
    return ThresholdsOut.model_validate(AREA.find(tenant(), tenant()))


def _limits(shapes: dict[Watched, LimitShape]) -> Limits:
    return {figure: Limit(shape.warning, shape.alarm) for figure, shape in shapes.items()}


def _problems(wanted: Thresholds) -> Iterator[tuple[str, str]]:
    """Yield what makes no sense, by the field."""
    known = {queue for queue, _ in services().names.queues(tenant())}
    for queue in wanted.queues.keys() - known:
        yield f"queues.{queue}", "unknown_queue"
    places = [("company", wanted.company), *((f"queues.{queue}", limits) for queue, limits in wanted.queues.items())]
    for place, limits in places:
        for figure, limit in limits.items():
            if figure in PERCENT and max(limit.warning or 0, limit.alarm or 0) > 100:
                yield f"{place}.{figure}", "percent"
            elif not limit.in_order(figure):
                yield f"{place}.{figure}", "order"
