"""docs/api.md describes the areas that the application has, with permissions that exist."""

import re
from pathlib import Path

from webui.app import Web
from webui.permissions import Permission

PAGE = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text()
ROWS = re.findall(r"^\| (`/[^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)


def test_every_area_is_documented(web: Web) -> None:
    """API-1: the table names every area of the OpenAPI document, and no other."""
    served = {"/".join(path.split("/")[:4]) for path in web.app.spec["paths"]}
    documented = {area for areas, _ in ROWS for area in re.findall(r"`([^`]+)`", areas)}
    assert documented == served


def test_documented_permissions_exist() -> None:
    """ROLE-1: permissions named on the page are those of the matrix, without any left out but of metrics."""
    named = {name for _, permissions in ROWS for name in re.findall(r"`([^`]+)`", permissions)}
    assert named == {permission.value for permission in Permission} - {Permission.VIEW_METRICS}
