"""The web phone: what a page of a logged-in agent registers with."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import session
from pydantic import BaseModel, Field

from webui.api.shapes import Input
from webui.errors import NoLoginError, NotAnAgentError, NoWebPhoneError, SoftPhoneError
from webui.idempotency import tell_secret
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.phones import REGISTER_S
from webui.services import services
from webui.sessions import LOGIN

bp = APIBlueprint("phone", __name__, url_prefix="/api/v1/phone", tag="Web phone")

Page = Annotated[str, Field(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]


class PageIn(Input):
    """A page, by an id that it made up when it was loaded."""

    page: Page


class PhoneOut(BaseModel):
    """What to register with: `url` is the switch's WebSocket, `register_s` how long a registration may last.

    The password is for this page and log-in alone; it is renewed before `expires` (us) or worth nothing afterwards.
    """

    url: str
    user: str
    domain: str
    password: str
    expires: int
    register_s: int


class StandingOut(BaseModel):
    """Whether a page can be the own phone; `hindrance` is the id of what is against it, `reason` the same in words."""

    offered: bool
    hindrance: str
    reason: str


class RenewedOut(BaseModel):
    """Until when (us) the password holds now."""

    expires: int


@bp.get("")
@requires(Permission.CHANGE_OWN_STATE)
@bp.output(StandingOut)
def show() -> StandingOut:
    """Tell whether pages can be the own phone: not where there is no WebSocket, or a soft phone is used."""
    against = _against()
    if against is None:
        return StandingOut(offered=True, hindrance="", reason="")
    words = services().errors.describe(against)["error"]["message"]
    return StandingOut(offered=False, hindrance=against.id, reason=words)


@bp.post("")
@requires(Permission.CHANGE_OWN_STATE)
@bp.input(PageIn)
@bp.output(PhoneOut)
def issue(json_data: PageIn) -> PhoneOut:
    """Make a password for a page; the page that had the phone before has it no more."""
    if (against := _against()) is not None:
        raise against
    made = services().phones.issue(tenant(), _agent(), _login(), json_data.page)
    tell_secret()
    return PhoneOut(
        url=services().web.phone_url,
        user=made.user,
        domain=made.domain,
        password=made.password,
        expires=made.expires,
        register_s=REGISTER_S,
    )


@bp.post("/renew")
@requires(Permission.CHANGE_OWN_STATE)
@bp.input(PageIn)
@bp.output(RenewedOut)
def renew(json_data: PageIn) -> RenewedOut:
    """Let the page's password live on; 409 when another page has the phone."""
    return RenewedOut(expires=services().phones.renew(tenant(), _agent(), _login(), json_data.page))


def _against() -> NoWebPhoneError | SoftPhoneError | None:
    if not services().web.phone_url:
        return NoWebPhoneError()
    device = services().phones.soft_phone(tenant(), _agent())
    return SoftPhoneError(device=device) if device else None


def _agent() -> str:
    own = identity().agent
    if own is None:
        raise NotAnAgentError
    return own


def _login() -> str:
    """Return which log-in asks: a program's token has none, and no ears."""
    login: str | None = session.get(LOGIN)
    if login is None:
        raise NoLoginError
    return login
