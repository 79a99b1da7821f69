"""Choosing a password: the own one anew, or by a link that an administrator has made (ROLE-1)."""

from apiflask import APIBlueprint
from flask import session
from flask_login import login_user
from pydantic import BaseModel, Field

from webui.api.shapes import Input
from webui.errors import NotAPersonError
from webui.identity import SERVICE, Identity, identity
from webui.passwords import LONGEST, SHORTEST
from webui.permissions import Permission, public, requires
from webui.services import connections, services
from webui.sessions import LOGIN

bp = APIBlueprint("passwords", __name__, url_prefix="/api/v1/password", tag="Session")


class OwnPasswordIn(Input):
    """The password held now, and the one to have."""

    old: str = Field(min_length=1, max_length=1000)
    new: str = Field(min_length=1, max_length=LONGEST)


class LinkIn(Input):
    """What stands in a link behind `#`."""

    token: str = Field(min_length=1, max_length=1000)


class ByLinkIn(LinkIn):
    """The password to have, by a link."""

    password: str = Field(min_length=1, max_length=LONGEST)


class LinkOut(BaseModel):
    """Whose password can be chosen, until when (us UTC), and how many characters it needs."""

    name: str
    login: str
    expires: int
    shortest: int


@bp.put("")
@requires(Permission.USE_OWN_ACCOUNT)
@bp.input(OwnPasswordIn)
@bp.output({}, status_code=204)
def change_own(json_data: OwnPasswordIn) -> tuple[str, int]:
    """Choose another password; all other log-ins end."""
    if identity().role == SERVICE:
        raise NotAPersonError
    changed = services().passwords.change_own(identity(), json_data.old, json_data.new)
    login = session.get(LOGIN)
    if login:
        login_user(changed)
    _end_log_ins(changed, login)
    return "", 204


@bp.post("/link")
@public
@bp.input(LinkIn)
@bp.output(LinkOut)
def look(json_data: LinkIn) -> LinkOut:
    """Tell whose password a link lets choose; 410 when it is over."""
    found = services().passwords.read(json_data.token)
    return LinkOut(name=found.person.name, login=found.person.login, expires=found.expires, shortest=SHORTEST)


@bp.put("/link")
@public
@bp.input(ByLinkIn)
@bp.output({}, status_code=204)
def choose(json_data: ByLinkIn) -> tuple[str, int]:
    """Choose the password by a link, which is over then; all log-ins end."""
    _end_log_ins(services().passwords.use(json_data.token, json_data.password), None)
    return "", 204


def _end_log_ins(person: Identity, but: str | None) -> None:
    """The password has changed: connections and phones of log-ins with the old one go, at once in this process."""
    if person.tenant and person.agent:
        services().phones.end_agent(person.tenant, person.agent, but)
    connections().review(person.id)
