"""What a new connection can find out (traces 13*), and the ordinary queue call (16)."""

import json
from collections.abc import Callable

from tests.freeswitch.contract.conftest import SwitchUnderTest
from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import AGENT_PARKS, MUSIC, PARK_VARIABLES, agent_leg, answered, bridge, talk
from tests.support.esl_client import EslClient


def test_nothing_is_going_on(esl: EslClient) -> None:
    """Empty tables have a count and no rows (13d)."""
    for table in ("channels", "calls"):
        assert esl.api(f"show {table} as json") == '{"row_count": 0}\n'


def test_core_uuid(esl: EslClient) -> None:
    """The core's id can be asked for and is in every event (13d, SAFE-1)."""
    core = esl.api("global_getvar core_uuid").strip()
    esl.bgapi("version")
    assert esl.expect("BACKGROUND_JOB")["Core-UUID"] == core


def test_calls_survive_a_lost_connection(subject: SwitchUnderTest, esl: EslClient, ends: Endpoints) -> None:
    """A new connection finds channels, pairs and our variables, and can go on (13b, SAFE-1)."""
    with subject.connect() as first:
        first.command("event plain CHANNEL_PARK CHANNEL_ANSWER CHANNEL_BRIDGE BACKGROUND_JOB")
        _, leg, agent = talk(first, ends)
        first.api(f"uuid_setvar_multi {leg} cc_state=talking;cc_queue=sales")
        other, waiting = answered(first, ends, "4002")
        first.execute(waiting, "playback", MUSIC)
        first.gather(0.2)
    rows = {row["uuid"]: row for row in json.loads(esl.api("show channels as json"))["rows"]}
    assert set(rows) == {leg, agent, waiting}
    assert rows[waiting]["dest"] == "4002"
    assert rows[waiting]["cid_num"] == "13800138000"
    assert rows[leg]["direction"] == "inbound"
    pairs = {row["uuid"]: row["b_uuid"] for row in json.loads(esl.api("show calls as json"))["rows"]}
    assert pairs == {leg: agent, waiting: ""}
    dump = json.loads(esl.api(f"uuid_dump {leg} json"))
    assert (dump["variable_cc_state"], dump["variable_cc_queue"]) == ("talking", "sales")
    assert dump["Channel-State"] == "CS_SOFT_EXECUTE"
    queued = json.loads(esl.api(f"uuid_dump {waiting} json"))
    assert (queued["variable_current_application"], queued["variable_current_application_data"]) == ("playback", MUSIC)
    assert queued["Answer-State"] == "answered"
    assert esl.api(f"uuid_getvar {leg} cc_state") == "talking"
    other.hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", waiting)


def test_packet_counters(esl: EslClient, ends: Endpoints) -> None:
    """uuid_set_media_stats writes packet counters that grow while media flows (17a)."""
    _, _, agent = talk(esl, ends)
    assert _packets(esl, agent) < _packets(esl, agent)


def test_packet_counters_of_who_vanished(esl: EslClient, ends: Endpoints) -> None:
    """Without sound they stand still, also of a held leg; of a leg that is over there are none (17b, STATE-6)."""
    _, leg, agent = talk(esl, ends, agent_variables=AGENT_PARKS)
    assert esl.api(f"uuid_transfer {leg} -both park inline") == "+OK\n"
    esl.expect("CHANNEL_PARK", agent)
    assert _packets(esl, agent) < _packets(esl, agent)
    ends.agent_party("1001").vanish()
    esl.gather(0.1)
    assert _packets(esl, agent) == _packets(esl, agent)
    esl.api(f"uuid_kill {agent}")
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    assert esl.api(f"uuid_getvar {agent} rtp_audio_in_packet_count").startswith("-ERR")


def _packets(esl: EslClient, leg: str) -> int:
    """How many packets have come in on a leg; 0.3 s go by before the answer is given back."""
    assert esl.api(f"uuid_set_media_stats {leg}").startswith("+OK")
    count = int(esl.api(f"uuid_getvar {leg} rtp_audio_in_packet_count"))
    esl.gather(0.3)
    return count


def test_a_heartbeat_comes(esl: EslClient) -> None:
    """HEARTBEAT every 20 s with the figures of the core (13c)."""
    beat = esl.expect("HEARTBEAT", timeout=25)
    assert beat["Event-Info"] == "System Ready"
    for header in ("Core-UUID", "Uptime-msec", "Session-Count", "Max-Sessions", "Idle-CPU", "Event-Sequence"):
        assert beat[header]


def test_an_ordinary_queue_call(esl: EslClient, ends: Endpoints, prompt: Callable[[int], str]) -> None:
    """The whole of trace 16: music, announcement, agent, talk, survey, end; the caller's events in order."""
    caller, leg = answered(esl, ends)
    esl.execute(leg, "playback", MUSIC)
    esl.api(f"uuid_setvar_multi {leg} cc_call=C1;cc_state=queued;{PARK_VARIABLES}")
    esl.gather(0.2)
    esl.execute(leg, "playback", prompt(300))
    esl.execute(leg, "playback", MUSIC)
    esl.api(f"uuid_break {leg}")
    for _ in range(2):
        esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="playback")
    agent = agent_leg(esl, ends)
    esl.api(f"uuid_break {leg} all")
    bridge(esl, leg, agent)
    ends.agent_party("1001").hang_up()
    esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
    ours = esl.execute(leg, "play_and_get_digits",
                       f"1 1 1 2000 # {prompt(2000)} silence_stream://10 cc_score ^[1-5]$ 2000")  # fmt: skip
    esl.gather(0.3)
    caller.press("5")
    assert esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)["variable_cc_score"] == "5"
    esl.api(f"uuid_kill {leg} NORMAL_CLEARING")
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert end["variable_cc_call"] == "C1"
    wanted = ["CHANNEL_PROGRESS", "CHANNEL_PARK", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE",
              "CHANNEL_PARK", "DTMF", "CHANNEL_HANGUP_COMPLETE"]  # fmt: skip
    assert [name for name in esl.names(leg) if name in wanted] == wanted


def _dump(esl: EslClient, leg: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(esl.api(f"uuid_dump {leg} json"))
    return found


def test_a_dump_tells_whether_a_question_is_over(esl: EslClient, ends: Endpoints, prompt: Callable[[int], str]) -> None:
    """Who takes over finds what was keyed in meanwhile: without a result it is still asked (IVR-1, SAFE-1)."""
    caller, leg = answered(esl, ends)
    for keys, variable in (("2", "cc_key_1"), ("9", "cc_key_2_invalid"), ("", "")):
        name = variable.removesuffix("_invalid") or "cc_key_3"
        question = f"1 1 1 700 # {prompt(200)} silence_stream://10 {name} ^[1-3]$ 700"
        ours = esl.execute(leg, "play_and_get_digits", question)
        esl.gather(0.1)
        asked = _dump(esl, leg)
        assert (asked["variable_current_application_data"], asked.get("variable_read_result")) == (question, None)
        caller.press(keys)
        esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
        over = _dump(esl, leg)
        assert over["variable_current_application_data"] == question
        assert over["variable_read_result"] == ("success" if keys else "failure")
        assert not variable or over[f"variable_{variable}"] == keys


def test_a_dump_tells_whether_a_sound_is_over(esl: EslClient, ends: Endpoints, prompt: Callable[[int], str]) -> None:
    """While something plays there is no response yet; what a bridge has cut off has one, too (SAFE-1)."""
    _, leg, agent = talk(esl, ends)
    ends.agent_party("1001").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
    assert _dump(esl, leg)["variable_current_application_response"] == "PLAYBACK ERROR"
    ours = esl.execute(leg, "playback", prompt(400))
    esl.gather(0.1)
    playing = _dump(esl, leg)
    assert (playing["variable_current_application"], playing["Channel-State"]) == ("playback", "CS_PARK")
    assert "variable_current_application_response" not in playing
    esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
    assert _dump(esl, leg)["variable_current_application_response"] == "FILE PLAYED"
