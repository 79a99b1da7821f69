"""`zuoxi simulate`: a whole load with killed programs adds up, and what doesn't add up is said."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from webui.cli.__main__ import cli
from webui.cli.simulation.figures import Figures, Spread, spread
from webui.cli.simulation.plan import Plan
from webui.cli.simulation.report import Ended, checks, lines, verdicts

PLAN = Plan(
    seed=7, calls=10, rate=2, agents=3, talk=(1, 2), patience=(5, 9), answer_rate=0.9, decline_rate=0.05,
    wrap_up_s=1, max_wait_s=30, kills=2, limit_s=60,
)  # fmt: skip
FOUND = Figures(
    records=10, calls=10, outcomes={"connected": 8, "abandoned": 2}, offers={"accepted": 8, "no_answer": 1},
    wait=Spread(average=1.5, p95=4, most=5), ring=None, events=200, breaks=0, uncharged=0, charged=Decimal("1.5"),
    moved=Decimal("1.50"),
)  # fmt: skip
ENDED = Ended(
    switch={"placed": 10, "joined": 8, "peak": 6}, engaged=[], told=200, dead=0, gone=[],
    killed={"worker-1": 2}, took_s=10,
)  # fmt: skip


def simulate(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["simulate", *arguments], prog_name="zuoxi")


def test_a_load_with_killed_programs_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-1, SAFE-1: every caller has one record and one charge, whatever was killed; nothing is left running."""
    monkeypatch.setenv("ZUOXI_DATABASE_URL", f"sqlite:///{tmp_path}/none/zuoxi.db")  # not what a simulation may touch
    monkeypatch.setenv("ZUOXI_REDIS_URL", "redis://127.0.0.1:1/0")
    kept = tmp_path / "kept"
    run = simulate(
        *("--calls", "24", "--rate", "8", "--agents", "8", "--talk", "0.2..0.5", "--patience", "20"),
        *("--wrap-up", "0", "--kills", "2", "--seed", "7", "--keep", str(kept), "--json"),
    )
    told = json.loads(run.output)
    assert run.exit_code == 0, told
    assert all(check["holds"] for check in told["checks"])
    assert told["ended"]["switch"]["placed"] == told["figures"]["records"] == 24
    assert sum(told["ended"]["killed"].values()) == 2
    assert told["figures"]["outcomes"]["connected"] == told["figures"]["offers"]["accepted"] > 0
    assert (kept / "zuoxi.db").exists()
    assert not [child for child in psutil.Process().children(recursive=True) if str(kept) in " ".join(child.cmdline())]


def test_what_adds_up_is_said_line_by_line() -> None:
    """OPS-1: what came in, was answered and lost; figures of a world that is right pass every check."""
    assert all(check.holds for check in checks(ENDED, FOUND))
    told = "\n".join(lines(PLAN, ENDED, FOUND))
    for said in (
        "seed 7: 10 calls at 2 a second, 3 agents; it took 10 s",
        "came in           10", "connected          8   80.0%",
        "lost               0   0.0%", "1.50 s on average, 95 % within 4.00 s", "8 accepted, 1 no answer",
        "killed             2   worker-1 2",
    ):  # fmt: skip
        assert said in told


@pytest.mark.parametrize(
    ("ended", "found", "what"),
    [
        (replace(ENDED, switch=None), FOUND, "ended in time"),
        (ENDED, replace(FOUND, outcomes={"connected": 8, "abandoned": 1, "lost": 1}), "no call was lost"),
        (ENDED, replace(FOUND, records=9, calls=9), "one record"),
        (ENDED, replace(FOUND, calls=9), "one record"),
        (ENDED, replace(FOUND, outcomes={"connected": 7, "abandoned": 3}), "joined is answered"),
        (replace(ENDED, engaged=["1001"]), FOUND, "is stuck"),
        (replace(ENDED, told=201), FOUND, "event is stored"),
        (ENDED, replace(FOUND, breaks=1), "no gap"),
        (ENDED, replace(FOUND, uncharged=1), "is charged"),
        (ENDED, replace(FOUND, moved=Decimal("1.51")), "balance moved"),
        (replace(ENDED, dead=1), FOUND, "job failed"),
        (replace(ENDED, gone=["switch"]), FOUND, "ended by itself"),
    ],
)
def test_each_check_can_fail(ended: Ended, found: Figures, what: str) -> None:
    """OPS-1, SAFE-1: one wrong figure fails the check that is about it, and is said."""
    failed = [check for check in checks(ended, found) if not check.holds]
    assert failed
    assert any(what in line for line in verdicts(failed))


def test_times_are_described_and_none_is_nothing() -> None:
    """OPS-1: average, 95th percentile and longest in seconds."""
    assert spread([]) is None
    assert spread(range(1_000_000, 101_000_000, 1_000_000)) == Spread(average=50.5, p95=96.0, most=100.0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--talk", "9..2"], "the smaller number comes first"),
        (["--talk", "soon"], "is not seconds like 5..20"),
        (["--talk", "nan"], "the smaller number comes first"),
        (["--calls", "0"], "0 is not in the range"),
        (["--answer-rate", "2"], "2.0 is not in the range"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], said: str) -> None:
    """OPS-1: exit status 2 and one sentence; nothing is started."""
    run = simulate(*arguments)
    assert (run.exit_code, said in run.output) == (2, True), run.output


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    """OPS-1: what is in it might be somebody's."""
    run = simulate("--keep", str(tmp_path))
    assert (run.exit_code, "name a folder that does not" in run.output) == (1, True)
    assert list(tmp_path.iterdir()) == []
