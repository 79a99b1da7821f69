"""The pages: files built from webui/frontend. Addresses of the page's own are answered with index.html."""

from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, current_app, send_from_directory

from webui.errors import NotFoundError
from webui.permissions import public
from webui.services import services

#: Where the build puts its files.
PAGES = Path(__file__).parent / "static"
#: Files below assets/ carry a hash of their content in their name: they never change.
FOREVER_S = 31_536_000

bp = APIBlueprint("pages", __name__, enable_openapi=False)


@bp.get("/")
@bp.get("/<path:path>")
@public
def page(path: str = "") -> Response:
    """Serve a file of the pages, or the page itself for an address that it takes apart in the browser."""
    pages: Path = current_app.config["PAGES"]
    if path.startswith(("api/", "socket.io/", "freeswitch/")):
        raise NotFoundError
    if not (pages / "index.html").exists():
        return _not_built()
    if path.startswith("assets/") or "." in path.rsplit("/", 1)[-1]:
        return _file(pages, path)
    index = send_from_directory(pages, "index.html", max_age=0)
    index.headers["Cache-Control"] = "no-cache"
    return index


def _file(pages: Path, path: str) -> Response:
    response = send_from_directory(pages, path)
    if path.startswith("assets/"):
        response.headers["Cache-Control"] = f"public, max-age={FOREVER_S}, immutable"
    return response


def _not_built() -> Response:
    text = services().texts.message("errors.pages_not_built")
    return Response(f"{text}\n", 503, content_type="text/plain; charset=utf-8")
