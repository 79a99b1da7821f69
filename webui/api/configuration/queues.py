"""Queues: who serves them, what callers hear, and what happens to those who can't be served (QUEUE-1, QUEUE-7)."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.configuration import configuration
from orchestrator.database.documents import to_plain
from orchestrator.database.queues import Queues, QueueSetting
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.checks import Place, Problem
from orchestrator.domain.config import QueueConfig, Strategy, TenantConfig
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.mobile import MobileShows
from orchestrator.domain.music import DEFAULT_MUSIC
from orchestrator.domain.survey import Survey
from webui.api.configuration.shapes import DestinationShape, PromptKey, Setting, Title, WithKey, hang_up, unique
from webui.api.shapes import Input, Term
from webui.errors import CallersWaitingError, NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_queues", __name__, url_prefix="/api/v1/config/queues", tag="Configuration")

AREA = Queues()


class SurveyShape(Input):
    """What callers are asked when their agent has hung up. Times in seconds."""

    prompt: PromptKey
    thanks: PromptKey = ""
    timeout_s: Annotated[int, Field(ge=1, le=30)] = 5
    tries: Annotated[int, Field(ge=1, le=5)] = 2


class CallbackShape(Input):
    """How the queue calls back: who presses `key` while waiting hears `prompt` and may hang up (QUEUE-5).

    With a `number_prompt` callers may key in another number first, which is read back before `confirm_prompt`.
    """

    key: Annotated[str, Field(pattern=r"^[0-9*#]$")] = "1"
    prompt: PromptKey = ""
    ring_s: Annotated[int, Field(ge=10, le=120)] = 30
    tries: Annotated[int, Field(ge=1, le=10)] = 3
    retry_s: Annotated[int, Field(ge=60, le=86_400)] = 900
    expires_h: Annotated[int, Field(ge=1, le=168)] = 24
    number_prompt: PromptKey = ""
    confirm_prompt: PromptKey = ""
    invalid_prompt: PromptKey = ""
    refused_prompt: PromptKey = ""


class QueueIn(Setting):
    """A queue. Times in seconds; `max_wait_s` null = no limit, `max_length` null = any number of callers.

    `on_empty` is for callers who come while no agent is logged in, null lets them wait. `prompt` is played every
    `prompt_every_s` seconds. Callers are told position and estimated wait, the first time after `announce_after_s`,
    then every `announce_every_s` (null = once). `record`: whether callers are recorded, null =
    as the company says. `agents` serve it, and all members of `groups`. `ranks` are those of
    agents (keys) whose rank is another than 1, asked later; one more rank each `widen_s` seconds of waiting, null asks
    all at once. `mobile_prompt` asks agents on their mobiles to press 1, `mobile_shows` is what these show; empty and
    null = as the company has it.
    """

    read_only = frozenset({"key", "members"})

    name: Title
    strategy: Strategy = Strategy.LONGEST_IDLE
    music: Term = DEFAULT_MUSIC.id
    ring_s: Annotated[int, Field(ge=5, le=120)] = 20
    max_wait_s: Annotated[int, Field(ge=10, le=7200)] | None = None
    priority: Annotated[int, Field(ge=0, le=99)] = 0
    short_abandon_s: Annotated[int, Field(ge=0, le=60)] = 5
    service_level_s: Annotated[int, Field(ge=1, le=600)] = 20
    max_length: Annotated[int, Field(ge=0, le=1000)] | None = None
    on_timeout: DestinationShape = Field(default_factory=hang_up)
    on_full: DestinationShape = Field(default_factory=hang_up)
    on_empty: DestinationShape | None = None
    prompt: PromptKey = ""
    prompt_every_s: Annotated[int, Field(ge=10, le=600)] | None = None
    survey: SurveyShape | None = None
    announce_position: bool = False
    announce_wait: bool = False
    announce_after_s: Annotated[int, Field(ge=5, le=600)] = 20
    announce_every_s: Annotated[int, Field(ge=20, le=600)] | None = None
    announce_language: SpokenLanguage = SpokenLanguage.ZH
    mobile_prompt: PromptKey = ""
    mobile_shows: MobileShows | None = None
    ranks: dict[Term, Annotated[int, Field(ge=1, le=9)]] = Field(default_factory=dict, max_length=10_000)
    widen_s: Annotated[int, Field(ge=1, le=3600)] | None = None
    callback: CallbackShape | None = None
    record: bool | None = None
    agents: list[Term] = Field(default_factory=list, max_length=10_000)
    groups: list[Term] = Field(default_factory=list, max_length=1_000)

    def setting(self, key: str) -> QueueSetting:
        """Return it as it is kept."""
        figures = self.model_dump(
            exclude={"key", "members", "agents", "groups", "on_timeout", "on_full", "on_empty", "survey", "callback"}
        )
        config = QueueConfig(
            id=key,
            on_timeout=self.on_timeout.domain(),
            on_full=self.on_full.domain(),
            on_empty=self.on_empty.domain() if self.on_empty else None,
            callback=CallbackRule(**self.callback.model_dump()) if self.callback else None,
            survey=Survey(**self.survey.model_dump()) if self.survey else None,
            **figures,
        )
        return QueueSetting(config=config, agents=unique(self.agents), groups=unique(self.groups))


class NewQueue(WithKey, QueueIn):
    """A queue that is added."""

    read_only = frozenset({"members"})


class QueueOut(QueueIn):
    """A queue as it is configured; `members` are all agents who serve it."""

    read_only = frozenset()

    key: str
    members: list[str]


class QueueList(BaseModel):
    """All queues."""

    items: list[QueueOut]


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(QueueList)
def index() -> QueueList:
    """List the queues."""
    config = configuration(tenant())
    return QueueList(items=[_shown(setting, config) for setting in AREA.all(tenant())])


@bp.post("")
@requires(Permission.EDIT_CONFIG)
@bp.input(NewQueue)
@bp.output(QueueOut, status_code=201)
def add(json_data: NewQueue) -> QueueOut:
    """Add a queue."""
    return _put(json_data.setting(json_data.key), new=True)


@bp.get("/<key>")
@requires(Permission.VIEW_CONFIG)
@bp.output(QueueOut)
def show(key: str) -> QueueOut:
    """Show a queue."""
    return _shown(_existing(key), configuration(tenant()))


@bp.put("/<key>")
@requires(Permission.EDIT_CONFIG)
@bp.input(QueueIn)
@bp.output(QueueOut)
def change(key: str, json_data: QueueIn) -> QueueOut:
    """Change a queue."""
    return _put(json_data.setting(key))


@bp.delete("/<key>")
@requires(Permission.EDIT_CONFIG)
@bp.output({}, status_code=204)
def remove(key: str) -> str:
    """Delete a queue; refused with 409 while something leads to it, or callers wait in it."""
    name = _existing(key).config.name
    if services().use_cases().work.store.waiting(tenant(), key):
        raise CallersWaitingError(queue=name)
    with services().editor.change(AREA, tenant(), key, identity().id):
        AREA.remove(tenant(), key)
    return ""


def _put(setting: QueueSetting, *, new: bool = False) -> QueueOut:
    key = setting.config.id
    with services().editor.change(AREA, tenant(), key, identity().id, new=new, also=partial(_strangers, setting)):
        AREA.put(tenant(), setting)
    return _shown(_existing(key), configuration(tenant()))


def _existing(key: str) -> QueueSetting:
    found = AREA.find(tenant(), key)
    if found is None:
        raise NotFoundError
    return found


def _strangers(setting: QueueSetting, config: TenantConfig) -> Iterator[Problem]:
    """Agents and groups that there aren't."""
    groups = {agent.group for agent in config.agents.values() if agent.group}
    for field, named, known in (
        ("agents", setting.agents, set(config.agents)),
        ("groups", setting.groups, groups),
        ("ranks", setting.config.ranks, set(config.agents)),
    ):
        if unknown := sorted(set(named) - known):
            kind = "agents" if field == "ranks" else field
            yield Place(AREA.name, setting.config.id, field).problem(f"unknown_{kind}", ", ".join(unknown))


def _shown(setting: QueueSetting, config: TenantConfig) -> QueueOut:
    members = [agent.id for agent in config.agents.values() if setting.config.id in agent.queues]
    values = to_plain(setting.config)
    key = values.pop("id")
    values["ranks"] = {agent: rank for agent, rank in setting.config.ranks.items() if agent in config.agents}
    return QueueOut(key=key, members=members, agents=list(setting.agents), groups=list(setting.groups), **values)
