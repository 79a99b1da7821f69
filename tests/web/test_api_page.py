"""docs/api.md lists the requests that the application answers, with their permissions' names."""

import re
from pathlib import Path

from webui.app import Web
from webui.permissions import Permission

PAGE = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text()


def test_every_request_is_documented(web: Web) -> None:
    """API-1: the table names every request of the OpenAPI document, and no other."""
    served = {f"{method.upper()} {path}" for path, item in web.app.spec["paths"].items() for method in item}
    documented = set(re.findall(r"^\| `([A-Z]+ /[^`]+)`", PAGE, re.MULTILINE))
    assert documented == served


def test_documented_permissions_exist() -> None:
    """ROLE-1: a permission named on the page is one of the matrix."""
    rows = re.findall(r"^\| `[A-Z]+ /[^`]+` \| ([^|]+) \|", PAGE, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named <= {permission.value for permission in Permission}
