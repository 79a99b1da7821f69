"""A place of its own for each test of the command line."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from orchestrator.database import users
from webui.cli.__main__ import cli

Zuoxi = Callable[..., Result]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Path:
    """The data directory that the settings name; it does not exist yet. Redis is there and empty."""
    place = tmp_path / "data"
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(place))
    monkeypatch.setenv("ZUOXI_DATABASE_URL", f"sqlite:///{place}/zuoxi.db")
    monkeypatch.setenv("ZUOXI_REDIS_URL", redis_url)
    return place


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty people are hashed in no time."""
    monkeypatch.setattr(users, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def zuoxi(data_dir: Path) -> Zuoxi:  # noqa: ARG001 - sets the settings
    """Run a command."""
    return lambda *arguments: CliRunner().invoke(cli, arguments, prog_name="zuoxi")
