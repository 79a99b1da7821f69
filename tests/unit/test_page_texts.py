"""Words of ours that pages show have a text in every language."""

import ast
import inspect
import json
from dataclasses import is_dataclass

import pytest

from orchestrator.domain import commands
from orchestrator.jobs import JOB_TYPES
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


def causes() -> set[str]:
    """Why agents change, where it stands in the call as a word."""
    found = set()
    for file in (ROOT / "orchestrator" / "service").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "save_agent":
                found |= {part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant)}
    return {
        cause for cause in found if isinstance(cause, str) and not cause.endswith("_")
    }  # `offer_` has a result after it


@pytest.mark.parametrize("language", ["en", "zh"])
def test_causes_of_the_state_log_have_words(language: str) -> None:
    """LOG-1: who or what changed a state is said in people's words, and can be looked for."""
    listed = (TEXTS.parent / "components" / "stateFilter.ts").read_text(encoding="utf-8")
    assert {"offered", "taken_over"} < causes()
    assert causes() - set(texts(language, "stateLog", "stateCause")) == set()
    assert {cause for cause in texts(language, "stateLog", "stateCause") if f"'{cause}'" not in listed} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_job_has_words(language: str) -> None:
    """OPS-1: the page of background jobs tells people what failed, not which function."""
    assert {name.rpartition(".")[2] for name in JOB_TYPES} == set(texts(language, "jobKinds", "jobKind"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_commands_and_audited_areas_have_words(language: str) -> None:
    """OPS-1, ROLE-1: a call's story and the audit tell people what was done, not what we call it."""
    kinds = {name for name, kind in inspect.getmembers(commands, inspect.isclass) if is_dataclass(kind)}
    assert kinds - {"Command"} == set(texts(language, "commands", "command"))
    assert audited()
    assert audited() - set(texts(language, "team", "auditArea")) == set()
