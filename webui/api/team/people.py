"""People of the company: who may log in, as what, and who is a call agent (SEAT-2)."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from orchestrator.domain.agent import AnswerMode
from orchestrator.service.errors import AgentEngagedError, NoMobileError
from webui.api.configuration.shapes import Setting, Title
from webui.api.shapes import PRINTABLE, Input, Term
from webui.errors import NotAnAgentError
from webui.idempotency import tell_secret
from webui.identity import identity, tenant
from webui.permissions import Permission, permissions_of, requires
from webui.services import connections, services
from webui.team.people import AgentSetting, PersonRow, PersonSetting

bp = APIBlueprint("people", __name__, url_prefix="/api/v1/team/people", tag="Team")

#: A group's name, empty for none; without slashes, as it stands in addresses.
Group = Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f\x7f/]*$")]


#: An e-mail address, or nothing.
EMAIL = r"^([^\s@,;<>\x00-\x1f\x7f]+@[^\s@,;<>\x00-\x1f\x7f]+)?$"


class AgentShape(Input):
    """A call agent: the group, where calls ring, whether a call seat is assigned."""

    group: Group = ""
    mode: AnswerMode = AnswerMode.WEB
    seat: bool = True


class PersonIn(Setting):
    """A person; `agent` null = no call agent. Who is not active can't log in, and is no call agent."""

    read_only = frozenset({"id", "key", "device", "soft_phone"})

    login: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
    name: Title
    role: Term
    active: bool = True
    leads: list[Annotated[Group, Field(min_length=1)]] = Field(default=[], max_length=200)
    chat_seat: bool = False
    email: Annotated[str, Field(max_length=254, pattern=EMAIL)] = ""
    agent: AgentShape | None = None

    def setting(self) -> PersonSetting:
        """Return it as it is kept."""
        agent = AgentSetting(**self.agent.model_dump()) if self.agent and self.active else None
        values = self.model_dump(exclude={"agent", "leads"})
        return PersonSetting(**values, leads=tuple(dict.fromkeys(self.leads)), agent=agent)


class PersonOut(PersonIn):
    """A person; `key` is the agent's id, `device` the SIP user, `soft_phone` whether it has a password of its own."""

    read_only = frozenset()

    id: str
    key: str | None
    device: str
    soft_phone: bool


class PersonList(BaseModel):
    """All people of the company."""

    items: list[PersonOut]


class WithPassword(BaseModel):
    """A person with the password, which is shown this once."""

    person: PersonOut
    password: str


class PasswordLinkOut(BaseModel):
    """A link to choose a password, until `expires` (us UTC); `mailed` is the address that it goes to, empty = none."""

    url: str
    expires: int
    mailed: str


class SoftPhoneOut(BaseModel):
    """What a SIP soft phone registers with; the password is shown this once."""

    user: Annotated[str, Field(pattern=PRINTABLE)]
    domain: str
    password: str


@bp.get("")
@requires(Permission.VIEW_TEAM)
@bp.output(PersonList)
def index() -> PersonList:
    """List the company's people."""
    return PersonList(items=[_shown(row) for row in services().people.all(tenant())])


@bp.post("")
@requires(Permission.EDIT_TEAM)
@bp.input(PersonIn)
@bp.output(WithPassword, status_code=201)
def add(json_data: PersonIn) -> WithPassword:
    """Add a person; the first password is shown this once."""
    row, password = services().people.add(tenant(), json_data.setting(), identity().id, permissions_of(identity()))
    tell_secret()
    return WithPassword(person=_shown(row), password=password)


@bp.put("/<person>")
@requires(Permission.EDIT_TEAM)
@bp.input(PersonIn)
@bp.output(PersonOut)
def change(person: str, json_data: PersonIn) -> PersonOut:
    """Change a person. While ringing or in a call an agent stays one, and answers where it rings (STATE-2)."""
    setting, before = json_data.setting(), services().people.find(tenant(), person)
    _expect_free(before, setting)
    after = services().people.change(tenant(), person, setting, identity().id, permissions_of(identity()))
    _follow(before, after)
    return _shown(after)


@bp.post("/<person>/password")
@requires(Permission.EDIT_TEAM)
@bp.output(WithPassword)
def reset_password(person: str) -> WithPassword:
    """Give a person a new password, shown this once; log-ins with the old one end."""
    password = services().people.reset_password(tenant(), person, identity().id, permissions_of(identity()))
    connections().review(person)
    tell_secret()
    return WithPassword(person=_shown(services().people.find(tenant(), person)), password=password)


@bp.post("/<person>/password-link")
@requires(Permission.EDIT_TEAM)
@bp.output(PasswordLinkOut)
def make_password_link(person: str) -> PasswordLinkOut:
    """Make a link by which the person chooses a password, once; it is mailed where an address is known."""
    known, setting = services().people.invite(tenant(), person, identity().id, permissions_of(identity()))
    token, expires = services().passwords.link_for(known)
    # Behind the #, where it gets into no log and no Referer.
    url = f"{request.host_url}choose-password#{token}"
    mailed = setting.email if services().settings.smtp_url else ""
    if mailed:
        services().passwords.mail(known, mailed, url, expires)
    return PasswordLinkOut(url=url, expires=expires, mailed=mailed)


@bp.post("/<person>/soft-phone")
@requires(Permission.EDIT_TEAM)
@bp.output(SoftPhoneOut)
def give_soft_phone(person: str) -> SoftPhoneOut:
    """Let the agent use a SIP soft phone in place of the browser's; the password is shown this once."""
    made = services().phones.give_soft_phone(tenant(), _agent(person), identity().id)
    tell_secret()
    return SoftPhoneOut(user=made.user, domain=made.domain, password=made.password)


@bp.delete("/<person>/soft-phone")
@requires(Permission.EDIT_TEAM)
@bp.output(PersonOut)
def take_soft_phone(person: str) -> PersonOut:
    """Have the agent use the browser's phone again."""
    services().phones.take_soft_phone(tenant(), _agent(person), identity().id)
    return _shown(services().people.find(tenant(), person))


def _agent(person: str) -> str:
    key = services().people.find(tenant(), person).key
    if key is None:
        raise NotAnAgentError
    return key


def _expect_free(before: PersonRow, setting: PersonSetting) -> None:
    """Raise AgentEngagedError for what is not to change in a call."""
    old, new = before.setting.agent, setting.agent
    if before.key is None or old is None or (new is not None and new.mode is old.mode):
        return
    held = services().use_cases().work.store.agent(tenant(), before.key)
    if held and held.document.engaged:
        raise AgentEngagedError(state=held.document.state.value)
    if new is not None and new.mode is AnswerMode.MOBILE:
        _expect_mobile(before.key)


def _expect_mobile(agent: str) -> None:
    """Raise NoMobileError for an agent whose mobile isn't known (MOB-1)."""
    configured = services().use_cases().work.unit(tenant()).config.agents.get(agent)
    if configured is None or not configured.mobile:
        raise NoMobileError(agent=configured.name if configured else agent)


def _follow(before: PersonRow, after: PersonRow) -> None:
    """Bring what is live into line with what is configured now."""
    old, new = before.setting.agent, after.setting.agent
    if after.key and new and old and new.mode is not old.mode:
        services().use_cases().agents.change_answer_mode(tenant(), after.key, new.mode, identity().id)
    if before.key and not after.key:
        services().phones.end_agent(tenant(), before.key)
    if not after.setting.active:
        services().sessions.end_all(after.id)
    connections().review(after.id)


def _shown(row: PersonRow) -> PersonOut:
    setting = row.setting
    return PersonOut(
        id=row.id, key=row.key, device=row.device, soft_phone=row.soft_phone, login=setting.login, name=setting.name,
        role=setting.role, active=setting.active, leads=list(setting.leads), chat_seat=setting.chat_seat,
        email=setting.email,
        agent=AgentShape(group=setting.agent.group, mode=setting.agent.mode, seat=setting.agent.seat)
        if setting.agent else None,
    )  # fmt: skip
