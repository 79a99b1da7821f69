"""API tokens: the own ones, and the company's for other systems (API-1)."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from orchestrator.database.models import ApiToken
from webui.api.shapes import PRINTABLE, Input, Moment
from webui.auth import bearer
from webui.idempotency import tell_secret
from webui.identity import identity, tenant
from webui.permissions import GRANTABLE, Permission, Scope, permissions_of, requires, scopes_of
from webui.services import services
from webui.tokens import TokenNeedsLogInError, Wish

bp = APIBlueprint("tokens", __name__, url_prefix="/api/v1/tokens", tag="Tokens")

Name = Annotated[str, Field(min_length=1, max_length=60, pattern=PRINTABLE)]
Rights = Annotated[dict[Permission, Scope], Field(max_length=len(Permission))]


class TokenIn(Input):
    """A token for oneself: `scopes` null gives it all of one's rights, now and later.

    `expires` is us UTC, null = never.
    """

    name: Name
    scopes: Rights | None = None
    expires: Moment | None = None


class ServiceTokenIn(Input):
    """A token for a system: with rights of its own, as long as the company has it."""

    name: Name
    scopes: Annotated[Rights, Field(min_length=1)]
    expires: Moment | None = None


class TokenOut(BaseModel):
    """A token. Times us UTC; `owner` is whose it is, null for the company's own; `last_used` is right to a minute."""

    id: str
    name: str
    owner: str | None
    created_by_name: str | None
    scopes: dict[str, str] | None
    created: int
    expires: int | None
    last_used: int | None


class TokenWithText(TokenOut):
    """`token` is shown this once."""

    token: str


class TokenList(BaseModel):
    """Tokens, oldest first, and the rights that can be given: those that whoever asks has, with their widest scope."""

    items: list[TokenOut]
    rights: dict[str, list[str]]


@bp.get("")
@requires(Permission.USE_OWN_ACCOUNT)
@bp.output(TokenList)
def index() -> TokenList:
    """List the own tokens."""
    _only_logged_in()
    return _list(services().tokens.own(identity().id))


@bp.post("")
@requires(Permission.USE_OWN_ACCOUNT)
@bp.input(TokenIn)
@bp.output(TokenWithText, status_code=201)
def add(json_data: TokenIn) -> TokenWithText:
    """Make a token with one's own rights, or some of them. Only here its text is told."""
    _only_logged_in()
    who = identity()
    made = services().tokens.add_own(who.tenant, who.id, permissions_of(who), _wish(json_data))
    return _told(*made)


@bp.delete("/<token>")
@requires(Permission.USE_OWN_ACCOUNT)
@bp.output({}, status_code=204)
def revoke(token: str) -> tuple[str, int]:
    """Revoke an own token: it is refused from now on."""
    _only_logged_in()
    services().tokens.revoke_own(identity().tenant, identity().id, token)
    return "", 204


@bp.get("/company")
@requires(Permission.MANAGE_TOKENS)
@bp.output(TokenList)
def index_company() -> TokenList:
    """List the company's tokens, and those of its people."""
    _only_logged_in()
    return _list(services().tokens.company(tenant()))


@bp.post("/company")
@requires(Permission.MANAGE_TOKENS)
@bp.input(ServiceTokenIn)
@bp.output(TokenWithText, status_code=201)
def add_company(json_data: ServiceTokenIn) -> TokenWithText:
    """Make a token for a system. Only here its text is told."""
    _only_logged_in()
    made = services().tokens.add_service(tenant(), identity().id, permissions_of(identity()), _wish(json_data))
    return _told(*made)


@bp.delete("/company/<token>")
@requires(Permission.MANAGE_TOKENS)
@bp.output({}, status_code=204)
def revoke_company(token: str) -> tuple[str, int]:
    """Revoke a token of the company or of one of its people."""
    _only_logged_in()
    services().tokens.revoke_any(tenant(), identity().id, token)
    return "", 204


def _only_logged_in() -> None:
    if bearer(request):
        raise TokenNeedsLogInError


def _wish(wanted: TokenIn | ServiceTokenIn) -> Wish:
    return Wish(name=wanted.name, scopes=wanted.scopes, expires=wanted.expires)


def _list(rows: list[ApiToken]) -> TokenList:
    held = permissions_of(identity())
    rights = {
        right.value: [scope.value for scope in scopes_of(right) if scope.width <= held[right].width]
        for right in GRANTABLE
        if right in held
    }
    return TokenList(items=_shown(rows), rights=rights)


def _shown(rows: list[ApiToken]) -> list[TokenOut]:
    of = identity().tenant
    people = services().names.people(of, {row.created_by for row in rows if row.created_by}) if of else {}
    return [
        TokenOut(
            id=str(row.id),
            name=row.name,
            owner=row.user.name if row.user else None,
            created_by_name=people.get(row.created_by or ""),
            scopes=row.scopes,
            created=row.created,
            expires=row.expires,
            last_used=row.last_used,
        )
        for row in rows
    ]


def _told(row: ApiToken, text: str) -> TokenWithText:
    tell_secret()
    return TokenWithText(**_shown([row])[0].model_dump(), token=text)
