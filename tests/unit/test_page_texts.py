"""Words of ours that pages show have a text in every language."""

import ast
import inspect
import json
from dataclasses import is_dataclass

import pytest

from orchestrator.domain import commands
from tests.support.real_centre import ROOT

TEXTS = ROOT / "webui" / "frontend" / "src" / "i18n"


def texts(language: str, name: str, key: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((TEXTS / language / f"{name}.json").read_text(encoding="utf-8"))[key]
    return found


def audited() -> set[str]:
    """Areas that changes are noted under, where they stand in the call as words."""
    found = set()
    for folder in ("webui", "workers", "orchestrator"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_change" and len(node.args) > 1:
                    area = node.args[1]
                    found |= {area.value} if isinstance(area, ast.Constant) and isinstance(area.value, str) else set()
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_commands_and_audited_areas_have_words(language: str) -> None:
    """OPS-1, ROLE-1: a call's story and the audit tell people what was done, not what we call it."""
    kinds = {name for name, kind in inspect.getmembers(commands, inspect.isclass) if is_dataclass(kind)}
    assert kinds - {"Command"} == set(texts(language, "commands", "command"))
    assert audited()
    assert audited() - set(texts(language, "team", "auditArea")) == set()
