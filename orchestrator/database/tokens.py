"""Tokens of the REST API: shown once, kept as a hash. A person's, or the company's own for other systems."""

import secrets
from collections.abc import Mapping
from hashlib import sha256

from peewee import JOIN, Database, ModelSelect

from orchestrator.database.models import ApiToken, User

#: What every token begins with, so that one that leaked is recognised.
PREFIX = "zuoxi_"


class TokenNameTakenError(ValueError):
    """The user has a token of this name already."""


class UnknownTokenError(LookupError):
    """The user has no token of this name."""


def create_token(database: Database, user: User, name: str, now: int, expires: int | None = None) -> str:
    """Make a token with all rights of a user and return its text, which cannot be read again. Times us UTC.

    Raises TokenNameTakenError.
    """
    with database.atomic():
        if ApiToken.get_or_none(ApiToken.user == user, ApiToken.name == name):
            raise TokenNameTakenError(f"{user.login} has a token {name!r} already: revoke it or choose another name")
        return make_token(user.tenant_id, user, name, now, expires, scopes=None, created_by=str(user.id))[1]


def make_token(
    tenant: str | None,
    user: User | None,
    name: str,
    now: int,
    expires: int | None,
    *,
    scopes: Mapping[str, str] | None,
    created_by: str,
) -> tuple[ApiToken, str]:
    """Write a token (`user` None: the company's own) and return it with its text."""
    text = PREFIX + secrets.token_urlsafe(32)
    values = {"name": name, "created": now, "expires": expires, "created_by": created_by}
    rights = None if scopes is None else dict(scopes)
    return ApiToken.create(tenant=tenant, user=user, sha256=digest(text), scopes=rights, **values), text


def digest(text: str) -> str:
    """Return what is kept of a token."""
    return sha256(text.encode()).hexdigest()


def tokens_of(user: User) -> "ModelSelect[ApiToken]":
    """List a user's tokens, oldest first."""
    return ApiToken.select().where(ApiToken.user == user).order_by(ApiToken.created)


def tokens_of_user(user: int) -> list[ApiToken]:
    """Read a user's (an id) tokens with the user, oldest first."""
    return _listed(ApiToken.user == user)


def tokens_of_tenant(tenant: str) -> list[ApiToken]:
    """Read all tokens of a tenant, with the users of those that have one, oldest first."""
    return _listed(ApiToken.tenant == tenant)


def service_tokens(tenant: str) -> list[ApiToken]:
    """Read the tokens that are the tenant's own."""
    return _listed((ApiToken.tenant == tenant) & ApiToken.user.is_null())


def revoke_token(user: User, name: str) -> None:
    """Delete a token: it is refused from now on. Raises UnknownTokenError."""
    if not ApiToken.delete().where(ApiToken.user == user, ApiToken.name == name).execute():
        raise UnknownTokenError(f"{user.login} has no token {name!r}")


def _listed(condition: object) -> list[ApiToken]:
    found = ApiToken.select(ApiToken, User).join(User, JOIN.LEFT_OUTER).where(condition)
    return list(found.order_by(ApiToken.created, ApiToken.id))
