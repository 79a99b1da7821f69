"""docker-compose.yml starts what exists, in order, with secrets that somebody made."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.jobs import QueueName
from orchestrator.settings import Settings
from webui.cli.__main__ import cli

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]


def test_every_secret_must_be_made_first() -> None:
    """A password is a variable without a default: compose refuses to start while it is missing."""
    assert re.findall(r"\$\{\w*PASSWORD(?!:\?)", TEXT) == []
    named = set(re.findall(r"\$\{(\w+)_PASSWORD:\?", TEXT))
    made = re.search(r"for name in ([A-Z ]+);", (ROOT / "Makefile").read_text())
    assert made
    assert named == set(made.group(1).split())


def test_every_setting_exists() -> None:
    """What the product's containers are told are settings of the product."""
    known = {f"ZUOXI_{name.upper()}" for name in Settings.model_fields}
    told = {name for service in SERVICES.values() if "build" in service for name in service["environment"]}
    assert told - known == set()


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service["restart"] != "no"])
def test_every_service_is_watched(name: str) -> None:
    """A service that runs on says whether it is well."""
    assert "test" in SERVICES[name]["healthcheck"]


def _queues(command: str) -> list[str]:
    """The queues that a command's worker serves, none for what is no worker."""
    if "workers" not in command.split():
        return []
    return command.partition("workers")[2].split() or [*QueueName]


def test_every_queue_has_a_worker() -> None:
    """OPS-1: containers and the Procfile leave no queue of jobs without somebody who does them."""
    containers = [" ".join(service.get("command") or ()) for service in SERVICES.values() if "build" in service]
    lines = [line.partition(":")[2] for line in (ROOT / "Procfile").read_text().splitlines()]
    for commands in (containers, lines):
        assert {queue for command in commands for queue in _queues(command)} == set(QueueName)


def test_workers_are_watched_by_a_queue_of_their_own() -> None:
    """OPS-1: a container whose worker is gone is not well because another container's worker lives."""
    watched = {}
    for name, service in SERVICES.items():
        if queues := _queues(" ".join(service.get("command") or ()) if "build" in service else ""):
            asked = re.search(r"jobs list \| grep -q '\^(\w+) ", service["healthcheck"]["test"][1])
            assert asked
            assert asked[1] in queues
            watched[name] = asked[1]
    assert len(set(watched.values())) == len(watched) == 2


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "build" in service])
def test_every_program_exists(name: str) -> None:
    """Each container of the product runs a module or command that is there."""
    program, *more = SERVICES[name]["command"]
    if program == "zuoxi":
        assert more[0] in cli.commands
    else:
        modules = re.findall(r"python -m (\w+)", " ".join([program, *more]))
        assert modules
        assert all(find_spec(f"{module}.__main__") for module in modules)
