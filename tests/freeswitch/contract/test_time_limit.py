"""The end of a talk that can't be paid for any more: a tone to both, and the switch's own limit (BILL-1)."""

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import agent_leg, bridge
from tests.support.esl_client import EslClient

TONE = "tone_stream://%(200,100,950);loops=2"


def test_a_tone_sounds_over_the_talk_and_the_limit_ends_it(esl: EslClient, ends: Endpoints) -> None:
    """BILL-1: a limit is put in place of another, the tone leaves the talk as it is, and the limit ends the leg."""
    one, other = agent_leg(esl, ends), agent_leg(esl, ends, user="1002")
    bridge(esl, one, other)
    assert esl.api(f"sched_hangup +60 {one} ALLOTTED_TIMEOUT").startswith("+OK")
    assert esl.api(f"sched_del {one}") == "+OK Deleted: 1\n"
    assert esl.api(f"sched_hangup +4 {one} ALLOTTED_TIMEOUT").startswith("+OK")
    assert esl.api(f"sched_broadcast +1 {one} {TONE} both").startswith("+OK")
    esl.expect("PLAYBACK_STOP", one)
    ended = esl.expect("CHANNEL_HANGUP_COMPLETE", one)
    assert ended["Hangup-Cause"] == "ALLOTTED_TIMEOUT"
