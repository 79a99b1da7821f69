"""Every refusal of the web side, in one shape: {"error": {"id", "message", "fields"}}."""

from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from peewee import InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded
from pydantic import BaseModel, ValidationError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import LockError
from redis.exceptions import TimeoutError as RedisTimeoutError

from orchestrator.database.connection import TooSlowError
from orchestrator.database.paging import BadCursorError
from orchestrator.service.errors import RefusedError
from orchestrator.service.work import TooManyRacesError, UnknownTenantError
from tts.errors import SoundError
from webui.texts import Texts

log = structlog.get_logger()

Answer = tuple[dict[str, Any], int, dict[str, str]]


class WebError(Exception):
    """Base of the web side's own refusals. `id` names the text, `details` fill it, `fields` name bad fields."""

    id = "internal_error"
    status = 500

    def __init__(self, *, fields: dict[str, str] | None = None, **details: str) -> None:
        super().__init__(self.id)
        self.fields, self.details = fields or {}, details


class NotLoggedInError(WebError):
    """Nobody is logged in, or no longer."""

    id, status = "not_logged_in", 401


class WrongLoginError(WebError):
    """Login name and password don't belong together."""

    id, status = "wrong_login", 401


class ForbiddenError(WebError):
    """The role doesn't include this."""

    id, status = "forbidden", 403


class CrossOriginError(WebError):
    """A browser sent this from another site."""

    id, status = "cross_origin", 403


class NotFoundError(WebError):
    """There is no such thing in the tenant."""

    id, status = "not_found", 404


class NotAnAgentError(WebError):
    """The person is no call agent."""

    id, status = "not_an_agent", 404


class NoWebPhoneError(WebError):
    """This installation has no WebSocket for web phones."""

    id, status = "no_web_phone", 409


class NoLoginError(WebError):
    """Asked with an API token: only a page of a log-in has a phone."""

    id, status = "phone_needs_login", 409


class SoftPhoneError(WebError):
    """The device `device` has a password of its own: a soft phone."""

    id, status = "soft_phone", 409


class PhoneElsewhereError(WebError):
    """Another page has the phone now, or the password was renewed too late."""

    id, status = "phone_elsewhere", 409


class NotAPersonError(WebError):
    """The company's own token asks for what only a person has."""

    id, status = "not_a_person", 409


class BadKeyError(WebError):
    """The idempotency key is none: too long, or with spaces."""

    id, status = "bad_key", 422


class PromptNameTakenError(WebError):
    """Another prompt of the kind has that name: `name`."""

    id, status = "prompt_name_taken", 409


class PromptInUseError(WebError):
    """Something plays it: `places`."""

    id, status = "prompt_in_use", 409


class DraftNotReadyError(WebError):
    """There is no draft, or it isn't ready."""

    id, status = "draft_not_ready", 409


class RecordingNotStoredError(WebError):
    """The sound of a recording is not there: not yet, or no more."""

    id, status = "recording_not_stored", 409


class RecordingHeldError(WebError):
    """A recording that is kept can't be deleted."""

    id, status = "recording_held", 409


class TooManyPromptsError(WebError):
    """The tenant has as many as it may: `most`."""

    id, status = "too_many_prompts", 409


class InvalidSettingError(WebError):
    """A setting makes no sense; `fields` say what and where."""

    id, status = "invalid", 422


class InUseError(WebError):
    """What should go is still named elsewhere: `where`, and in `fields` each place."""

    id, status = "in_use", 409


class CallersWaitingError(WebError):
    """Callers wait in the queue that should go."""

    id, status = "callers_waiting", 409


class ErrorDetail(BaseModel):
    """Holds `error` of every answer that is one: a stable id, a message for people, and messages for single fields."""

    id: str
    message: str
    fields: dict[str, str]


#: Status of refusals by use cases; 409 for all others: the request is fine, the present state isn't.
REFUSED_STATUS = {
    "unknown_agent": 404,
    "unknown_callback": 404,
    "unknown_call": 404,
    "no_switch": 503,
    "unknown_break_reason": 422,
    "unknown_target": 422,
    "invalid_number": 422,
    "caller_id_not_yours": 422,
    "state_not_chosen": 422,
}

#: Ids for what Flask itself refuses.
STATUS_IDS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    422: "invalid",
    429: "too_many_requests",
}

#: Ids for what can't be reached.
UNAVAILABLE = {
    RedisConnectionError: "live_state_unavailable",
    RedisTimeoutError: "live_state_unavailable",
    OperationalError: "database_unavailable",
    InterfaceError: "database_unavailable",
    LockError: "too_busy",
    MaxConnectionsExceeded: "too_busy",
    UnknownTenantError: "not_published",
    TooManyRacesError: "too_busy",
}


class Errors:
    """Turns exceptions into answers in the user's language."""

    def __init__(self, texts: Texts) -> None:
        """`texts` hold the messages."""
        self._texts = texts

    def install(self, app: APIFlask) -> None:
        """Answer every error of an application in the common shape."""
        app.error_processor(self._http_error)
        app.register_error_handler(WebError, self._web_error)
        app.register_error_handler(RefusedError, self._refused)
        app.register_error_handler(SoundError, self._no_sound)
        app.register_error_handler(BadCursorError, self._bad_cursor)
        app.register_error_handler(TooSlowError, self._too_slow)
        for kind in UNAVAILABLE:
            app.register_error_handler(kind, self._unavailable)

    def body(self, id_: str, details: dict[str, str] | None = None, fields: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Return an error's body."""
        message = self._texts.message(f"errors.{id_}", **(details or {}))
        return {"error": {"id": id_, "message": message, "fields": fields or {}}}

    def describe(self, error: WebError | RefusedError) -> Any:  # noqa: ANN401 - JSON
        """Return the body of a refusal, for answers that aren't HTTP."""
        return self.body(error.id, error.details, error.fields if isinstance(error, WebError) else None)

    def unavailable(self, error: Exception) -> Any:  # noqa: ANN401 - JSON
        """Return the body for something that can't be reached."""
        id_ = next((id_ for kind, id_ in UNAVAILABLE.items() if isinstance(error, kind)), "internal_error")
        log.warning("unavailable", error=id_, cause=repr(error))
        return self.body(id_)

    def _web_error(self, error: WebError) -> Answer:
        return self.body(error.id, error.details, error.fields), error.status, {}

    def _refused(self, error: RefusedError) -> Answer:
        return self.body(error.id, error.details), REFUSED_STATUS.get(error.id, 409), {}

    def _no_sound(self, error: SoundError) -> Answer:
        return self.body(error.id, error.details), 413 if error.id == "sound_too_large" else 422, {}

    def _unavailable(self, error: Exception) -> Answer:
        return self.unavailable(error), 503, {"Retry-After": "1"}

    def _bad_cursor(self, _: BadCursorError) -> Answer:
        return self.body("bad_cursor"), 422, {}

    def _too_slow(self, _: TooSlowError) -> Answer:
        return self.body("too_slow"), 422, {}

    def _http_error(self, error: HTTPError) -> Answer:
        default = "internal_error" if error.status_code >= 500 else "bad_request"
        id_ = STATUS_IDS.get(error.status_code, default)
        headers = {name: str(value) for name, value in dict(error.headers).items() if name in ("Allow", "Retry-After")}
        return self.body(id_, fields=self._fields(error)), error.status_code, headers

    def _fields(self, error: HTTPError) -> dict[str, str]:
        cause = error.__cause__
        if not isinstance(cause, ValidationError):
            return {}
        return {
            ".".join(map(str, flaw["loc"])) or "body": self._texts.flaw(flaw["type"], flaw.get("ctx", {}))
            for flaw in cause.errors(include_url=False, include_input=False)
        }
