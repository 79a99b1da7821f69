"""Who is asking: a person of a tenant, known by session cookie or API token."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_login import UserMixin, current_user

from webui.errors import NotLoggedInError

#: The role of the company's own tokens.
SERVICE = "service"


@dataclass(frozen=True, eq=False)
class Identity(UserMixin):  # type: ignore[misc]  # flask-login is untyped
    """A logged-in person. `agent` is the person's agent id, `fingerprint` changes with the password.

    `grants` (permission -> scope) are those of a role that the tenant has made, empty for prepared roles; `leads` are
    the groups that the scope *group* means. `token` is the id of the API token that was shown, empty for a log-in;
    `limits` are the rights that it is limited to, None = all of the person's. The company's own tokens are nobody's:
    their id is `token-ID`, their role `service`.
    """

    id: str
    tenant: str | None
    login: str
    name: str
    role: str
    language: str
    agent: str | None
    fingerprint: str
    grants: Mapping[str, str] = field(default_factory=dict)
    leads: tuple[str, ...] = ()
    token: str = ""
    limits: Mapping[str, str] | None = None

    def get_id(self) -> str:
        """What the session cookie remembers: a changed password ends all sessions."""
        return f"{self.id}.{self.fingerprint}"


def current_identity() -> Identity | None:
    """Return who asks in this request or socket event, None for nobody."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def identity() -> Identity:
    """Return who asks; raises NotLoggedInError."""
    found = current_identity()
    if found is None:
        raise NotLoggedInError
    return found


def tenant() -> str:
    """Return the tenant of who asks; views with tenant permissions have one."""
    found = identity().tenant
    if found is None:
        raise NotLoggedInError
    return found
