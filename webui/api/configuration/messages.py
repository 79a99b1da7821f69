"""How callers leave messages (QUEUE-1): the company's rules."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import Field

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.message_rules import RULES, MessageArea
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.message_rules import BEEP_MS, LEAST_S, LONGEST_S, SILENCE_S, MessageRules
from webui.api.configuration.shapes import PromptKey, Setting
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_messages", __name__, url_prefix="/api/v1/config/messages", tag="Configuration")

AREA = MessageArea()


class MessageSettings(Setting):
    """A message ends after `longest_s`, or `silence_s` of silence; what is no longer than `least_s` is thrown away.

    `greeting` (a prompt, empty = a piece in `language`) is said before the tone of `beep_ms` where a destination has no
    prompt of its own.
    """

    longest_s: Annotated[int, Field(ge=10, le=900)] = LONGEST_S
    silence_s: Annotated[int, Field(ge=2, le=30)] = SILENCE_S
    least_s: Annotated[int, Field(ge=1, le=9)] = LEAST_S
    beep_ms: Annotated[int, Field(ge=100, le=2000)] = BEEP_MS
    greeting: PromptKey = ""
    language: SpokenLanguage = SpokenLanguage.ZH


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(MessageSettings)
def show() -> MessageSettings:
    """Show the rules."""
    return _shown(AREA.all(tenant())[0])


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(MessageSettings)
@bp.output(MessageSettings)
def change(json_data: MessageSettings) -> MessageSettings:
    """Change them; they apply to the next message."""
    rules = from_plain(MessageRules, json_data.model_dump())
    with services().editor.change(AREA, tenant(), RULES, identity().id):
        AREA.put(tenant(), rules)
    return _shown(rules)


def _shown(rules: MessageRules) -> MessageSettings:
    return MessageSettings(**to_plain(rules))
