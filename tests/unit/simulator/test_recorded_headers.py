"""The simulated switch's events carry every header that all recorded events of the same kind carry."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.control import Behaviour
from tests.support.esl_client import EslClient, Event, Frame, parse_event
from tests.support.simulated_switch import SimulatedSwitch, simulated_switch

TRACES = Path(__file__).parents[2] / "traces"
EVERYTHING = "event plain ALL"

AS_RECORDED = (
    "origination_caller_id_number=13800138000,origination_caller_id_name=Alice,originate_timeout=20,"
    "ignore_early_media=true,cc_call=C1,cc_agent=7"
)

Kind = tuple[str, str, str]

ONLY_REAL = frozenset(
    {
        # what only media and SIP stacks know: negotiated payloads, jitter, answers' contact details
        *("variable_rtp_audio_in_jitter_packet_count", "variable_rtp_audio_in_jitter_burst_rate"),
        *("variable_rtp_audio_in_jitter_min_variance", "variable_rtp_audio_in_jitter_max_variance"),
        *("variable_rtp_audio_in_mean_interval", "variable_rtp_audio_in_flaw_total"),
        *("variable_rtp_audio_rtcp_packet_count", "variable_rtp_audio_rtcp_octet_count"),
        *("variable_sip_invite_stamp", "variable_sip_reply_host", "variable_sip_reply_port"),
        *("variable_sip_recover_contact", "variable_sip_recover_via", "variable_playback_last_offset_pos"),
        *("variable_current_loop", "variable_total_loops", "variable_originate_early_media", "variable_session_id"),
        *("variable_sip_to_port", "variable_sip_contact_port", "variable_sip_term_status", "variable_sip_term_cause"),
        *("variable_last_bridge_role", "variable_pre_transfer_caller_id_number", "variable_sip_hangup_phrase"),
        *("variable_last_sent_callee_id_name", "variable_last_sent_callee_id_number", "variable_sip_reason"),
        *("variable_last_bridge_proto_specific_hangup_cause", "variable_user_context", "variable_sip_cseq"),
        "variable_dlg_req_swap_direction",
    }
)


def _kind(event: Event) -> Kind:
    return (event.name, event.get("Event-Subclass", ""), event.get("Call-Direction", ""))


def _recorded() -> Iterator[Event]:
    for path in sorted(TRACES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["headers"].get("Content-Type") == "text/event-plain":
                yield parse_event(Frame(record["headers"], record["body"]))


def _always_there(events: Iterator[Event]) -> dict[Kind, set[str]]:
    common: dict[Kind, set[str]] = {}
    for event in events:
        kind = _kind(event)
        common[kind] = common[kind] & set(event) if kind in common else set(event)
    return common


def _whole_story(switch: SimulatedSwitch, client: EslClient) -> None:
    """One call with everything in it."""
    control = switch.control
    control.set_phone("1001", Behaviour(after_ms=20))
    caller = control.place_call("13800138000", "4001", display_name="Alice")
    client.expect("CHANNEL_PARK", caller)
    client.api(f"uuid_answer {caller}")
    client.api(f"uuid_setvar_multi {caller} park_after_bridge=true;hangup_after_bridge=false")
    client.execute(caller, "playback", "local_stream://default")
    agent = str(uuid.uuid4())
    client.bgapi(f"originate {{origination_uuid={agent},{AS_RECORDED}}}user/1001@cc.local &park()")
    client.expect("CHANNEL_PARK", agent)
    client.api(f"uuid_record {caller} start C1.wav")
    client.api(f"uuid_bridge {caller} {agent}")
    client.expect("CHANNEL_BRIDGE", caller)
    control.press(caller, "1")
    client.expect("DTMF", caller)
    control.press(agent, "2")
    client.expect("DTMF", agent)
    for on in (True, False):
        control.hold(agent, on=on)
    client.expect("CHANNEL_UNHOLD", agent)
    control.hang_up(agent)
    client.expect("CHANNEL_PARK", caller, Channel_State="CS_PARK")
    control.hang_up(caller)
    client.expect("CHANNEL_DESTROY", caller)
    for change in (control.register, control.unregister, control.register, control.expire):
        change("1001")
    control.fail_registration("1001")
    client.expect("CUSTOM", Event_Subclass="sofia::register_failure")


@pytest.fixture(scope="module")
def simulated() -> Iterator[dict[Kind, set[str]]]:
    """Headers of every kind of event in one whole story."""
    with simulated_switch() as switch, EslClient(switch.host, switch.port, switch.password) as client:
        client.command(EVERYTHING)
        _whole_story(switch, client)
        yield _always_there(iter(client.events))


def test_no_recorded_header_is_missing(simulated: dict[Kind, set[str]]) -> None:
    """Whatever all recordings of an event have in common is in the simulated one (CDR-1, SAFE-1)."""
    recorded = _always_there(_recorded())
    both = sorted(set(recorded) & set(simulated))
    missing = {kind: recorded[kind] - simulated[kind] - ONLY_REAL for kind in both}
    assert len(both) >= 25
    assert {kind: names for kind, names in missing.items() if names} == {}


def test_values_that_the_product_reads(simulated: dict[Kind, set[str]]) -> None:
    """The figures of the call record are on the last event of both legs (CDR-1, BILL-1)."""
    wanted = {"Hangup-Cause", "variable_sip_hangup_disposition", "variable_billmsec", "variable_answer_epoch",
              "Caller-Channel-Created-Time", "Caller-Channel-Answered-Time", "Caller-Channel-Hangup-Time",
              "Caller-Channel-Progress-Time", "Core-UUID", "Event-Date-Timestamp", "Event-Sequence"}  # fmt: skip
    for direction in ("inbound", "outbound"):
        assert wanted <= simulated["CHANNEL_HANGUP_COMPLETE", "", direction]
