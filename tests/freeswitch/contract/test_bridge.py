"""Joining and parting (traces 06*, 16). Which of two events of different legs comes first is free."""

from collections.abc import Callable

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import MUSIC, PARK_VARIABLES, agent_leg, answered, talk
from tests.support.esl_client import EslClient

UNPROTECTED = "park_after_bridge=false;hangup_after_bridge=true;uuid_bridge_park_on_cancel=false"


def test_bridge_ends_music_and_joins(esl: EslClient, ends: Endpoints) -> None:
    """PLAYBACK ERROR on the caller, park ends on both, one CHANNEL_BRIDGE of the first leg (06a)."""
    _, leg, agent = talk(esl, ends)
    music = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="playback")
    assert music["Application-Response"] == "PLAYBACK ERROR"
    esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="park")
    esl.expect("CHANNEL_EXECUTE_COMPLETE", agent, Application="park")
    joined = [event for event in esl.events if event.name == "CHANNEL_BRIDGE"]
    assert len(joined) == 1
    assert (joined[0]["Bridge-A-Unique-ID"], joined[0]["Bridge-B-Unique-ID"]) == (leg, agent)
    assert joined[0]["Other-Leg-Unique-ID"] == agent
    assert int(joined[0]["Caller-Channel-Bridged-Time"]) > 0


def test_agent_leaves_unprotected_caller(esl: EslClient, ends: Endpoints) -> None:
    """Without the park variables the caller is hung up when the agent leaves (06a)."""
    _, leg, agent = talk(esl, ends, variables=UNPROTECTED)
    ends.agent_party("1001").hang_up()
    gone = esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    assert gone["variable_sip_hangup_disposition"] == "recv_bye"
    esl.expect("CHANNEL_UNBRIDGE", leg)
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("NORMAL_CLEARING", "send_bye")


def test_caller_leaves(esl: EslClient, ends: Endpoints) -> None:
    """The caller hangs up first: both end, each says who did it (06b)."""
    caller, leg, agent = talk(esl, ends)
    caller.hang_up()
    esl.expect("CHANNEL_UNBRIDGE", leg)
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert end["variable_sip_hangup_disposition"] == "recv_bye"
    other = esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    assert (other["Hangup-Cause"], other["variable_sip_hangup_disposition"]) == ("NORMAL_CLEARING", "send_bye")


def test_agent_leaves_and_caller_is_surveyed(esl: EslClient, ends: Endpoints, prompt: Callable[[int], str]) -> None:
    """With park_after_bridge the caller parks by state and can be asked (06d)."""
    caller, leg, agent = talk(esl, ends)
    ends.agent_party("1001").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    park = esl.expect("CHANNEL_PARK", leg)
    assert park["Channel-State"] == "CS_PARK"
    assert park["variable_last_bridge_to"] == agent
    names = esl.names(leg)
    assert names.index("CHANNEL_UNBRIDGE") < len(names) - 1 - names[::-1].index("CHANNEL_PARK")
    argument = f"1 1 1 3000 # {prompt(2000)} silence_stream://10 cc_score ^[1-5]$ 3000"
    ours = esl.execute(leg, "play_and_get_digits", argument)
    esl.gather(0.3)
    caller.press("5")
    result = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
    assert result["variable_cc_score"] == "5"


def test_bridge_to_a_dead_leg(esl: EslClient, ends: Endpoints) -> None:
    """`-ERR Invalid uuid`; the caller's music goes on (06e, SAFE-1)."""
    _, leg = answered(esl, ends)
    esl.execute(leg, "playback", MUSIC)
    agent = agent_leg(esl, ends)
    ends.agent_party("1001").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    assert esl.api(f"uuid_bridge {leg} {agent}") == "-ERR Invalid uuid\n"
    esl.gather(0.3)
    assert not [event for event in esl.events if event.get("Application-Response") == "PLAYBACK ERROR"]
    assert esl.api(f"uuid_exists {leg}") == "true"


def test_protected_caller_survives_every_race(esl: EslClient, ends: Endpoints) -> None:
    """The agent's leg dies while uuid_bridge runs: the caller parks again or never left (06h, SAFE-1)."""
    _, leg = answered(esl, ends)
    esl.api(f"uuid_setvar_multi {leg} {PARK_VARIABLES}")
    for _ in range(3):
        esl.execute(leg, "playback", MUSIC)
        agent = agent_leg(esl, ends)
        esl.write(f"api uuid_bridge {leg} {agent}\n\napi uuid_kill {agent}\n\n")
        joined, killed = esl.next_reply().body, esl.next_reply().body
        assert killed == "+OK\n"
        esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
        if joined.startswith("+OK"):
            assert esl.expect("CHANNEL_PARK", leg)["Channel-State"] in ("CS_PARK", "CS_EXECUTE")
        esl.api(f"uuid_break {leg} all")
        assert esl.api(f"uuid_exists {leg}") == "true"


def test_agent_leg_left_by_a_caller_can_be_rescued(esl: EslClient, ends: Endpoints) -> None:
    """The caller dies while uuid_bridge runs: the agent's leg stays without a word; kill or transfer it (06g)."""
    _, leg = answered(esl, ends)
    agent = agent_leg(esl, ends)
    esl.write(f"api uuid_bridge {leg} {agent}\n\napi uuid_kill {leg}\n\n")
    esl.next_reply()
    esl.next_reply()
    esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    esl.gather(0.3)
    if esl.api(f"uuid_exists {agent}") == "true":
        esl.api(f"uuid_kill {agent}")
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", agent)["Hangup-Cause"] == "NORMAL_CLEARING"
