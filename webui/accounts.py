"""People, their passwords and their API tokens, as the database has them."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from gevent.threadpool import ThreadPool
from peewee import JOIN, ModelSelect

from orchestrator.database.models import Agent, ApiToken, Role, Tenant, User
from orchestrator.database.tokens import digest
from orchestrator.database.users import ROLES
from webui.identity import SERVICE, Identity

#: argon2 takes 64 MiB each time: so many passwords are checked at once, the others wait.
HASHING_AT_ONCE = 2
#: A token's last use is written at most this often (us).
LAST_USED_US = 60_000_000


class Accounts:
    """Finds who may log in. Passwords are checked in threads, where argon2's tens of milliseconds hold up nobody."""

    def __init__(self, now: Callable[[], int], hasher: PasswordHasher | None = None) -> None:
        """`now` gives microseconds UTC."""
        self._now = now
        self._threads = ThreadPool(HASHING_AT_ONCE)
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    def by_password(self, login: str, password: str) -> Identity | None:
        """Return the active person with this login name and password; unknown names take as long as known ones."""
        user = _users().where(User.login == login, User.active).first()
        stored = user.password if user else self._nobody
        fits = self._threads.apply(self._verify, (stored, password))
        if not user or not fits:
            return None
        if self._hasher.check_needs_rehash(stored):
            user.password = self._threads.apply(self._hasher.hash, (password,))
            user.save(only=[User.password])
        return _identity(user)

    def by_session(self, session: str) -> Identity | None:
        """Return the active person whom a session cookie names, unless the password has changed since."""
        id_, _, fingerprint = session.partition(".")
        found = self.by_id(id_)
        return found if found and found.fingerprint == fingerprint else None

    def by_id(self, id_: str) -> Identity | None:
        """Return the active person with this id."""
        user = _users().where(User.id == int(id_), User.active).first() if id_.isascii() and id_.isdigit() else None
        return _identity(user) if user else None

    def by_token(self, token: str) -> Identity | None:
        """Return whom a valid API token stands for: its active person, or the company itself."""
        found = ApiToken.get_or_none(ApiToken.sha256 == digest(token))
        now = self._now()
        if found is None or (found.expires is not None and found.expires <= now):
            return None
        if found.last_used is None or now - found.last_used > LAST_USED_US:
            ApiToken.update(last_used=now).where(ApiToken.id == found.id).execute()
        if found.user_id is None:
            return _service(found)
        person = self.by_id(str(found.user_id))
        return replace(person, token=str(found.id), limits=found.scopes) if person else None

    def of_agent(self, tenant: str, agent: str) -> list[str]:
        """Return the ids of the people who are this agent."""
        found = User.select(User.id).join(Agent).where(User.tenant == tenant, Agent.key == agent)
        return [str(user.id) for user in found]

    def tenant(self, id_: str) -> Tenant:
        """Return a tenant as it is configured; raises peewee's DoesNotExist."""
        return Tenant.get_by_id(id_)

    @staticmethod
    def fingerprint(user: User) -> str:
        """Return what changes with a person's password and gives nothing of it away."""
        return _fingerprint(user)

    def hashed(self, password: str) -> str:
        """Return what is kept of a password."""
        return self._threads.apply(self._hasher.hash, (password,))

    def set_language(self, id_: str, language: str) -> None:
        """Remember a person's language (zh, en or empty for the browser's)."""
        User.update(language=language).where(User.id == int(id_)).execute()

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def _service(token: ApiToken) -> Identity:
    """Return the company itself, with the rights of one of its own tokens."""
    name, id_ = token.name, str(token.id)
    return Identity(
        id=f"token-{id_}",
        tenant=token.tenant_id,
        login=name,
        name=name,
        role=SERVICE,
        language="",
        agent=None,
        fingerprint="",
        grants=token.scopes or {},
        token=id_,
    )


def _users() -> "ModelSelect[User]":
    return User.select(User, Agent).join(Agent, JOIN.LEFT_OUTER)


def _identity(user: User) -> Identity:
    return Identity(
        id=str(user.id),
        tenant=user.tenant_id,
        login=user.login,
        name=user.name,
        role=user.role,
        language=user.language,
        agent=user.agent.key if user.agent and not user.agent.removed else None,
        fingerprint=_fingerprint(user),
        grants=_grants(user),
        leads=tuple(user.leads or ()),
    )


def _fingerprint(user: User) -> str:
    return sha256(user.password.encode()).hexdigest()[:16]


def _grants(user: User) -> dict[str, str]:
    """Read the rights of a role that the tenant has made: at every request, so that a change is in force at once."""
    if user.role in ROLES:
        return {}
    role = Role.get_or_none(Role.tenant == user.tenant_id, Role.key == user.role)
    return dict(role.grants) if role else {}
