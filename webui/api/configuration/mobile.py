"""How agents answer on their mobiles (MOB-1): the company's rules."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import Field

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.mobiles import RULES, MobileArea
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.mobile import CONFIRM_S, MobileAnswering, MobileShows
from webui.api.configuration.shapes import PromptKey, Setting
from webui.api.shapes import PRINTABLE
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_mobile", __name__, url_prefix="/api/v1/config/mobile", tag="Configuration")

AREA = MobileArea()


class MobileRules(Setting):
    """What agents' mobiles show: the customer's number where the trunk passes it on (`customer`), or an owned one.

    `caller_id` is that owned number, empty for the one that was dialled. `prompt` asks to press 1, queues may have
    their own; empty = a piece in `language`. `confirm_s` counts from its end. `own_number`: agents may change theirs.
    """

    shows: MobileShows = MobileShows.CUSTOMER
    caller_id: Annotated[str, Field(max_length=32, pattern=PRINTABLE)] = ""
    prompt: PromptKey = ""
    confirm_s: Annotated[int, Field(ge=3, le=30)] = CONFIRM_S
    language: SpokenLanguage = SpokenLanguage.ZH
    own_number: bool = False


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(MobileRules)
def show() -> MobileRules:
    """Show the rules."""
    return show_rules(AREA.all(tenant())[0])


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(MobileRules)
@bp.output(MobileRules)
def change(json_data: MobileRules) -> MobileRules:
    """Change them; they apply to the next call."""
    rules = from_plain(MobileAnswering, json_data.model_dump())
    with services().editor.change(AREA, tenant(), RULES, identity().id):
        AREA.put(tenant(), rules)
    return show_rules(rules)


def show_rules(rules: MobileAnswering) -> MobileRules:
    """Show rules as they are kept."""
    return MobileRules(**to_plain(rules))
