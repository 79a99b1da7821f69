"""The rules of the house that a machine can check: imports, entry points, sizes, pins, what no file may contain."""

import ast
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import metadata
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("orchestrator", "esl_handlers", "workers", "webui", "tts", "simulator")
PATCHED = {"orchestrator/__main__.py", "webui/__main__.py"}
SOURCE = (".py", ".ts", ".vue", ".lua")
LONGEST_MODULE = 300
#: Modules that may be longer, each with its reason.
LONG_MODULES: dict[str, str] = {
    "webui/frontend/src/api/schema.d.ts": "generated from the OpenAPI document",
}


@cache
def tracked() -> tuple[str, ...]:
    """Return the files of the repository, deleted ones left out."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return tuple(name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())


def python_files() -> Iterator[tuple[str, ast.Module]]:
    """Yield every Python file with its syntax tree."""
    for name in tracked():
        if name.endswith(".py"):
            yield name, ast.parse((ROOT / name).read_text())


def product_files() -> Iterator[tuple[str, ast.Module]]:
    """Yield the Python files outside the tests."""
    return ((name, tree) for name, tree in python_files() if not name.startswith("tests/"))


@cache
def imports() -> dict[str, set[str]]:
    """Return which module of ours imports which when it runs; imports for annotations alone don't count."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None, exclude_type_checking_imports=True)
    return {name: set(graph.find_modules_directly_imported_by(name)) for name in graph.modules}


def room(module: str) -> str:
    """Return the folder that a module stands for in the graph of packages; top modules stand for themselves."""
    parts = module.split(".")
    return ".".join(parts[:2])


def test_rules_of_import_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contracts in pyproject.toml hold: the domain imports nothing of ours, the sides never meet, ..."""
    monkeypatch.chdir(ROOT)
    assert lint_imports() == EXIT_STATUS_SUCCESS


def test_modules_import_each_other_in_no_circle() -> None:
    """There is an order in which every module comes after all that it imports."""
    assert list(TopologicalSorter(imports()).static_order())


def test_packages_import_each_other_in_no_circle() -> None:
    """There is an order in which every package comes after all that it imports."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for module, targets in imports().items():
        rooms[room(module)] |= {room(target) for target in targets} - {room(module)}
    assert list(TopologicalSorter(rooms).static_order())


def test_only_main_modules_are_entry_points() -> None:
    """Whatever can be run is a `__main__`, so a newcomer finds every process by that name."""
    tests_of_name = {
        name
        for name, tree in product_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "__name__"
    }
    assert {name for name in tests_of_name if Path(name).name != "__main__.py"} == set()


def test_nothing_imports_a_main_module() -> None:
    """A `__main__` wires its process together and is of no use to anybody else."""
    assert {(m, t) for m, targets in imports().items() for t in targets if t.endswith("__main__")} == set()


def _patches(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("patch_all")


def test_gevent_patches_first_and_in_two_processes_only() -> None:
    """`monkey.patch_all()` is the first statement of the two gevent processes and stands nowhere else."""
    places = {name for name, tree in python_files() for node in ast.walk(tree) if _patches(node)}
    assert places == {name for name in PATCHED if (ROOT / name).exists()}
    for name in places:
        _docstring, first, second = ast.parse((ROOT / name).read_text()).body[:3]
        assert ast.unparse(first) == "from gevent import monkey", name
        assert isinstance(second, ast.Expr), name
        assert _patches(second.value), name


def test_greenswitch_is_imported_in_one_place() -> None:
    """SAFE-2: greenswitch's parser can be fooled by a display name; one module decides what of it is used."""
    users = {
        name
        for name, tree in product_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "greenswitch" in {(getattr(node, "module", None) or alias.name).split(".")[0] for alias in node.names}
    }
    assert users <= {"esl_handlers/client.py"}


def test_no_module_is_long() -> None:
    """A module that outgrows 300 lines is two modules."""
    sizes = {name: len((ROOT / name).read_text().splitlines()) for name in tracked() if name.endswith(SOURCE)}
    long = {name: size for name, size in sizes.items() if size > LONGEST_MODULE}
    assert {name: size for name, size in long.items() if name not in LONG_MODULES} == {}


def _texts() -> Iterator[tuple[str, str]]:
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue  # a picture or a sound


def test_no_file_names_a_machine_or_a_registry() -> None:
    """The repository works for anybody: no paths of one machine, no hosts of package registries."""
    folders = "|".join(["/wo" + "rk/", "/o" + "pt/", "/ro" + "ot/", "/ho" + "me/"])
    hosts = "|".join(["registry" + r"\.npm", "pypi" + r"\.org", "python" + "hosted", "deb" + r"\.debian"])
    pattern = re.compile(rf"(?<![\w./~-])(?:{folders})|{hosts}")
    found = {(name, match.group()) for name, text in _texts() for match in pattern.finditer(text)}
    assert found == set()


def _pins(name: str) -> dict[str, str]:
    """Return release by package, both as pip compares them; raises ValueError for a line without a release."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    pairs = [line.split("==") for line in lines if line and not line.startswith("-")]
    return {_normal(package.split("[")[0]): release for package, release in pairs}


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def test_python_requirements_are_pinned() -> None:
    """Two installations of one commit get the same releases, of what we name and of what that brings along."""
    named = _pins("requirements.txt") | _pins("requirements-dev.txt")
    pinned = _pins("constraints.txt")
    assert {name: release for name, release in named.items() if pinned.get(name) != release} == {}
    needed = {_normal(Requirement(need).name) for name in pinned for need in _needs(name)}
    assert needed - set(pinned) - {"setuptools"} == set(), "run `make constraints`"  # setuptools comes with venv


def _needs(package: str) -> list[str]:
    """Return what an installed package requires here, without its extras."""
    try:
        found = metadata.requires(package) or []
    except metadata.PackageNotFoundError:
        return []
    return [need for need in found if _applies(Requirement(need))]


def _applies(need: Requirement) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": ""})


#: Requirements that no module imports, each with its reason.
NOT_IMPORTED = {"psycopg": "peewee's way to PostgreSQL", "tzdata": "time zones where the system has none"}


def test_every_requirement_is_used() -> None:
    """What the product installs it imports somewhere."""
    imported = {
        (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
        for _, tree in product_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    known = metadata.packages_distributions()  # reads what every installed package says: seconds
    packages = {_normal(name) for module in imported for name in known.get(module, [])}
    assert set(_pins("requirements.txt")) - packages - set(NOT_IMPORTED) == set()


def test_javascript_requirements_are_locked_without_addresses() -> None:
    """The lock file pins every package by hash and leaves it to each machine where to fetch it."""
    lock = json.loads((ROOT / "webui/frontend/package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry and not entry.get("link")] == []


def test_pages_never_render_text_as_markup() -> None:
    """SAFE-2: no template uses v-html, so no text from outside becomes HTML."""
    pages = [(name, text) for name, text in _texts() if name.endswith((".vue", ".ts", ".html"))]
    assert [name for name, text in pages if re.search(r"\bv-html\s*=|innerHTML", text)] == []


def _sentences(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _sentences(value, f"{path}{key}.")
        else:
            yield path + key, value


def test_both_languages_say_everything() -> None:
    """Chinese and English have the same texts with the same placeholders, none of them empty."""
    folders = {Path(name).parent for name in tracked() if Path(name).name == "zh.json"}
    assert folders
    for folder in folders:
        zh, en = (dict(_sentences(json.loads((ROOT / folder / f"{name}.json").read_text()))) for name in ("zh", "en"))
        assert set(zh) == set(en), folder
        assert [key for texts in (zh, en) for key, text in texts.items() if not text.strip()] == [], folder
        blanks = {key: [set(re.findall(r"\{\w*\}", text)) for text in (zh[key], en[key])] for key in zh}
        assert [key for key, (of_zh, of_en) in blanks.items() if of_zh != of_en] == [], folder
