"""Session cookies, API tokens and requests from other sites."""

from urllib.parse import urlsplit

from flask import Flask, Request, request, session
from flask_login import LoginManager

from webui.accounts import Accounts
from webui.errors import CrossOriginError
from webui.identity import Identity
from webui.sessions import Sessions

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def install_auth(app: Flask, accounts: Accounts, sessions: Sessions) -> None:
    """Have every request know who asks: by API token if it carries one, else by session cookie."""
    manager = LoginManager(app)

    def by_cookie(id_: str) -> Identity | None:
        if bearer(request):
            return None
        found = accounts.by_session(id_)
        return found if found and sessions.alive(session, found.id) else None

    def by_token(asking: Request) -> Identity | None:
        token = bearer(asking)
        return accounts.by_token(token) if token else None

    manager.user_loader(by_cookie)
    manager.request_loader(by_token)
    app.before_request(refuse_other_sites)


def bearer(asking: Request) -> str | None:
    """Return the API token of a request, None without one."""
    scheme, _, token = asking.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def refuse_other_sites() -> None:
    """Refuse unsafe requests that a browser sends for another site; raises CrossOriginError.

    The rule of Go's `net/http.CrossOriginProtection`: what the browser says in Sec-Fetch-Site decides, else Origin
    must be our own host; a request with neither comes from no browser, so there is no cookie to abuse. API tokens
    are never sent by browsers on their own.
    """
    if request.method in SAFE_METHODS or bearer(request):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site in ("same-origin", "none") or (site is None and origin is None):
        return
    if site is None and origin and urlsplit(origin).netloc == request.host:
        return
    raise CrossOriginError
