"""Who may do what: one matrix, and the decorators that every route and socket event carries (ROLE-1)."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from webui.errors import ForbiddenError, NotLoggedInError
from webui.identity import Identity, current_identity


class Permission(StrEnum):
    """One thing that people do, by area."""

    USE_OWN_ACCOUNT = "own_account.use"
    CHANGE_OWN_STATE = "own_state.change"
    CONTROL_OWN_CALLS = "own_calls.control"
    PLACE_OWN_CALLS = "own_calls.place"
    PLACE_CALLS_FOR_OTHERS = "calls.place_for_others"
    VIEW_NAMES = "names.view"
    VIEW_SEATS = "seats.view"
    ACT_ON_SEATS = "seats.act"
    VIEW_QUEUE_MONITOR = "calls.view_queue_monitor"
    VIEW_LIVE_CALLS = "calls.view_live"
    HANG_UP_CALLS = "calls.hang_up"
    LISTEN_TO_CALLS = "calls.listen"
    WHISPER_IN_CALLS = "calls.whisper"
    BARGE_INTO_CALLS = "calls.barge"
    TAKE_OVER_CALLS = "calls.take_over"
    EDIT_FORMS = "forms.edit"
    VIEW_CUSTOMERS = "customers.view"
    EDIT_CUSTOMERS = "customers.edit"
    MANAGE_CUSTOMERS = "customers.manage"
    VIEW_RECORDS = "records.view"
    EXPORT_RECORDS = "records.export"
    LISTEN_TO_RECORDINGS = "recordings.listen"
    DOWNLOAD_RECORDINGS = "recordings.download"
    HOLD_RECORDINGS = "recordings.hold"
    DELETE_RECORDINGS = "recordings.delete"
    VIEW_STATE_LOG = "state_log.view"
    VIEW_REPORTS = "reports.view"
    SCHEDULE_REPORTS = "reports.schedule"
    VIEW_PROMPTS = "prompts.view"
    EDIT_PROMPTS = "prompts.edit"
    VIEW_CONFIG = "config.view"
    EDIT_CONFIG = "config.edit"
    VIEW_BLACKLIST = "blacklist.view"
    EDIT_BLACKLIST = "blacklist.edit"
    VIEW_BILLING = "billing.view"
    EDIT_BILLING = "billing.edit"
    ORDER_SEATS = "seats.order"
    VIEW_TEAM = "team.view"
    EDIT_TEAM = "team.edit"
    EDIT_ROLES = "roles.edit"
    VIEW_AUDIT = "audit.view"
    VIEW_ALERTS = "alerts.view"
    VIEW_METRICS = "metrics.view"
    ACT_ON_CALLBACKS = "callbacks.act"
    VIEW_VOICEMAIL = "voicemail.view"
    ACT_ON_VOICEMAIL = "voicemail.act"
    VIEW_JOBS = "jobs.view"
    REPLAY_JOBS = "jobs.replay"
    VIEW_WEBHOOKS = "webhooks.view"
    EDIT_WEBHOOKS = "webhooks.edit"
    MANAGE_TOKENS = "tokens.manage"


class Scope(StrEnum):
    """Whose data a permission covers: the person's own, that of the groups that one leads, or all of the tenant's."""

    OWN = "own"
    GROUP = "group"
    ALL = "all"

    @property
    def width(self) -> int:
        """How far it reaches; wider scopes have higher numbers."""
        return list(Scope).index(self)


_OWN, _GROUP, _ALL = (Scope.OWN,), (Scope.GROUP, Scope.ALL), (Scope.ALL,)

#: The scopes that a permission can be granted with; all others concern the tenant as a whole.
SCOPES: Mapping[Permission, tuple[Scope, ...]] = {
    Permission.USE_OWN_ACCOUNT: _OWN,
    Permission.CHANGE_OWN_STATE: _OWN,
    Permission.CONTROL_OWN_CALLS: _OWN,
    Permission.PLACE_OWN_CALLS: _OWN,
    Permission.VIEW_RECORDS: tuple(Scope),
    Permission.LISTEN_TO_RECORDINGS: tuple(Scope),
    Permission.DOWNLOAD_RECORDINGS: tuple(Scope),
    Permission.VIEW_VOICEMAIL: tuple(Scope),
    Permission.ACT_ON_VOICEMAIL: tuple(Scope),
    Permission.EDIT_FORMS: (Scope.OWN, Scope.ALL),
    Permission.VIEW_CUSTOMERS: tuple(Scope),
    Permission.EDIT_CUSTOMERS: tuple(Scope),
    Permission.VIEW_STATE_LOG: tuple(Scope),
    Permission.VIEW_SEATS: _GROUP,
    Permission.ACT_ON_SEATS: _GROUP,
    Permission.VIEW_QUEUE_MONITOR: tuple(Scope),
    Permission.VIEW_LIVE_CALLS: _GROUP,
    Permission.ACT_ON_CALLBACKS: _GROUP,
    Permission.HANG_UP_CALLS: _GROUP,
    Permission.LISTEN_TO_CALLS: _GROUP,
    Permission.WHISPER_IN_CALLS: _GROUP,
    Permission.BARGE_INTO_CALLS: _GROUP,
    Permission.TAKE_OVER_CALLS: _GROUP,
    Permission.VIEW_REPORTS: _GROUP,
}


def scopes_of(permission: Permission) -> tuple[Scope, ...]:
    """Return the scopes that a permission can be granted with."""
    return SCOPES.get(permission, _ALL)


_AGENT = {
    Permission.USE_OWN_ACCOUNT: Scope.OWN,
    Permission.CHANGE_OWN_STATE: Scope.OWN,
    Permission.CONTROL_OWN_CALLS: Scope.OWN,
    Permission.EDIT_FORMS: Scope.OWN,
    Permission.VIEW_CUSTOMERS: Scope.ALL,
    Permission.EDIT_CUSTOMERS: Scope.ALL,
    Permission.PLACE_OWN_CALLS: Scope.OWN,
    Permission.VIEW_NAMES: Scope.ALL,
    Permission.VIEW_RECORDS: Scope.OWN,
    Permission.VIEW_VOICEMAIL: Scope.OWN,
    Permission.ACT_ON_VOICEMAIL: Scope.OWN,
    Permission.VIEW_STATE_LOG: Scope.OWN,
}
_SUPERVISOR = {
    **_AGENT,
    Permission.VIEW_SEATS: Scope.ALL,
    Permission.ACT_ON_SEATS: Scope.ALL,
    Permission.VIEW_QUEUE_MONITOR: Scope.ALL,
    Permission.VIEW_LIVE_CALLS: Scope.ALL,
    Permission.ACT_ON_CALLBACKS: Scope.ALL,
    Permission.HANG_UP_CALLS: Scope.ALL,
    Permission.LISTEN_TO_CALLS: Scope.ALL,
    Permission.WHISPER_IN_CALLS: Scope.ALL,
    Permission.BARGE_INTO_CALLS: Scope.ALL,
    Permission.TAKE_OVER_CALLS: Scope.ALL,
    Permission.EDIT_FORMS: Scope.ALL,
    Permission.MANAGE_CUSTOMERS: Scope.ALL,
    Permission.VIEW_RECORDS: Scope.ALL,
    Permission.EXPORT_RECORDS: Scope.ALL,
    Permission.LISTEN_TO_RECORDINGS: Scope.ALL,
    Permission.VIEW_VOICEMAIL: Scope.ALL,
    Permission.ACT_ON_VOICEMAIL: Scope.ALL,
    Permission.VIEW_STATE_LOG: Scope.ALL,
    Permission.VIEW_REPORTS: Scope.ALL,
    Permission.SCHEDULE_REPORTS: Scope.ALL,
    Permission.VIEW_PROMPTS: Scope.ALL,
    Permission.VIEW_CONFIG: Scope.ALL,
    Permission.VIEW_TEAM: Scope.ALL,
    Permission.VIEW_BLACKLIST: Scope.ALL,
}
_ADMIN = {
    **_SUPERVISOR,
    Permission.PLACE_CALLS_FOR_OTHERS: Scope.ALL,
    Permission.EDIT_PROMPTS: Scope.ALL,
    Permission.DOWNLOAD_RECORDINGS: Scope.ALL,
    Permission.HOLD_RECORDINGS: Scope.ALL,
    Permission.DELETE_RECORDINGS: Scope.ALL,
    Permission.EDIT_CONFIG: Scope.ALL,
    Permission.EDIT_BLACKLIST: Scope.ALL,
    Permission.VIEW_BILLING: Scope.ALL,
    Permission.VIEW_JOBS: Scope.ALL,
    Permission.REPLAY_JOBS: Scope.ALL,
    Permission.EDIT_TEAM: Scope.ALL,
    Permission.EDIT_ROLES: Scope.ALL,
    Permission.VIEW_AUDIT: Scope.ALL,
    Permission.VIEW_ALERTS: Scope.ALL,
    Permission.VIEW_WEBHOOKS: Scope.ALL,
    Permission.EDIT_WEBHOOKS: Scope.ALL,
    Permission.MANAGE_TOKENS: Scope.ALL,
}
_OPERATOR = {
    Permission.EDIT_BILLING: Scope.ALL,
    Permission.ORDER_SEATS: Scope.ALL,
    Permission.USE_OWN_ACCOUNT: Scope.OWN,
    Permission.VIEW_METRICS: Scope.ALL,
    Permission.VIEW_JOBS: Scope.ALL,
    Permission.REPLAY_JOBS: Scope.ALL,
}

#: Operators run the platform: they belong to no tenant and see no tenant's calls.
MATRIX: Mapping[str, Mapping[Permission, Scope]] = {
    "agent": _AGENT,
    "supervisor": _SUPERVISOR,
    "admin": _ADMIN,
    "operator": _OPERATOR,
}

#: What roles that a tenant makes can be granted; everybody may use the own account.
GRANTABLE = tuple(_ADMIN)

#: Permissions that mean something outside of any tenant.
WITHOUT_TENANT = set(_OPERATOR)

#: What `declared` answers for views that anybody may use.
PUBLIC = "public"

View = TypeVar("View", bound=Callable[..., Any])


def permissions_of(identity: Identity) -> Mapping[Permission, Scope]:
    """Return what a person may do, and on whose data."""
    granted = MATRIX.get(identity.role) or grants_from(identity.grants)
    if identity.limits is not None:
        granted = limited(granted, grants_from(identity.limits))
    if identity.tenant is None:
        return {permission: scope for permission, scope in granted.items() if permission in WITHOUT_TENANT}
    return granted


def limited(held: Mapping[Permission, Scope], limits: Mapping[Permission, Scope]) -> Mapping[Permission, Scope]:
    """Return what is in both, with the narrower scope."""
    return {right: min(held[right], limits[right], key=lambda one: one.width) for right in held if right in limits}


def grants_from(written: Mapping[str, str]) -> Mapping[Permission, Scope]:
    """Read the rights of a role that a tenant has made; what isn't known, or can't be granted, is left out."""
    own = {Permission.USE_OWN_ACCOUNT: Scope.OWN}
    return own | {
        permission: Scope(written[permission])
        for permission in GRANTABLE
        if written.get(permission) in scopes_of(permission)
    }


def reaches(held: Mapping[Permission, Scope], asked: Mapping[Permission, Scope]) -> bool:
    """Tell whether whoever holds some rights may give those asked for: nobody gives what they lack."""
    return all(permission in held and held[permission].width >= scope.width for permission, scope in asked.items())


def check(identity: Identity | None, permission: Permission) -> Scope:
    """Return the scope of a granted permission; raises NotLoggedInError or ForbiddenError."""
    if identity is None:
        raise NotLoggedInError
    scope = permissions_of(identity).get(permission)
    if scope is None:
        raise ForbiddenError(permission=permission.value)
    return scope


def requires(permission: Permission | Callable[..., Permission]) -> Callable[[View], View]:
    """Let a view or a socket event's handler be used only with a permission. Stands directly below the route.

    A function in place of the permission finds it from the handler's arguments.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the view takes and returns
            needed = permission if isinstance(permission, Permission) else permission(*args, **kwargs)
            check(current_identity(), needed)
            return view(*args, **kwargs)

        checked.__permission__ = permission  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Declare that anybody may use a view."""
    view.__permission__ = PUBLIC  # type: ignore[attr-defined]
    return view


def declared(view: Callable[..., Any]) -> object:
    """Return what a view or handler declares: a permission (or what finds it), PUBLIC, or None if forgotten."""
    found: object = getattr(view, "__permission__", None)
    return found
