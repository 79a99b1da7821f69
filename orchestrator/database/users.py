"""People who log in."""

from argon2 import PasswordHasher

from orchestrator.database.models import Agent, Tenant, User

ROLES = ("agent", "supervisor", "admin", "operator")


class UnknownUserError(LookupError):
    """There is no such user."""


def add_user(
    login: str, password: str, role: str, name: str, tenant: Tenant | None = None, agent: Agent | None = None
) -> User:
    """Add a person; raises ValueError for an unknown role, peewee.IntegrityError for a login that is taken."""
    if role not in ROLES:
        raise ValueError(f"unknown role {role!r}: use one of {', '.join(ROLES)}")
    hashed = PasswordHasher().hash(password)
    return User.create(tenant=tenant, login=login, name=name, password=hashed, role=role, agent=agent)


def user_of(login: str) -> User:
    """Find a person by login; raises UnknownUserError."""
    found = User.get_or_none(User.login == login)
    if found is None:
        raise UnknownUserError(f"there is no user {login!r}")
    return found
