"""Callers come in: park, answer, abandon, fallback (traces 01*)."""

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import answered, arrive
from tests.support.esl_client import EslClient


def test_a_call_arrives_parked_and_ringing(esl: EslClient, ends: Endpoints) -> None:
    """CHANNEL_PARK says everything about the caller; 180 came before it (01a, CALL-1)."""
    _, park = arrive(esl, ends, display="Alice")
    assert park["Call-Direction"] == "inbound"
    assert park["Answer-State"] == "ringing"
    assert park["Channel-State"] == "CS_EXECUTE"
    assert park["Caller-Caller-ID-Number"] == "13800138000"
    assert park["Caller-Caller-ID-Name"] == "Alice"
    assert park["Caller-Destination-Number"] == "4001"
    assert park["Caller-Context"] == "public"
    assert park["variable_sip_call_id"]
    assert int(park["Caller-Channel-Created-Time"]) > 1_700_000_000_000_000
    assert park["Caller-Channel-Answered-Time"] == "0"
    names = esl.names(park.leg)
    assert names.index("CHANNEL_PROGRESS") < names.index("CHANNEL_PARK")
    done = [event for event in esl.events if event.name == "CHANNEL_EXECUTE_COMPLETE"]
    steps = [(event["Application"], event["Channel-State"]) for event in done]
    assert steps[:-2] == [("set", "CS_ROUTING")] * 6
    assert steps[-2:] == [("ring_ready", "CS_EXECUTE"), ("sched_transfer", "CS_EXECUTE")]


def test_abandoned_before_answer(esl: EslClient, ends: Endpoints) -> None:
    """A caller who cancels ends with ORIGINATOR_CANCEL / recv_cancel and was never answered (01a, QUEUE-6)."""
    caller, park = arrive(esl, ends)
    caller.hang_up()
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", park.leg)
    assert end["Hangup-Cause"] == "ORIGINATOR_CANCEL"
    assert end["variable_sip_hangup_disposition"] == "recv_cancel"
    assert end["variable_answer_epoch"] == "0"
    assert end["Caller-Channel-Answered-Time"] == "0"
    assert end["Channel-State"] == "CS_REPORTING"
    parked = esl.expect("CHANNEL_EXECUTE_COMPLETE", park.leg, Application="park")
    assert parked["Answer-State"] == "hangup"


def test_wide_event_order_of_an_abandoned_call(esl: EslClient, ends: Endpoints) -> None:
    """The complete order of events of a leg that is cancelled while parked (01a)."""
    esl.command("event plain CHANNEL_CREATE CHANNEL_HANGUP CHANNEL_UNPARK CHANNEL_DESTROY")
    caller, park = arrive(esl, ends)
    caller.hang_up()
    esl.expect("CHANNEL_DESTROY", park.leg)
    names = esl.names(park.leg)
    assert names[0] == "CHANNEL_CREATE"
    ending = ["CHANNEL_HANGUP", "CHANNEL_UNPARK", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_HANGUP_COMPLETE",
              "CHANNEL_DESTROY"]  # fmt: skip
    assert names[names.index("CHANNEL_PARK") + 1 :] == ending


def test_fallback_when_nobody_attends(esl: EslClient, ends: Endpoints) -> None:
    """Without an orchestrator the dead-man transfer answers, plays, and hangs up (01d, CALL-1)."""
    _, park = arrive(esl, ends)
    answer = esl.expect("CHANNEL_ANSWER", park.leg, timeout=6)
    assert answer["Caller-Destination-Number"] == "cc_fallback"
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", park.leg, timeout=15)
    assert end["Hangup-Cause"] == "NORMAL_TEMPORARY_FAILURE"
    assert end["variable_sip_hangup_disposition"] == "send_bye"
    played = [event["Application"] for event in esl.events if event.name == "CHANNEL_EXECUTE_COMPLETE"]
    after_set = [application for application in played if application != "set"]
    assert after_set[-5:] == ["park", "answer", "playback", "playback", "hangup"]


def test_fallback_cancelled(esl: EslClient, ends: Endpoints) -> None:
    """sched_del cancels the fallback once; the answered call stays (01e, CALL-1)."""
    caller, leg = answered(esl, ends)
    assert esl.api(f"sched_del {leg}") == "+OK Deleted: 0\n"
    esl.gather(2.5)
    assert esl.api(f"uuid_exists {leg}") == "true"
    caller.hang_up()
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert end["Hangup-Cause"] == "NORMAL_CLEARING"
    assert end["variable_sip_hangup_disposition"] == "recv_bye"
    assert end["variable_proto_specific_hangup_cause"] == "sip:200"
    assert int(end["variable_billmsec"]) >= 2000


def test_dead_man_transfer_can_be_armed_again(esl: EslClient, ends: Endpoints) -> None:
    """sched_transfer on a running call fires unless cancelled (docs/freeswitch.md, recovery; SAFE-1)."""
    _, leg = answered(esl, ends)
    assert esl.api(f"sched_transfer +60 {leg} cc_fallback XML public").startswith("+OK")
    assert esl.api(f"sched_del {leg}") == "+OK Deleted: 1\n"
    esl.api(f"sched_transfer +1 {leg} cc_fallback XML public")
    done = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="park")
    assert done["Caller-Destination-Number"] == "cc_fallback"


def test_ringing_and_early_media_by_command(esl: EslClient, ends: Endpoints) -> None:
    """pre_answer makes early media, in which prompts play before the answer (01c)."""
    _, park = arrive(esl, ends)
    esl.api(f"sched_del {park.leg}")
    done = esl.execute(park.leg, "pre_answer")
    assert esl.expect("CHANNEL_PROGRESS_MEDIA", park.leg)["Answer-State"] == "early"
    esl.expect("CHANNEL_EXECUTE_COMPLETE", park.leg, Application_UUID=done)
    assert esl.api(f"uuid_answer {park.leg}") == "+OK\n"
    assert esl.expect("CHANNEL_ANSWER", park.leg)["Answer-State"] == "answered"


def test_maximum_duration(esl: EslClient, ends: Endpoints) -> None:
    """sched_hangup ends the call with the cause given (docs/freeswitch.md, limits; BILL-1)."""
    _, leg = answered(esl, ends)
    assert esl.api(f"sched_hangup +1 {leg} ALLOTTED_TIMEOUT").startswith("+OK")
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", leg)["Hangup-Cause"] == "ALLOTTED_TIMEOUT"
