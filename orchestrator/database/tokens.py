"""Tokens of the REST API: shown once, kept as a hash."""

import secrets
from hashlib import sha256

from peewee import Database, ModelSelect

from orchestrator.database.models import ApiToken, User

#: What every token begins with, so that one that leaked is recognised.
PREFIX = "zuoxi_"


class TokenNameTakenError(ValueError):
    """The user has a token of this name already."""


class UnknownTokenError(LookupError):
    """The user has no token of this name."""


def create_token(database: Database, user: User, name: str, now: int, expires: int | None = None) -> str:
    """Make a token and return its text, which cannot be read again. Times microseconds UTC.

    Raises TokenNameTakenError.
    """
    text = PREFIX + secrets.token_urlsafe(32)
    with database.atomic():
        if ApiToken.get_or_none(ApiToken.user == user, ApiToken.name == name):
            raise TokenNameTakenError(f"{user.login} has a token {name!r} already: revoke it or choose another name")
        ApiToken.create(tenant=user.tenant_id, user=user, name=name, sha256=digest(text), created=now, expires=expires)
    return text


def digest(text: str) -> str:
    """Return what is kept of a token."""
    return sha256(text.encode()).hexdigest()


def tokens_of(user: User) -> "ModelSelect[ApiToken]":
    """List a user's tokens, oldest first."""
    return ApiToken.select().where(ApiToken.user == user).order_by(ApiToken.created)


def revoke_token(user: User, name: str) -> None:
    """Delete a token: it is refused from now on. Raises UnknownTokenError."""
    if not ApiToken.delete().where(ApiToken.user == user, ApiToken.name == name).execute():
        raise UnknownTokenError(f"{user.login} has no token {name!r}")
