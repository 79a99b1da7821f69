"""The forms that agents fill in about their calls (WEB-2, STATE-4)."""

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints, field_validator

from orchestrator.database.documents import to_plain
from orchestrator.database.general import form_settings
from orchestrator.database.models import CallForm
from orchestrator.domain.agent import AgentState
from orchestrator.domain.forms import LONGEST_NOTES, LONGEST_TAG, MOST_TAGS, FormContent, FormSettings
from orchestrator.service.close_form import NextState
from webui.api.shapes import PRINTABLE, Input
from webui.errors import ForbiddenError, NotAnAgentError
from webui.identity import identity, tenant
from webui.permissions import Permission, Scope, check, requires
from webui.services import services

bp = APIBlueprint("forms", __name__, url_prefix="/api/v1/calls/<call>/forms", tag="Calls")
choices_bp = APIBlueprint("form_choices", __name__, url_prefix="/api/v1/form-choices", tag="Calls")

#: Texts of several lines: nothing invisible but tabs and ends of lines.
NOTES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TAG, pattern=PRINTABLE)]


class FormIn(Input):
    """What an agent writes about a call; `disposition` is a key of the settings, or empty."""

    notes: str = Field(default="", max_length=LONGEST_NOTES, pattern=NOTES)
    disposition: str = Field(default="", max_length=100, pattern=PRINTABLE)
    tags: list[Tag] = Field(default_factory=list, max_length=MOST_TAGS)

    @field_validator("tags")
    @classmethod
    def _once_each(cls, tags: list[str]) -> list[str]:
        return list(dict.fromkeys(tags))

    def content(self) -> FormContent:
        """Return it as it is kept."""
        return FormContent(notes=self.notes, disposition=self.disposition, tags=tuple(self.tags))


class NextIn(Input):
    """The state for after wrap-up: online, break, busy or offline; `reason` is one of the tenant's break reasons."""

    state: AgentState
    reason: str = Field(default="", max_length=100, pattern=PRINTABLE)


class CloseIn(FormIn):
    """The form as it is closed; without `then` the agent is back in the state held before the call."""

    then: NextIn | None = None


class FormOut(BaseModel):
    """A form of a call. `disposition_name` is what the key is called now; `closed` null = it is a draft."""

    agent: str
    notes: str
    disposition: str
    disposition_name: str
    tags: list[str]
    saved: int
    closed: int | None


class DispositionOut(BaseModel):
    """What may have come of a call of `queues` (keys, empty = all); inactive ones are offered no more."""

    key: str
    name: str
    queues: list[str]
    active: bool


class FormChoicesOut(BaseModel):
    """What the company's forms offer; with `free_tags` agents may make up tags."""

    dispositions: list[DispositionOut]
    tags: list[str]
    free_tags: bool


@bp.put("/<agent>")
@requires(Permission.EDIT_FORMS)
@bp.input(FormIn)
@bp.output(FormOut)
def save(call: str, agent: str, json_data: FormIn) -> FormOut:
    """Keep what is written so far (`agent` may be `me`); after the call's wrap-up the change stands in the audit."""
    row = services().forms.save(tenant(), call, _writing_as(agent), identity().id, json_data.content())
    return shown(row, form_settings(tenant()))


@bp.post("/<agent>/close")
@requires(Permission.EDIT_FORMS)
@bp.input(CloseIn)
@bp.output(FormOut)
def close(call: str, agent: str, json_data: CloseIn) -> FormOut:
    """Close the form: the wrap-up ends, or won't begin while the call goes on."""
    then = NextState(json_data.then.state, json_data.then.reason) if json_data.then else None
    row = services().forms.close(tenant(), call, _writing_as(agent), identity().id, json_data.content(), then)
    return shown(row, form_settings(tenant()))


def shown(row: CallForm, settings: FormSettings) -> FormOut:
    """Show a form."""
    return FormOut(
        agent=row.agent,
        notes=row.notes,
        disposition=row.disposition,
        disposition_name=settings.named(row.disposition),
        tags=row.tags,
        saved=row.saved,
        closed=row.closed,
    )


@choices_bp.get("")
@requires(Permission.VIEW_NAMES)
@choices_bp.output(FormChoicesOut)
def choices() -> FormChoicesOut:
    """List what forms offer, for all queues, the inactive ones too."""
    return FormChoicesOut(**to_plain(form_settings(tenant())))


def _writing_as(agent: str) -> str:
    """Return whose form it is: the own, or with the wider permission anybody's."""
    own = identity().agent
    if agent in ("me", own):
        if own is None:
            raise NotAnAgentError
        return own
    if check(identity(), Permission.EDIT_FORMS) is Scope.OWN:
        raise ForbiddenError(permission=Permission.EDIT_FORMS.value)
    return agent
