"""During a talk: hold, keys, transfers (traces 07*, 08*, 17c)."""

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import AGENT_PARKS, MUSIC, PARK_VARIABLES, agent_leg, bridge, talk
from tests.support.esl_client import EslClient


def test_phone_holds_and_resumes(esl: EslClient, ends: Endpoints) -> None:
    """HOLD and UNHOLD on the agent's leg, with the time on hold (07a, WEB-1)."""
    _, _, agent = talk(esl, ends)
    party = ends.agent_party("1001")
    party.hold(on=True)
    held = esl.expect("CHANNEL_HOLD", agent)
    assert held["Answer-State"] == "answered"
    esl.gather(0.3)
    party.hold(on=False)
    back = esl.expect("CHANNEL_UNHOLD", agent)
    assert int(back["Caller-Channel-Hold-Accum"]) >= 250_000


def test_hold_by_command(esl: EslClient, ends: Endpoints) -> None:
    """uuid_hold and uuid_hold off give the same events (17c)."""
    _, _, agent = talk(esl, ends)
    assert esl.api(f"uuid_hold {agent}") == "+OK Success\n"
    esl.expect("CHANNEL_HOLD", agent)
    assert esl.api(f"uuid_hold off {agent}") == "+OK Success\n"
    esl.expect("CHANNEL_UNHOLD", agent)


def test_hold_by_parking_both(esl: EslClient, ends: Endpoints) -> None:
    """-both park inline: UNBRIDGE and a PARK on each leg, music, and a second bridge (07d, WEB-1)."""
    _, leg, agent = talk(esl, ends, agent_variables=AGENT_PARKS)
    assert esl.api(f"uuid_transfer {leg} -both park inline") == "+OK\n"
    esl.expect("CHANNEL_UNBRIDGE", leg)
    assert esl.expect("CHANNEL_PARK", leg)["Channel-State"] == "CS_EXECUTE"
    assert esl.expect("CHANNEL_PARK", agent)["Channel-State"] == "CS_EXECUTE"
    esl.execute(leg, "playback", MUSIC)
    esl.gather(0.2)
    esl.api(f"uuid_break {leg} all")
    bridge(esl, leg, agent)


def test_keys_in_a_talk(esl: EslClient, ends: Endpoints) -> None:
    """DTMF events carry the leg of whoever pressed; digits can be sent to a phone (07g)."""
    caller, leg, agent = talk(esl, ends)
    caller.press("12")
    assert [esl.expect("DTMF", leg)["DTMF-Digit"] for _ in range(2)] == ["1", "2"]
    ends.agent_party("1001").press("34")
    assert [esl.expect("DTMF", agent)["DTMF-Digit"] for _ in range(2)] == ["3", "4"]
    assert esl.api(f"uuid_send_dtmf {leg} 88") == f"+OK {leg} sent DTMF 88.\n"


def test_blind_transfer_by_us(esl: EslClient, ends: Endpoints) -> None:
    """The agent's leg is killed, the caller parks, hears music and is joined to the next agent (08a, WEB-1)."""
    _, leg, agent = talk(esl, ends)
    esl.api(f"uuid_kill {agent} NORMAL_CLEARING")
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", agent)["variable_sip_hangup_disposition"] == "send_bye"
    esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
    esl.execute(leg, "playback", MUSIC)
    second = agent_leg(esl, ends, "1002")
    esl.api(f"uuid_break {leg} all")
    bridge(esl, leg, second)


def test_attended_transfer_by_us(esl: EslClient, ends: Endpoints) -> None:
    """Consult, then tear the consulted leg out: the first agent parks, the caller is joined (08c, WEB-1)."""
    _, leg, agent = talk(esl, ends, agent_variables=AGENT_PARKS)
    esl.api(f"uuid_transfer {leg} -both park inline")
    esl.expect("CHANNEL_PARK", leg)
    esl.expect("CHANNEL_PARK", agent)
    esl.execute(leg, "playback", MUSIC)
    consulted = agent_leg(esl, ends, "1002", AGENT_PARKS)
    bridge(esl, agent, consulted)
    esl.api(f"uuid_break {leg} all")
    bridge(esl, leg, consulted)
    esl.expect("CHANNEL_UNBRIDGE", agent)
    esl.expect("CHANNEL_PARK", agent)
    esl.api(f"uuid_kill {agent}")
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    ends.agent_party("1002").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", consulted)
    esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")


def test_phone_transfers_by_refer(esl: EslClient, ends: Endpoints) -> None:
    """With force_transfer_context the caller parks in cc_transfer with the number asked for (08f, WEB-1)."""
    _, leg, agent = talk(esl, ends, agent_variables=AGENT_PARKS)
    ends.agent_party("1001").refer("1002")
    park = esl.expect("CHANNEL_PARK", leg, Caller_Context="cc_transfer")
    assert park["variable_cc_transfer_to"] == "1002"
    assert park["Caller-Destination-Number"] == "1002"
    assert "1002@" in park["variable_sip_refer_to"]
    esl.expect("CHANNEL_PARK", agent)


def test_after_a_refer_the_caller_is_ours(esl: EslClient, ends: Endpoints) -> None:
    """The telephone's leg is ended, the mark taken off, the caller joined with another agent and parked anew (08f)."""
    _, leg, agent = talk(esl, ends, agent_variables=AGENT_PARKS)
    ends.agent_party("1001").refer("1002")
    esl.expect("CHANNEL_PARK", leg, Caller_Context="cc_transfer")
    assert esl.api(f"uuid_setvar_multi {leg} cc_transfer_to=") == "+OK\n"
    esl.api(f"uuid_kill {agent} NORMAL_CLEARING")
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    esl.execute(leg, "playback", MUSIC)
    second = agent_leg(esl, ends, "1002", AGENT_PARKS)
    esl.api(f"uuid_break {leg} all")
    bridge(esl, leg, second)
    ends.agent_party("1002").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", second)
    park = esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
    assert "variable_cc_transfer_to" not in park


def test_three_way(esl: EslClient, ends: Endpoints) -> None:
    """Two legs and an originated third in a conference, then two of them joined again (08e, WEB-1)."""
    esl.command("event plain CUSTOM conference::maintenance")
    _, leg, agent = talk(esl, ends, agent_variables=AGENT_PARKS)
    esl.api(f"uuid_transfer {leg} -both conference:cc_C1@default inline")
    esl.expect("CUSTOM", leg, Action="add-member")
    esl.expect("CUSTOM", agent, Action="add-member")
    ends.agent("1002")
    job = esl.bgapi("originate {ignore_early_media=true}user/1002 &conference(cc_C1@default)")
    third = esl.expect("BACKGROUND_JOB", Job_UUID=job).body.split()[1]
    esl.expect("CUSTOM", third, Action="add-member")
    esl.api(f"uuid_kill {agent}")
    esl.expect("CUSTOM", agent, Action="del-member")
    for staying in (leg, third):
        esl.api(f"uuid_transfer {staying} park inline")
        esl.expect("CHANNEL_PARK", staying)
    esl.expect("CUSTOM", Action="conference-destroy")
    esl.api(f"uuid_setvar_multi {leg} {PARK_VARIABLES}")
    bridge(esl, leg, third)


def test_out_of_a_conference_into_a_talk(esl: EslClient, ends: Endpoints) -> None:
    """Caller, agent and whoever was asked confer; when the agent is gone, uuid_bridge alone joins the rest (WEB-1)."""
    esl.command("event plain CUSTOM conference::maintenance")
    _, leg, agent = talk(esl, ends, agent_variables=AGENT_PARKS)
    esl.api(f"uuid_transfer {leg} -both park inline")
    esl.expect("CHANNEL_PARK", leg)
    esl.expect("CHANNEL_PARK", agent)
    esl.execute(leg, "playback", MUSIC)
    consulted = agent_leg(esl, ends, "1002", AGENT_PARKS)
    bridge(esl, agent, consulted)
    esl.api(f"uuid_transfer {agent} -both conference:cc_{leg}@default inline")
    esl.api(f"uuid_transfer {leg} conference:cc_{leg}@default inline")
    for member in (agent, consulted, leg):
        esl.expect("CUSTOM", member, Action="add-member")
    esl.api(f"uuid_kill {agent}")
    esl.expect("CUSTOM", agent, Action="del-member")
    esl.api(f"uuid_break {leg} all")
    bridge(esl, leg, consulted)
    esl.expect("CUSTOM", Action="conference-destroy")
    ends.agent_party("1002").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", consulted)
    esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
