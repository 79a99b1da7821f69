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
    LISTEN_TO_RECORDINGS = "recordings.listen"
    DOWNLOAD_RECORDINGS = "recordings.download"
    HOLD_RECORDINGS = "recordings.hold"
    DELETE_RECORDINGS = "recordings.delete"
    VIEW_STATE_LOG = "state_log.view"
    VIEW_REPORTS = "reports.view"
    VIEW_PROMPTS = "prompts.view"
    EDIT_PROMPTS = "prompts.edit"
    VIEW_CONFIG = "config.view"
    EDIT_CONFIG = "config.edit"
    VIEW_BLACKLIST = "blacklist.view"
    EDIT_BLACKLIST = "blacklist.edit"
    VIEW_BILLING = "billing.view"
    EDIT_BILLING = "billing.edit"
    VIEW_METRICS = "metrics.view"
    ACT_ON_CALLBACKS = "callbacks.act"
    VIEW_JOBS = "jobs.view"
    REPLAY_JOBS = "jobs.replay"


class Scope(StrEnum):
    """Whose data a permission covers: the person's own, or all of the tenant's."""

    OWN = "own"
    ALL = "all"


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
    Permission.LISTEN_TO_RECORDINGS: Scope.ALL,
    Permission.VIEW_STATE_LOG: Scope.ALL,
    Permission.VIEW_REPORTS: Scope.ALL,
    Permission.VIEW_PROMPTS: Scope.ALL,
    Permission.VIEW_CONFIG: Scope.ALL,
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
}
_OPERATOR = {
    Permission.EDIT_BILLING: Scope.ALL,
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

#: Permissions that mean something outside of any tenant.
WITHOUT_TENANT = set(_OPERATOR)

#: What `declared` answers for views that anybody may use.
PUBLIC = "public"

View = TypeVar("View", bound=Callable[..., Any])


def permissions_of(identity: Identity) -> Mapping[Permission, Scope]:
    """Return what a person may do, and on whose data."""
    granted = MATRIX.get(identity.role, {})
    if identity.tenant is None:
        return {permission: scope for permission, scope in granted.items() if permission in WITHOUT_TENANT}
    return granted


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
