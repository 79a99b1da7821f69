"""A caller without a telephone, by which menus are tried through the call path; keys are pressed by command."""

import time
from collections.abc import Callable

from tests.freeswitch.contract.scenes import none_of, originate
from tests.support.esl_client import EslClient

Prompt = Callable[[int], str]


def virtual(esl: EslClient) -> str:
    leg, job = originate(esl, "null/test", "cc_role=test")
    parked = esl.expect("CHANNEL_PARK", leg)
    assert (parked["Answer-State"], parked["Call-Direction"]) == ("answered", "outbound")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"+OK {leg}\n"
    return leg


def test_it_is_asked_and_answers(esl: EslClient, prompt: Prompt) -> None:
    """IVR-1: prompts take their time and keys arrive as those of a caller do."""
    leg = virtual(esl)
    argument = f"1 1 1 4000 # {prompt(3000)} silence_stream://10 cc_menu ^[1-3]$ 1000"
    ours = esl.execute(leg, "play_and_get_digits", argument)
    esl.gather(0.3)
    assert esl.api(f"uuid_recv_dtmf {leg} 2") == f"+OK {leg} received DTMF 2.\n"
    result = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, timeout=10, Application_UUID=ours)
    assert (result["variable_cc_menu"], result["variable_cc_role"]) == ("2", "test")


def test_it_hears_an_announcement_to_its_end(esl: EslClient, prompt: Prompt) -> None:
    """IVR-1: an announcement of half a second is over after half a second, not at once."""
    leg = virtual(esl)
    began = int(time.time() * 1_000_000)
    ours = esl.execute(leg, "playback", prompt(500))
    result = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, timeout=5, Application_UUID=ours)
    assert 400_000 < int(result["Event-Date-Timestamp"]) - began < 2_000_000
    esl.api(f"uuid_kill {leg}")
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", leg)["Hangup-Cause"] == "NORMAL_CLEARING"
    assert none_of(esl, leg, "CHANNEL_BRIDGE")
