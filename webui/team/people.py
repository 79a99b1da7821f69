"""People of a company: who may log in, as what, and who is a call agent (SEAT-2, ROLE-1)."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from peewee import JOIN, Database, IntegrityError

from orchestrator.database.audit import note_change
from orchestrator.database.models import Agent, SipCredential, User
from orchestrator.domain.agent import AnswerMode
from orchestrator.publishing import Publishing
from orchestrator.service.ports import Clock
from webui.accounts import Accounts
from webui.errors import InvalidSettingError, NotFoundError, WebError
from webui.identity import Identity
from webui.permissions import reaches
from webui.team.roles import Grants, grants_of, role_exists
from webui.texts import Texts

#: Random bytes of a password that is given out: 16 characters.
PASSWORD_BYTES = 12


class LastAdminError(WebError):
    """Nobody would be left who can manage people and roles."""

    id, status = "last_admin", 409


class NotYourselfError(WebError):
    """Nobody locks themselves out."""

    id, status = "not_yourself", 409


class InactiveError(WebError):
    """Who can't log in needs no password."""

    id, status = "inactive", 409


class MoreThanYoursError(WebError):
    """The role has rights that whoever gives it lacks."""

    id, status = "more_than_yours", 403


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSetting:
    """A call agent: the group (empty = none), where calls ring at first, whether a call seat is assigned."""

    group: str = ""
    mode: AnswerMode = AnswerMode.WEB
    seat: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSetting:
    """A person; `agent` None = no call agent; `leads` are the groups that the scope *group* means.

    `email` is where links to choose a password go, empty = no address.
    """

    login: str
    name: str
    role: str
    active: bool = True
    leads: tuple[str, ...] = ()
    chat_seat: bool = False
    email: str = ""
    agent: AgentSetting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as listed: `key` is the agent's id, None for who is no call agent; `soft_phone` has its own password."""

    id: str
    setting: PersonSetting
    key: str | None
    device: str
    soft_phone: bool


class People:
    """Changes people; each change is checked, noted, and in force at once."""

    def __init__(
        self, publishing: Publishing, database: Database, accounts: Accounts, clock: Clock, texts: Texts
    ) -> None:
        """`texts` say what is wrong with a field."""
        self._publishing, self._database, self._accounts = publishing, database, accounts
        self._clock, self._texts = clock, texts

    def all(self, tenant: str) -> list[PersonRow]:
        """List a tenant's people by name."""
        found = User.select(User, Agent).join(Agent, JOIN.LEFT_OUTER).where(User.tenant == tenant)
        soft = {row.sip_user for row in SipCredential.select().where(SipCredential.expires.is_null())}
        return [_row(user, soft) for user in found.order_by(User.name, User.id)]

    def find(self, tenant: str, id_: str) -> PersonRow:
        """Read one; raises NotFoundError."""
        found = next((row for row in self.all(tenant) if row.id == id_), None)
        if found is None:
            raise NotFoundError
        return found

    def add(self, tenant: str, setting: PersonSetting, who: str, held: Grants) -> tuple[PersonRow, str]:
        """Add a person and return it with the first password, which is kept nowhere; `held` are the rights of `who`."""
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        hashed = self._accounts.hashed(password)
        with self._change(tenant):
            self._may_give(tenant, setting.role, held)
            user = User(tenant=tenant, password=hashed)
            self._write(tenant, user, setting)
            made = self.find(tenant, str(user.id))
            note_change(tenant, "person", made.id, who, self._clock.now(), None, made.setting)
        return made, password

    def change(self, tenant: str, id_: str, setting: PersonSetting, who: str, held: Grants) -> PersonRow:
        """Write a person anew; raises NotFoundError, LastAdminError, NotYourselfError, MoreThanYoursError."""
        with self._change(tenant):
            before = self.find(tenant, id_)
            if id_ == who and (not setting.active or setting.role != before.setting.role):
                raise NotYourselfError
            self._may_give(tenant, before.setting.role, held)
            self._may_give(tenant, setting.role, held)
            self._write(tenant, User.get_by_id(int(id_)), setting)
            self._expect_admin(tenant)
            after = self.find(tenant, id_)
            note_change(tenant, "person", id_, who, self._clock.now(), before.setting, after.setting)
        return after

    def reset_password(self, tenant: str, id_: str, who: str, held: Grants) -> str:
        """Give a person a new password and return it; every log-in with the old one has ended."""
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        hashed = self._accounts.hashed(password)
        with self._database.atomic():
            person = self.find(tenant, id_)
            self._may_give(tenant, person.setting.role, held)
            User.update(password=hashed).where(User.id == int(id_)).execute()
            note_change(tenant, "password", id_, who, self._clock.now(), None, {"login": person.setting.login})
        return password

    def invite(self, tenant: str, id_: str, who: str, held: Grants) -> tuple[Identity, PersonSetting]:
        """Return the person who is to get a link to choose a password, and note it; refuses as `reset_password`."""
        with self._database.atomic():
            person = self.find(tenant, id_)
            self._may_give(tenant, person.setting.role, held)
            known = self._accounts.by_id(id_)
            if known is None:
                raise InactiveError
            note_change(tenant, "password_link", id_, who, self._clock.now(), None, {"login": person.setting.login})
        return known, person.setting

    @contextmanager
    def _change(self, tenant: str) -> Iterator[None]:
        with self._publishing.turn(tenant), self._database.atomic():
            yield

    def _write(self, tenant: str, user: User, setting: PersonSetting) -> None:
        user.login, user.name, user.role, user.active = setting.login, setting.name, setting.role, setting.active
        user.leads, user.chat_seat = list(setting.leads), setting.chat_seat
        user.email = setting.email or None
        user.agent = _agent(tenant, user, setting)
        try:
            with self._database.atomic():
                user.save()
        except IntegrityError as taken:
            message = self._texts.message("problems.login_taken", name=setting.login)
            raise InvalidSettingError(fields={"login": message}) from taken

    def _may_give(self, tenant: str, role: str, held: Grants) -> None:
        if not role_exists(tenant, role):
            raise InvalidSettingError(fields={"role": self._texts.message("problems.unknown_role", name=role)})
        if not reaches(held, grants_of(tenant, role)):
            raise MoreThanYoursError

    def _expect_admin(self, tenant: str) -> None:
        admins = User.select().where(User.tenant == tenant, User.role == "admin", User.active)
        if not admins.exists():
            raise LastAdminError


def _agent(tenant: str, user: User, setting: PersonSetting) -> Agent | None:
    """Write the person's agent: whoever is none (any more) keeps the id, for records and for coming back."""
    agent, wanted = user.agent, setting.agent if setting.active else None
    if wanted is None:
        if agent is not None:
            Agent.update(removed=True, name=setting.name).where(Agent.id == agent.id).execute()
        return agent
    values = {
        "name": setting.name, "group": wanted.group, "mode": wanted.mode.value, "seat": wanted.seat, "removed": False,
    }  # fmt: skip
    if agent is None:
        key = secrets.token_hex(4)
        return Agent.create(tenant=tenant, key=key, device=f"{tenant}-{key}", **values)
    Agent.update(**values).where(Agent.id == agent.id).execute()
    return agent


def _row(user: User, soft: set[str]) -> PersonRow:
    agent = user.agent if user.agent and not user.agent.removed else None
    return PersonRow(
        id=str(user.id),
        setting=PersonSetting(
            login=user.login,
            name=user.name,
            role=user.role,
            active=user.active,
            leads=tuple(user.leads or ()),
            chat_seat=bool(user.chat_seat),
            email=user.email or "",
            agent=None
            if agent is None
            else AgentSetting(group=agent.group, mode=AnswerMode(agent.mode), seat=agent.seat is not False),
        ),
        key=agent.key if agent else None,
        device=agent.device if agent else "",
        soft_phone=agent is not None and agent.device in soft,
    )
