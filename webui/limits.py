"""How many requests a token, a person or an address may send; whoever sends more waits (API-1, 429)."""

from apiflask import APIFlask
from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from redis.exceptions import RedisError

from webui.auth import bearer
from webui.identity import current_identity
from webui.services import Services

#: Not limited here: pages' own files, the switches' directory, health.
FREE = ("pages.", "freeswitch.", "health.")


def install_limits(app: APIFlask, services: Services) -> None:
    """Limit requests by who sends them, and wrong log-ins besides. Counted in Redis, for all web processes together."""
    limiter = Limiter(
        sender,
        app=app,
        default_limits=[services.web.requests],
        storage_uri=services.settings.redis_url,
        key_prefix="zuoxi:web",
        headers_enabled=True,
        in_memory_fallback_enabled=True,
    )
    limiter.request_filter(lambda: (request.endpoint or "").startswith(FREE))
    _limit_log_ins(app, limiter, services)


def sender() -> str:
    """Return who is counted: the token, else the person, else the address.

    Without Redis nobody is known: the view itself says so, and asking here again would go on for ever.
    """
    try:
        person = current_identity()
    except RedisError:
        person = None
    if person is None:
        return f"address:{get_remote_address()}"
    return f"token:{person.token}" if bearer(request) else f"person:{person.id}"


def _limit_log_ins(app: APIFlask, limiter: Limiter, services: Services) -> None:
    """Slow down whoever guesses passwords. Only wrong ones count: a whole office may come in through one address."""
    web = services.web
    for limit, key in (
        (web.wrong_log_ins, lambda: f"{get_remote_address()} {_login_name()}"),
        (web.wrong_log_ins_of_name, _login_name),
        (web.wrong_log_ins_of_address, get_remote_address),
    ):
        limited = limiter.limit(
            limit, key_func=key, override_defaults=False, deduct_when=lambda response: response.status_code == 401
        )
        app.view_functions["session.log_in"] = limited(app.view_functions["session.log_in"])  # type: ignore[assignment]
    tested = limiter.limit("10 per minute", key_func=sender, override_defaults=False)
    app.view_functions["notices.test"] = tested(app.view_functions["notices.test"])  # type: ignore[assignment]
    guessed = limiter.limit(web.wrong_log_ins, key_func=sender, override_defaults=False, deduct_when=_refused)
    app.view_functions["passwords.change_own"] = guessed(app.view_functions["passwords.change_own"])  # type: ignore[assignment]


def _refused(response: Response) -> bool:
    return response.status_code == 422


def _login_name() -> str:
    body = request.get_json(silent=True)
    login = body.get("login") if isinstance(body, dict) else None
    return str(login).lower()[:200]
