"""Recording (traces 10*)."""

from pathlib import Path

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import agent_leg, bridge, talk
from tests.support.esl_client import EslClient


def test_start_mask_stop(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """start and stop are told, mask and unmask are not; a second stop is an error (10a, REC-1)."""
    _, leg, _ = talk(esl, ends)
    path = tmp_path / "C1.wav"
    assert esl.api(f"uuid_record {leg} start {path}") == "+OK Success\n"
    assert esl.expect("RECORD_START", leg)["Record-File-Path"] == str(path)
    for action in ("mask", "unmask"):
        assert esl.api(f"uuid_record {leg} {action} {path}") == "+OK Success\n"
    esl.gather(1)
    assert esl.api(f"uuid_record {leg} stop {path}") == "+OK Success\n"
    stop = esl.expect("RECORD_STOP", leg)
    assert stop["Record-File-Path"] == str(path)
    assert int(stop["variable_record_ms"]) >= 800
    assert esl.api(f"uuid_record {leg} stop {path}") == "-ERR Cannot stop record session!\n"


def test_one_recording_over_two_agents(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """The recording of the caller's leg survives a transfer; RECORD_STOP precedes HANGUP_COMPLETE (10b, REC-1)."""
    caller, leg, agent = talk(esl, ends)
    path = tmp_path / "C2.wav"
    esl.api(f"uuid_record {leg} start {path}")
    esl.expect("RECORD_START", leg)
    esl.api(f"uuid_kill {agent}")
    esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
    bridge(esl, leg, agent_leg(esl, ends, "1002"))
    assert str(path) in esl.api(f"uuid_buglist {leg}")
    caller.hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    names = esl.names(leg)
    assert names.count("RECORD_STOP") == 1
    assert names.index("RECORD_STOP") < names.index("CHANNEL_HANGUP_COMPLETE")


def test_started_twice_it_goes_on(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """Told again to record into the same file the switch does what it does already, without a word (REC-1, SAFE-1)."""
    caller, leg, _ = talk(esl, ends)
    path = tmp_path / "C3.wav"
    for _ in range(2):
        assert esl.api(f"uuid_record {leg} start {path}") == "+OK Success\n"
    for action in ("mask", "mask", "unmask", "unmask"):
        assert esl.api(f"uuid_record {leg} {action} {path}") == "+OK Success\n"
    esl.gather(1)
    caller.hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert [esl.names(leg).count(name) for name in ("RECORD_START", "RECORD_STOP")] == [1, 1]


def test_a_full_disk_ends_no_call(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """What can't be written is lost alone: the talk goes on, and its end is told (REC-1, SAFE-1)."""
    caller, leg, _ = talk(esl, ends)
    path = tmp_path / "C4.wav"
    path.symlink_to("/dev/full")
    esl.api(f"uuid_record {leg} start {path}")
    esl.gather(1)
    assert esl.api(f"uuid_exists {leg}") == "true"
    caller.hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
