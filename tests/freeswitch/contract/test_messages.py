"""Messages that callers leave: a tone, then the application `record` (docs/freeswitch.md, section 10)."""

from pathlib import Path

from tests.freeswitch.contract.endpoints import Endpoints, Party
from tests.freeswitch.contract.scenes import answered
from tests.support.esl_client import EslClient

BEEP = "tone_stream://%(400,100,1000)"


def begin(
    esl: EslClient, ends: Endpoints, path: Path, limit_s: int = 20, silence_s: int = 10
) -> tuple[Party, str, str]:
    """A caller hears the tone and is recorded: (caller, leg, the recording's Event-UUID).

    `record` hangs up where the folder is missing; to record the leg for a moment makes it.
    """
    caller, leg = answered(esl, ends)
    assert esl.api(f"uuid_setvar_multi {leg} playback_terminators=#") == "+OK\n"
    assert esl.api(f"uuid_record {leg} start {path}") == "+OK Success\n"
    assert esl.api(f"uuid_record {leg} stop {path}") == "+OK Success\n"
    esl.expect("RECORD_STOP", leg)
    esl.execute(leg, "playback", BEEP)
    esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="playback")
    step = esl.execute(leg, "record", f"{path} {limit_s} 200 {silence_s}")
    for _ in range(2):
        assert esl.expect("RECORD_START", leg)["Record-File-Path"] == str(path)
    return caller, leg, step


def test_a_key_ends_it(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """IVR-1, QUEUE-1: # ends the message, its folder is made; the end is told with its own Application-UUID."""
    path = tmp_path / "deep" / "er" / "m1.wav"
    caller, leg, step = begin(esl, ends, path)
    esl.gather(1.5)
    caller.press("#")
    stop = esl.expect("RECORD_STOP", leg)
    assert stop["Record-File-Path"] == str(path)
    assert int(stop["variable_record_ms"]) >= 800
    over = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="record")
    assert over["Application-UUID"] == step


def test_the_caller_hangs_up(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """IVR-1: the file is closed and told before the end of the channel."""
    caller, leg, _ = begin(esl, ends, tmp_path / "m2.wav")
    esl.gather(1)
    caller.hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    names = esl.names(leg)
    assert names[: names.index("CHANNEL_HANGUP_COMPLETE")].count("RECORD_STOP") == 2


def test_the_limit_ends_it(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """IVR-1: the longest message is the switch's own matter."""
    _, leg, step = begin(esl, ends, tmp_path / "m3.wav", limit_s=2)
    over = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="record")
    assert over["Application-UUID"] == step


def test_silence_ends_it(esl: EslClient, ends: Endpoints, tmp_path: Path) -> None:
    """QUEUE-1: who speaks is recorded longer than the silence that ends it; so much silence then ends it."""
    caller, leg, step = begin(esl, ends, tmp_path / "m4.wav", silence_s=2)
    esl.gather(2.6)
    assert esl.names(leg).count("RECORD_STOP") == 1
    caller.fall_silent()
    stop = esl.expect("RECORD_STOP", leg)
    assert 3000 < int(stop["variable_record_ms"]) < 9000
    over = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="record")
    assert over["Application-UUID"] == step
