"""Agent legs: every outcome of an originate (traces 04*)."""

import pytest

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import none_of, originate
from tests.support.esl_client import EslClient
from tests.support.sip_phone import Manner


def test_answered(esl: EslClient, ends: Endpoints) -> None:
    """PROGRESS, ANSWER, then JOB and PARK in either order; killed by us ends with send_bye (04a)."""
    ends.agent("1001", Manner(answer_after=0.3))
    leg, job = originate(esl, "user/1001", "cc_agent=7,origination_caller_id_number=13800138000")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"+OK {leg}\n"
    park = esl.expect("CHANNEL_PARK", leg)
    names = esl.names(leg)
    assert [name for name in names if name != "CHANNEL_PARK"] == ["CHANNEL_PROGRESS", "CHANNEL_ANSWER"]
    assert names.index("CHANNEL_ANSWER") < names.index("CHANNEL_PARK")
    assert park["Call-Direction"] == "outbound"
    assert park["Answer-State"] == "answered"
    assert (park["variable_cc_call"], park["variable_cc_agent"]) == ("C1", "7")
    assert park["variable_origination_uuid"] == leg
    assert park["Caller-Destination-Number"].startswith("1001")
    assert esl.api(f"uuid_kill {leg} NORMAL_CLEARING") == "+OK\n"
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("NORMAL_CLEARING", "send_bye")
    assert int(end["Caller-Channel-Progress-Time"]) > 0


def test_no_answer(esl: EslClient, ends: Endpoints) -> None:
    """originate_timeout: NO_ANSWER and send_cancel after a PROGRESS (04b, QUEUE-4)."""
    ends.agent("1001", Manner(answer_after=None))
    leg, job = originate(esl, "user/1001", timeout=2)
    esl.expect("CHANNEL_PROGRESS", leg)
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == "-ERR NO_ANSWER\n"
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("NO_ANSWER", "send_cancel")
    assert end["variable_answer_epoch"] == "0"


@pytest.mark.parametrize(
    ("status", "cause"),
    [(486, "USER_BUSY"), (603, "CALL_REJECTED"), (480, "NO_USER_RESPONSE"), (404, "UNALLOCATED_NUMBER")],
)
def test_refused(esl: EslClient, ends: Endpoints, status: int, cause: str) -> None:
    """Each refusal has its cause, the SIP status and recv_refuse (04c, 04d, QUEUE-4)."""
    ends.agent("1001", Manner(refuse=status))
    leg, job = originate(esl, "user/1001")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"-ERR {cause}\n"
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert end["Hangup-Cause"] == cause
    assert end["variable_sip_hangup_disposition"] == "recv_refuse"
    assert end["variable_proto_specific_hangup_cause"] == f"sip:{status}"


@pytest.mark.parametrize(
    ("endpoint", "cause"),
    [
        ("user/1003", "USER_NOT_REGISTERED"),
        ("user/9999", "SUBSCRIBER_ABSENT"),
        ("sofia/gateway/nope/123", "INVALID_GATEWAY"),
        ("nosuch/123", "CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_failures_without_a_channel(esl: EslClient, endpoint: str, cause: str) -> None:
    """Nobody there: only the job tells, no leg ever existed (04e, 04f, STATE-6)."""
    leg, job = originate(esl, endpoint)
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"-ERR {cause}\n"
    assert not esl.names(leg)


def test_usage(esl: EslClient) -> None:
    """Malformed arguments are answered with the usage."""
    job = esl.bgapi("originate")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body.startswith("-USAGE")


def test_dead_phone(esl: EslClient, ends: Endpoints) -> None:
    """Registered but silent: NO_ANSWER without any PROGRESS (04h, STATE-6)."""
    ends.agent("1002", Manner(dead=True))
    leg, job = originate(esl, "user/1002", timeout=2)
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == "-ERR NO_ANSWER\n"
    esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert none_of(esl, leg, "CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA")
    ends.agent("1002")


@pytest.mark.parametrize("cause", ["ORIGINATOR_CANCEL", "LOSE_RACE"])
def test_killed_while_ringing(esl: EslClient, ends: Endpoints, cause: str) -> None:
    """A ringing leg that is cancelled: our cause on both job and leg, send_cancel (04i, 17c)."""
    ends.agent("1001", Manner(answer_after=None))
    leg, job = originate(esl, "user/1001")
    esl.expect("CHANNEL_PROGRESS", leg)
    assert esl.api(f"uuid_kill {leg} {cause}") == "+OK\n"
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"-ERR {cause}\n"
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == (cause, "send_cancel")
    assert none_of(esl, leg, "CHANNEL_PARK")


def test_duplicate_uuid(esl: EslClient, ends: Endpoints) -> None:
    """A second leg with the same uuid fails; the first goes on (04k)."""
    ends.agent("1001", Manner(answer_after=None))
    leg, job = originate(esl, "user/1001", timeout=3)
    esl.expect("CHANNEL_PROGRESS", leg)
    second = esl.bgapi(f"originate {{origination_uuid={leg}}}user/1001 &park()")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=second).body == "-ERR DESTINATION_OUT_OF_ORDER\n"
    assert esl.api(f"uuid_exists {leg}") == "true"
    esl.api(f"uuid_kill {leg} ORIGINATOR_CANCEL")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == "-ERR ORIGINATOR_CANCEL\n"


def test_all_legs_of_a_call_are_killed(esl: EslClient, ends: Endpoints) -> None:
    """hupall with a variable ends ringing legs too."""
    ends.agent("1001", Manner(answer_after=None))
    leg, _ = originate(esl, "user/1001", "cc_group=G7")
    esl.expect("CHANNEL_PROGRESS", leg)
    esl.api("hupall ORIGINATOR_CANCEL cc_group G7")
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", leg)["Hangup-Cause"] == "ORIGINATOR_CANCEL"


def test_early_media_ignored(esl: EslClient, ends: Endpoints) -> None:
    """183 of a trunk is told but does not end the originate; the answer does (05d, OUT-1)."""
    ends.outside(Manner(answer_after=0.4, early_media=True))
    leg, job = originate(esl, "sofia/gateway/pstn/139")
    assert esl.expect("CHANNEL_PROGRESS_MEDIA", leg)["Answer-State"] == "early"
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"+OK {leg}\n"
    esl.expect("CHANNEL_PARK", leg)
    names = esl.names(leg)
    assert names.index("CHANNEL_PROGRESS_MEDIA") < names.index("CHANNEL_ANSWER") < names.index("CHANNEL_PARK")


def test_variables_with_spaces_commas_and_utf8(esl: EslClient, ends: Endpoints) -> None:
    """Quoting in the {} list: quotes for spaces, backslash for commas, UTF-8 as it is (SAFE-2)."""
    ends.agent("1001", Manner(answer_after=0.0))
    leg, _ = originate(esl, "user/1001", r"cc_a='two words',cc_b=x\,y,cc_c=张三")
    park = esl.expect("CHANNEL_PARK", leg)
    values = (park["variable_cc_a"], park["variable_cc_b"], park["variable_cc_c"])
    assert values == ("two words", "x,y", "张三")
