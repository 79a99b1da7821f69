"""Agents' phones on a real FreeSWITCH: who rings, who refuses, who hears whom."""

import uuid
from collections.abc import Callable

import pytest

from tests.support.real_esl import EslClient
from tests.support.sip_call import Call, State
from tests.support.sip_phone import Manner, Phone

PhoneOf = Callable[[str], Phone]
KEEP = "park_after_bridge=true,hangup_after_bridge=false"


def ring(esl: EslClient, user: str, options: str = KEEP) -> tuple[str, str]:
    """Originate an agent leg to the park; its channel id and the job's."""
    leg = str(uuid.uuid4())
    settings = f"origination_uuid={leg},originate_timeout=20,ignore_early_media=true,{options}"
    return leg, esl.bgapi(f"originate {{{settings}}}user/{user}@zuoxi.local &park()")


def take(esl: EslClient, caller: Phone) -> tuple[Call, str]:
    """A customer's call, answered and parked; the call and its channel id."""
    call = caller.dial("4001")
    channel = esl.wait("CHANNEL_PARK")["Unique-ID"]
    esl.api(f"sched_del {channel}")
    esl.api(f"uuid_answer {channel}")
    return call.wait(State.UP), channel


def talk(esl: EslClient, caller: Phone, agent: Phone) -> tuple[Call, str, Call, str]:
    """A customer bridged to an agent: both calls with their channel ids."""
    call, channel = take(esl, caller)
    leg, _ = ring(esl, agent.user)
    esl.wait("CHANNEL_PARK", Unique_ID=leg)
    esl.api(f"uuid_bridge {channel} {leg}")
    esl.wait("CHANNEL_BRIDGE", Unique_ID=channel)
    return call, channel, agent.calls[-1], leg


def test_caller_and_agent_hear_each_other(esl: EslClient, caller: Phone, phone: PhoneOf) -> None:
    """CALL-1, WEB-1: after the bridge each side hears the other's voice."""
    agent = phone("1001").register()
    call, _, answered, _ = talk(esl, caller, agent)
    call.wait_to_hear(agent.hertz)
    answered.wait_to_hear(caller.hertz)


def test_agent_hangs_up_caller_stays(esl: EslClient, caller: Phone, phone: PhoneOf) -> None:
    """SAFE-1: the caller is parked again, not lost, when the agent hangs up."""
    call, channel, answered, _ = talk(esl, caller, phone("1001").register())
    answered.hang_up()
    esl.wait("CHANNEL_PARK", Unique_ID=channel, Channel_State="CS_PARK")
    assert call.state is State.UP


def test_hold_plays_music_to_the_caller(esl: EslClient, caller: Phone, phone: PhoneOf) -> None:
    """WEB-1: the phone's hold key gives the caller music, and the agent's voice again afterwards."""
    agent = phone("1001").register()
    call, _, answered, leg = talk(esl, caller, agent)
    call.wait_to_hear(agent.hertz)
    answered.hold()
    esl.wait("CHANNEL_HOLD", Unique_ID=leg)
    caller.loop.wait("music", lambda: call.ear.hears_something(0.6) and not call.ear.hears(agent.hertz, 0.6))
    answered.resume()
    esl.wait("CHANNEL_UNHOLD", Unique_ID=leg)
    call.wait_to_hear(agent.hertz)


def test_keys_pass_both_ways(esl: EslClient, caller: Phone, phone: PhoneOf) -> None:
    """WEB-1, IVR-1: keys arrive at the other side and as events naming who pressed them."""
    call, channel, answered, leg = talk(esl, caller, phone("1001").register())
    call.press("12#")
    answered.wait_for_keys("12#", 10)
    answered.press("3")
    call.wait_for_keys("3", 10)
    pressed = [(e["Unique-ID"], e["DTMF-Digit"]) for e in esl.events if e["Event-Name"] == "DTMF"]
    assert pressed == [(channel, "1"), (channel, "2"), (channel, "#"), (leg, "3")]


@pytest.mark.parametrize(
    ("code", "cause"),
    [(486, "USER_BUSY"), (603, "CALL_REJECTED"), (480, "NO_USER_RESPONSE"), (404, "UNALLOCATED_NUMBER")],
)
def test_refusals_name_their_cause(esl: EslClient, phone: PhoneOf, code: int, cause: str) -> None:
    """QUEUE-4: what the phone answers is what the switch reports, as job and as end of the leg."""
    phone("1002").register().behave(Manner(refuse=code))
    leg, job = ring(esl, "1002")
    assert esl.wait("BACKGROUND_JOB", Job_UUID=job)["_body"].strip() == f"-ERR {cause}"
    assert esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=leg)["Hangup-Cause"] == cause


def test_unregistered_phone_leaves_no_leg(esl: EslClient) -> None:
    """QUEUE-4: ringing an unregistered user fails at once, as a job only."""
    leg, job = ring(esl, "1009")
    assert esl.wait("BACKGROUND_JOB", Job_UUID=job)["_body"].strip() == "-ERR USER_NOT_REGISTERED"
    assert [e for e in esl.events if e.get("Unique-ID") == leg] == []


def test_ringing_phone_is_cancelled(esl: EslClient, phone: PhoneOf) -> None:
    """QUEUE-4: a cancelled leg stops ringing, told that it was answered elsewhere when it lost a race."""
    agent = phone("1003").register().behave(Manner(answer_after=None))
    leg, _ = ring(esl, "1003")
    call = agent.next_call().wait(State.RINGING)
    esl.wait("CHANNEL_PROGRESS", Unique_ID=leg)
    esl.api(f"uuid_kill {leg} LOSE_RACE")
    call.wait(State.ENDED)
    assert (call.code, "Call completed elsewhere" in call.reason) == (487, True)


def test_dead_phone_never_rings(esl: EslClient, phone: PhoneOf) -> None:
    """QUEUE-4: a registered phone that has vanished shows no sign of ringing before the timeout."""
    phone("1004").register().behave(Manner(dead=True))
    leg, job = ring(esl, "1004", "originate_timeout=2")
    assert esl.wait("BACKGROUND_JOB", 6, Job_UUID=job)["_body"].strip() == "-ERR NO_ANSWER"
    names = [e["Event-Name"] for e in esl.events if e.get("Unique-ID") == leg]
    assert "CHANNEL_PROGRESS" not in names


def test_blind_transfer_by_phone_keeps_the_caller(esl: EslClient, caller: Phone, phone: PhoneOf) -> None:
    """SAFE-1: a REFER from an agent's phone parks the caller in cc_transfer with the number asked for."""
    call, channel, answered, _ = talk(esl, caller, phone("1001").register())
    answered.refer("1005")
    parked = esl.wait("CHANNEL_PARK", Unique_ID=channel, Caller_Context="cc_transfer")
    assert parked["variable_cc_transfer_to"] == "1005"
    assert call.state is State.UP
