"""API tokens as people manage them: own ones, and the company's for other systems; changes are in the audit (API-1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from peewee import Database

from orchestrator.database import tokens as rows
from orchestrator.database.audit import note_change
from orchestrator.database.connection import one_writer
from orchestrator.database.models import ApiToken, User
from webui.errors import NotFoundError, WebError
from webui.permissions import Permission, Scope, reaches

AREA = "tokens"

#: Tokens of a person, and of a company.
MOST = 20


class TokenNameTakenError(WebError):
    """There is a token `name` already."""

    id, status = "token_name_taken", 409


class TooManyTokensError(WebError):
    """There are as many as there may be: `most`."""

    id, status = "too_many_tokens", 409


class TokenRightsError(WebError):
    """Nobody gives rights that they lack."""

    id, status = "more_than_yours", 403


class TokenNeedsLogInError(WebError):
    """A token can't make, list or revoke tokens: one that leaked would outlive its end."""

    id, status = "token_needs_login", 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: rights with their scopes (None = all of the person's, now and later), and the end (us UTC)."""

    name: str
    scopes: Mapping[Permission, Scope] | None
    expires: int | None


class Tokens:
    """Makes, lists and revokes. Raises NotFoundError for tokens that are not there, or not the asker's."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """`now` gives us UTC."""
        self._database, self._now = database, now

    def own(self, person: str) -> list[ApiToken]:
        """Return a person's (a user's id), oldest first."""
        return rows.tokens_of_user(int(person))

    def company(self, tenant: str) -> list[ApiToken]:
        """Return the company's own and those of its people, oldest first."""
        return rows.tokens_of_tenant(tenant)

    def add_own(
        self, tenant: str | None, person: str, held: Mapping[Permission, Scope], wish: Wish
    ) -> tuple[ApiToken, str]:
        """Make a person's token and return it with its text; raises what the class's errors say."""
        self._check(held, wish)
        user = User.get_by_id(int(person))
        return self._add(wish, tenant, person, rows.tokens_of_user(user.id), user)

    def add_service(
        self, tenant: str, person: str, held: Mapping[Permission, Scope], wish: Wish
    ) -> tuple[ApiToken, str]:
        """Make a token of the company, for a system; it outlives the person who makes it."""
        self._check(held, wish)
        return self._add(wish, tenant, person, rows.service_tokens(tenant), None)

    def revoke_own(self, tenant: str | None, person: str, id_: str) -> None:
        """Delete a person's own: it is refused from now on."""
        self._revoke(tenant, person, next((row for row in self.own(person) if str(row.id) == id_), None))

    def revoke_any(self, tenant: str, person: str, id_: str) -> None:
        """Delete one of the company's or of its people."""
        self._revoke(tenant, person, next((row for row in self.company(tenant) if str(row.id) == id_), None))

    def _check(self, held: Mapping[Permission, Scope], wish: Wish) -> None:
        if wish.scopes is not None and not reaches(held, wish.scopes):
            raise TokenRightsError

    def _add(
        self, wish: Wish, tenant: str | None, person: str, others: list[ApiToken], user: User | None
    ) -> tuple[ApiToken, str]:
        scopes = None if wish.scopes is None else {name.value: scope.value for name, scope in wish.scopes.items()}
        with one_writer(self._database, f"tokens of {tenant}"):
            if any(row.name == wish.name for row in others):
                raise TokenNameTakenError(name=wish.name)
            if len(others) >= MOST:
                raise TooManyTokensError(most=str(MOST))
            row, text = rows.make_token(
                tenant, user, wish.name, self._now(), wish.expires, scopes=scopes, created_by=person
            )
            made = {"name": row.name, "service": user is None, "scopes": scopes, "expires": wish.expires}
            note_change(tenant or "", AREA, str(row.id), person, row.created, None, made)
        return row, text

    def _revoke(self, tenant: str | None, person: str, row: ApiToken | None) -> None:
        if row is None:
            raise NotFoundError
        with self._database.atomic():
            ApiToken.delete().where(ApiToken.id == row.id).execute()
            note_change(tenant or "", AREA, str(row.id), person, self._now(), {"name": row.name}, None)
