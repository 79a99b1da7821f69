"""Where the calls to owned numbers go (CALL-1). Which numbers are owned is the operator's business."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.documents import to_plain
from orchestrator.database.numbers import Numbers
from orchestrator.domain.config import NumberConfig
from webui.api.configuration.shapes import DestinationShape, Setting, hang_up
from webui.api.shapes import PRINTABLE
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_numbers", __name__, url_prefix="/api/v1/config/numbers", tag="Configuration")

AREA = Numbers()


class NumberIn(Setting):
    """Where calls go while `hours` (a key, empty = always open) are open, closed, or on a holiday outside its hours.

    `priority` is the least that callers of the number have of their own, over the queue's.
    """

    read_only = frozenset({"number", "trunk"})

    route: DestinationShape
    hours: Annotated[str, Field(max_length=100, pattern=PRINTABLE)] = ""
    closed: DestinationShape = Field(default_factory=hang_up)
    holiday: DestinationShape = Field(default_factory=hang_up)
    priority: Annotated[int, Field(ge=0, le=99)] = 0

    def setting(self, number: str) -> NumberConfig:
        """Return it as it is kept."""
        return NumberConfig(
            number=number,
            route=self.route.domain(),
            hours=self.hours,
            closed=self.closed.domain(),
            holiday=self.holiday.domain(),
            priority=self.priority,
        )


class NumberOut(NumberIn):
    """An owned number; `trunk` is where calls that show it go out, empty if none do."""

    read_only = frozenset()

    number: str
    trunk: str


class NumberList(BaseModel):
    """All owned numbers."""

    items: list[NumberOut]


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(NumberList)
def index() -> NumberList:
    """List the numbers."""
    return NumberList(items=[_shown(number) for number in AREA.all(tenant())])


@bp.put("/<number>")
@requires(Permission.EDIT_CONFIG)
@bp.input(NumberIn)
@bp.output(NumberOut)
def change(number: str, json_data: NumberIn) -> NumberOut:
    """Change where a number's calls go."""
    setting = json_data.setting(number)
    with services().editor.change(AREA, tenant(), number, identity().id):
        AREA.put(tenant(), setting)
    return _shown(AREA.find(tenant(), number) or setting)


def _shown(number: NumberConfig) -> NumberOut:
    return NumberOut(**to_plain(number))
