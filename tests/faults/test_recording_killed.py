"""A recorded call through all processes, killed while it is recorded and while it is paused (REC-1, SAFE-1)."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from orchestrator.domain.call_states import CallState
from orchestrator.recordings.wav import read_wav
from simulator.control import Behaviour
from tests.support.real_centre import TENANT
from tests.support.real_switch import DOMAIN
from tests.support.simulated_centre import SimulatedCentre
from tests.support.simulated_switch import simulated_switch

#: Generous: the machine may be busy.
LONG_S = 60


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedCentre]:
    """A company that records every call, on a switch that writes them."""
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    with simulated_switch("--domain", DOMAIN, "--write-recordings") as switch:
        switch.control.set_phone("t-1", Behaviour(after_ms=50))
        with SimulatedCentre(switch, tmp_path, 1, wrap_up_s=2, record=True) as running:
            yield running


def killed_while_asked_for(centre: SimulatedCentre, act: str) -> None:
    """The orchestrator is killed; the agent's command comes while nobody is there; another one takes over."""
    adopted = centre.events().count("call_adopted")
    centre.orchestrator.kill()
    getattr(centre.use.control, act)(TENANT, centre.calls()[0].id, "a1", "user")
    centre.orchestrator.start()
    centre.wait("the take-over", lambda: centre.events().count("call_adopted") > adopted, LONG_S)
    goes_on(centre, 0.6)


def goes_on(centre: SimulatedCentre, seconds: float) -> None:
    """The talk goes on for a while."""
    end = time.monotonic() + seconds
    centre.wait("the talk to go on", lambda: time.monotonic() > end, seconds + LONG_S)


def longest_silence(path: Path) -> tuple[float, float, float]:
    """How long the recording is loud, then silent on both sides, then loud again, seconds."""
    wav = read_wav(path)
    loud = np.flatnonzero(np.concatenate(list(wav.blocks(wav.rate))).any(axis=1))
    gap = int(np.argmax(np.diff(loud)))
    first, last, begin, end = (int(loud[at]) for at in (0, -1, gap, gap + 1))
    return (begin - first) / wav.rate, (end - begin) / wav.rate, (last - end) / wav.rate


def test_one_recording_with_a_closed_pause(centre: SimulatedCentre, tmp_path: Path) -> None:
    """REC-1, SAFE-1, CDR-1: one record with one file: the talk, silence while paused, the talk again."""
    centre.online()
    leg = centre.call_in()
    centre.wait("a talk", lambda: [call.state for call in centre.calls()] == [CallState.CONNECTED], LONG_S)
    centre.wait("the recording", lambda: "recording_started" in centre.events(), LONG_S)
    goes_on(centre, 0.5)
    killed_while_asked_for(centre, "pause_recording")
    killed_while_asked_for(centre, "resume_recording")
    centre.control.hang_up(leg)
    centre.wait("the file's end", lambda: "recording_stopped" in centre.events(), LONG_S)
    (path,) = (tmp_path / "recordings").rglob("*.wav")
    before, silent, after = longest_silence(path)
    assert (before > 0.4, silent > 0.6, after > 0.4) == (True, True, True), (before, silent, after)
    database = centre.work()
    centre.wait_quiet()
    centre.wait_written(database)
    assert database.execute_sql("SELECT call, outcome FROM call_record").fetchall() == [(leg, "connected")]
    (kept,) = database.execute_sql("SELECT call, told_ms, ended, pauses FROM recording").fetchall()
    call, told_ms, closed, pauses = kept
    assert (call, told_ms / 1000 > before + silent + after - 0.1) == (leg, True)
    ((begun, ended, cause),) = json.loads(pauses)
    assert (begun < ended < closed, cause) == (True, "agent")
    told = database.execute_sql("SELECT type FROM call_event WHERE type LIKE 'recording%' ORDER BY ms, n").fetchall()
    assert [kind for (kind,) in told] == [
        f"recording_{kind}" for kind in ("begun", "started", "paused", "resumed", "stopped")
    ]
