"""Headers that keep a page to itself."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface

from webui.errors import NotFoundError


class SchemeAwareSessions(SecureCookieSessionInterface):
    """Signed session cookies, sent over https only once they were set over https."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        """Tell whether this request came by https."""
        return request.is_secure


def content_policy(phone_url: str) -> str:
    """Return the Content-Security-Policy: own files only, no inline script, never in a frame.

    Inline style attributes are what the component library sets sizes with.
    """
    phone = urlsplit(phone_url)
    sockets = f" {phone.scheme}://{phone.netloc}" if phone.netloc else ""
    return (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self' data:; media-src 'self' blob:; connect-src 'self'{sockets}; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def install_headers(app: Flask, phone_url: str) -> None:
    """Send the security headers with every answer; answers of the API are never cached.

    Addresses with control characters lead nowhere: no id holds any, and PostgreSQL refuses some.
    """
    policy = content_policy(phone_url)

    def protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
        if request.path.startswith("/api/"):
            headers["Cache-Control"] = "no-store"
        if request.is_secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    def refuse_control_characters() -> None:
        if not request.path.isprintable():
            raise NotFoundError

    app.session_interface = SchemeAwareSessions()
    app.before_request(refuse_control_characters)
    app.after_request(protect)
