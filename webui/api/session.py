"""Logging in and out, and what the logged-in person is and may do."""

from typing import Literal

from apiflask import APIBlueprint
from flask import session
from flask_login import login_user
from pydantic import BaseModel, Field

from orchestrator.database.billing.accounts import account_of, versions_of
from orchestrator.database.licences import licence_of
from orchestrator.database.models import Tenant
from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.tariff import ZERO
from orchestrator.domain.config import COUNTRY
from orchestrator.domain.licence import Standing
from webui.api.shapes import PRINTABLE, Input
from webui.connections import Connections
from webui.errors import NotAPersonError, WrongLoginError
from webui.identity import SERVICE, Identity, current_identity, identity
from webui.permissions import Permission, permissions_of, public, requires
from webui.services import connections, services
from webui.sessions import LOGIN

bp = APIBlueprint("session", __name__, url_prefix="/api/v1/session", tag="Session")


class LogIn(Input):
    """Login name and password."""

    login: str = Field(min_length=1, max_length=200, pattern=PRINTABLE)
    password: str = Field(min_length=1, max_length=1000)


class LanguageChoice(Input):
    """Interface language; empty for the browser's."""

    language: Literal["zh", "en", ""]


class UserOut(BaseModel):
    """The logged-in person; `agent_id` is set for call agents."""

    id: str
    name: str
    login: str
    role: str
    language: str
    agent_id: str | None


class ServiceOut(BaseModel):
    """Whether the company is served: `until` (us) is when its seats have run out, null = never (SEAT-4)."""

    standing: Standing
    reason: str
    until: int | None


class LowBalanceOut(BaseModel):
    """The balance is below `limit` (an exact decimal) since then (us); told to those who may see the bill (BILL-1)."""

    limit: str
    currency: str
    since: int


class TenantOut(BaseModel):
    """The person's company; `timezone` is an IANA name and defines "today", `country` an ISO 3166 code.

    Telephone numbers are shown as that country writes them.
    """

    id: str
    name: str
    timezone: str
    country: str
    break_reasons: list[str]
    service: ServiceOut
    low_balance: LowBalanceOut | None


class SessionOut(BaseModel):
    """Who is logged in, where, and what is allowed. Operators have no tenant."""

    user: UserOut
    tenant: TenantOut | None
    permissions: list[str]


class WhoOut(BaseModel):
    """The session of whoever asks, null for somebody who isn't logged in."""

    session: SessionOut | None


@bp.post("")
@public
@bp.input(LogIn)
@bp.output(SessionOut)
def log_in(json_data: LogIn) -> SessionOut:
    """Log in."""
    person = services().accounts.by_password(json_data.login, json_data.password)
    if person is None:
        raise WrongLoginError
    services().sessions.begin(session)
    session.permanent = True
    login_user(person)
    return describe(person)


@bp.get("")
@requires(Permission.USE_OWN_ACCOUNT)
@bp.output(SessionOut)
def show() -> SessionOut:
    """Tell who is logged in."""
    return describe(identity())


@bp.get("/who")
@public
@bp.output(WhoOut)
def who() -> WhoOut:
    """Tell who is logged in, if anybody: nobody is no error here, which browsers would note in their console."""
    person = current_identity()
    return WhoOut(session=describe(person) if person else None)


@bp.patch("")
@requires(Permission.USE_OWN_ACCOUNT)
@bp.input(LanguageChoice)
@bp.output(SessionOut)
def change_language(json_data: LanguageChoice) -> SessionOut:
    """Choose the interface language."""
    if identity().role == SERVICE:
        raise NotAPersonError
    services().accounts.set_language(identity().id, json_data.language)
    changed = services().accounts.by_id(identity().id)
    return describe(changed or identity())


@bp.delete("")
@requires(Permission.USE_OWN_ACCOUNT)
@bp.output({}, status_code=204)
def log_out() -> tuple[str, int]:
    """Log out; the live feed's connections of this log-in end too."""
    person, login = identity(), session.get(LOGIN)
    services().sessions.end(session)
    if login:
        services().phones.end(login)
    open_connections: Connections = connections()
    open_connections.review(person.id)
    return "", 204


def describe(person: Identity) -> SessionOut:
    """Describe a logged-in person."""
    return SessionOut(
        user=UserOut(
            id=person.id,
            name=person.name,
            login=person.login,
            role=person.role,
            language=person.language,
            agent_id=person.agent,
        ),
        tenant=_tenant(person, person.tenant) if person.tenant else None,
        permissions=sorted(permissions_of(person)),
    )


def _tenant(person: Identity, id_: str) -> TenantOut:
    tenant = services().accounts.tenant(id_)
    return TenantOut(
        id=tenant.id,
        name=tenant.name,
        timezone=tenant.timezone,
        country=tenant.country or COUNTRY,
        break_reasons=list(tenant.break_reasons),
        service=_service(tenant),
        low_balance=_low_balance(id_) if Permission.VIEW_BILLING in permissions_of(person) else None,
    )


def _low_balance(tenant: str) -> LowBalanceOut | None:
    account = account_of(tenant)
    if account is None or account.low_since is None:
        return None
    currency = versions_of(account.tariff_id)[0].currency
    return LowBalanceOut(limit=plain(account.low_balance or ZERO), currency=currency, since=account.low_since)


def _service(tenant: Tenant) -> ServiceOut:
    licence, now = licence_of(tenant), services().clock.now()
    return ServiceOut(standing=licence.standing(now), reason=licence.reason, until=licence.valid_until(now))
