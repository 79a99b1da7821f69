"""What holds for all of a company's calls and agents: time, absence, what follows a call."""

import secrets
from collections.abc import Iterator
from typing import Annotated
from zoneinfo import available_timezones

from apiflask import APIBlueprint
from phonenumbers import SUPPORTED_REGIONS
from pydantic import BaseModel, Field, StringConstraints

from orchestrator.database.call_forms import disposition_used
from orchestrator.database.documents import to_plain
from orchestrator.database.general import General, GeneralArea
from orchestrator.domain.checks import Place, Problem
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.forms import LONGEST_NAME, MOST_CHOICES, Disposition, FormSettings
from webui.api.configuration.shapes import Key, Setting
from webui.api.forms import Tag
from webui.api.shapes import PRINTABLE, Input, Term
from webui.errors import NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("general", __name__, url_prefix="/api/v1/config/general", tag="Configuration")

AREA = GeneralArea()

#: Most break reasons, and characters of one.
MOST_REASONS, LONGEST_REASON = 30, 30

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REASON, pattern=PRINTABLE)
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=PRINTABLE)
]


class DispositionIn(Input):
    """What came of a call, for calls of `queues` (keys, empty = all); inactive ones are offered no more."""

    key: Key = Field(default_factory=lambda: secrets.token_hex(4))
    name: Name
    queues: list[Term] = Field(default_factory=list)
    active: bool = True


class FormChoicesIn(Input):
    """What call forms offer; with `free_tags` agents may make up tags."""

    dispositions: list[DispositionIn] = Field(default_factory=list, max_length=MOST_CHOICES)
    tags: list[Tag] = Field(default_factory=list, max_length=MOST_CHOICES)
    free_tags: bool = True


class GeneralIn(Setting):
    """The settings. `miss_limit` unanswered offers in a row send an agent on break (0 = never); `device_grace_s` is how
    long one whose web phone is lost stays on duty; `wrap_up_s` 0 = wrap-up has no limit; `country` is an ISO 3166 code.
    """

    timezone: Annotated[str, Field(max_length=64, pattern=PRINTABLE)]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    break_reasons: list[Reason] = Field(max_length=MOST_REASONS)
    miss_limit: Annotated[int, Field(ge=0, le=20)]
    device_grace_s: Annotated[int, Field(ge=5, le=600)]
    call_form: bool
    wrap_up_s: Annotated[int, Field(ge=0, le=3600)]
    form: FormChoicesIn

    def setting(self) -> General:
        """Return it as it is kept."""
        values = self.model_dump(exclude={"form"})
        values["break_reasons"] = tuple(dict.fromkeys(self.break_reasons))
        form = FormSettings(
            dispositions=tuple(
                Disposition(key=one.key, name=one.name, queues=tuple(one.queues), active=one.active)
                for one in self.form.dispositions
            ),
            tags=tuple(dict.fromkeys(self.form.tags)),
            free_tags=self.form.free_tags,
        )
        return General(**values, form=form)


class Countries(BaseModel):
    """What may be chosen."""

    timezones: list[str]
    countries: list[str]


class GeneralOut(GeneralIn):
    """The settings as they are."""


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(GeneralOut)
def show() -> GeneralOut:
    """Show the settings."""
    found = AREA.find(tenant(), tenant())
    if found is None:
        raise NotFoundError
    return GeneralOut(**to_plain(found))


@bp.get("/choices")
@requires(Permission.VIEW_CONFIG)
@bp.output(Countries)
def choices() -> Countries:
    """List time zones and countries."""
    return Countries(timezones=sorted(available_timezones()), countries=sorted(SUPPORTED_REGIONS))


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(GeneralIn)
@bp.output(GeneralOut)
def change(json_data: GeneralIn) -> GeneralOut:
    """Change the settings; a disposition that calls have already can be made inactive, not removed."""
    setting = json_data.setting()
    before = AREA.find(tenant(), tenant())
    gone = {one.key for one in (before.form.dispositions if before else ())} - {
        one.key for one in setting.form.dispositions
    }
    used = [key for key in sorted(gone) if disposition_used(tenant(), key)]

    def wrong(config: TenantConfig) -> Iterator[Problem]:
        yield from _flaws(setting, config)
        for key in used:
            name = before.form.named(key) if before else key
            yield _place("form.dispositions").problem("disposition_used", name)

    with services().editor.change(AREA, tenant(), tenant(), identity().id, also=wrong):
        AREA.put(tenant(), setting)
    return GeneralOut(**to_plain(setting))


def _place(field: str) -> Place:
    return Place(AREA.name, tenant(), field)


def _flaws(setting: General, config: TenantConfig) -> Iterator[Problem]:
    if setting.timezone not in available_timezones():
        yield _place("timezone").problem("unknown_timezone", setting.timezone)
    if setting.country not in SUPPORTED_REGIONS:
        yield _place("country").problem("unknown_country", setting.country)
    names: set[str] = set()
    keys: set[str] = set()
    for place, one in enumerate(setting.form.dispositions):
        if one.name in names or one.key in keys:
            yield _place(f"form.dispositions.{place}.name").problem("name_taken", one.name)
        names.add(one.name)
        keys.add(one.key)
        for queue in one.queues:
            if queue not in config.queues:
                yield _place(f"form.dispositions.{place}.queues").problem("unknown_queue", queue)
