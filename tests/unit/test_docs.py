"""The documents say what is true: diagrams match tables, links lead somewhere, named requirements exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from pydantic_settings import BaseSettings
from redis import Redis

from esl_handlers.metrics import SocketMetrics
from orchestrator.job_board import JobBoard
from orchestrator.metrics import Metrics
from orchestrator.settings import Settings
from orchestrator.store.connection import connect
from tts.settings import SpeechSettings
from webui.cli.launcher import LauncherSettings
from webui.disk_metrics import DiskCollector
from webui.job_metrics import JobCollector
from webui.metrics import Metrics as WebMetrics
from webui.settings import WebSettings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_state_diagrams_are_up_to_date() -> None:
    """STATE-1: docs/states.md is what `make diagrams` prints from the tables in force."""
    drawn = subprocess.run(
        [sys.executable, "-m", "orchestrator.domain.diagrams"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert (ROOT / "docs/states.md").read_text() == drawn.stdout


def test_named_requirements_exist() -> None:
    """A requirement id in a test is one of docs/product.md."""
    required = set(re.findall(r"^- ([A-Z]+-\d+) ", (ROOT / "docs/product.md").read_text(), re.MULTILINE))
    areas = "|".join(sorted({name.split("-")[0] for name in required}))
    files = [path for pattern in ("tests/**/*.py", "webui/frontend/src/**/*.ts") for path in ROOT.glob(pattern)]
    named = {name for path in files for name in re.findall(rf"\b(?:{areas})-\d+\b", path.read_text())}
    assert named
    assert named - required == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file that exists."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    relative = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in relative if not (page.parent / target).exists()] == []


def test_every_setting_is_documented() -> None:
    """OPS-1: the table in docs/operations.md names every setting, and no other."""
    rows = re.findall(r"^\| (`ZUOXI_[^|]+)\|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    documented = set(re.findall(r"`(ZUOXI_[A-Z_]+)`", " ".join(rows)))
    classes: tuple[type[BaseSettings], ...] = (Settings, SpeechSettings, WebSettings, LauncherSettings)
    known = {f"{c.model_config['env_prefix']}{name.upper()}" for c in classes for name in c.model_fields}
    assert documented == known


def test_every_metric_is_documented(redis_url: str) -> None:
    """OPS-1: docs/metrics.md names every metric, and no other."""
    registry = CollectorRegistry()
    Metrics(registry)
    SocketMetrics(registry)
    WebMetrics(registry, connect(redis_url))
    registry.register(DiskCollector(Settings()))
    registry.register(JobCollector(JobBoard(Redis.from_url(redis_url))))
    kinds = {family.name: family.type for family in registry.collect()}
    served = {f"{name}_total" if kind == "counter" else name for name, kind in kinds.items()}
    documented = set(re.findall(r"^\| `(zuoxi_\w+)`", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
    assert documented == served
