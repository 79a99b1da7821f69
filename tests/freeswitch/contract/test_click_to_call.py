"""Outbound: the agent first, then the customer (traces 11*)."""

import uuid

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import AGENT_PARKS, agent_leg, bridge, none_of, originate
from tests.support.esl_client import EslClient
from tests.support.sip_phone import Manner

CUSTOMER = "sofia/gateway/pstn/13900139000"
RINGBACK = "tone_stream://%(1000,4000,450);loops=-1"
AGENT = f"{AGENT_PARKS},uuid_bridge_park_on_cancel=true,continue_on_fail=true"


def test_customer_answers(esl: EslClient, ends: Endpoints) -> None:
    """Ring-back to the agent, bridge, the customer leaves, the agent parks; billing is on the customer (11a)."""
    agent = agent_leg(esl, ends, variables=AGENT)
    esl.execute(agent, "playback", RINGBACK)
    ends.outside(Manner(answer_after=0.3))
    customer, job = originate(esl, CUSTOMER, "origination_caller_id_number=02150001000")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"+OK {customer}\n"
    esl.expect("CHANNEL_PARK", customer)
    esl.api(f"uuid_break {agent} all")
    bridge(esl, agent, customer)
    esl.gather(0.3)
    ends.outside_party().hang_up()
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", customer)
    assert end["variable_sip_hangup_disposition"] == "recv_bye"
    assert end["Caller-Destination-Number"] == "13900139000"
    assert int(end["Caller-Channel-Answered-Time"]) > int(end["Caller-Channel-Created-Time"])
    assert int(end["variable_billmsec"]) >= 200
    esl.expect("CHANNEL_PARK", agent, Channel_State="CS_PARK")


def test_customer_busy(esl: EslClient, ends: Endpoints) -> None:
    """A busy customer leaves the agent where it is, hearing ring-back (11b)."""
    agent = agent_leg(esl, ends, variables=AGENT)
    esl.execute(agent, "playback", RINGBACK)
    ends.outside(Manner(refuse=486))
    customer, job = originate(esl, CUSTOMER)
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == "-ERR USER_BUSY\n"
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", customer)["Hangup-Cause"] == "USER_BUSY"
    assert esl.api(f"uuid_exists {agent}") == "true"
    assert none_of(esl, agent, "CHANNEL_HANGUP_COMPLETE")


def _dial_from(esl: EslClient, agent: str) -> tuple[str, str]:
    customer = str(uuid.uuid4())
    variables = f"origination_uuid={customer},originate_timeout=20,ignore_early_media=false"
    variables += ",origination_caller_id_number=02150001000"
    return customer, esl.execute(agent, "bridge", f"{{{variables}}}{CUSTOMER}")


def test_agent_hears_early_media(esl: EslClient, ends: Endpoints) -> None:
    """The bridge application joins at 183, ANSWER comes later, PARK follows its completion (11e)."""
    agent = agent_leg(esl, ends, variables=AGENT)
    ends.outside(Manner(answer_after=0.4, early_media=True))
    customer, ours = _dial_from(esl, agent)
    esl.expect("CHANNEL_PROGRESS_MEDIA", customer)
    joined = esl.expect("CHANNEL_BRIDGE", agent)
    assert joined["Bridge-B-Unique-ID"] == customer
    esl.expect("CHANNEL_ANSWER", customer)
    ends.outside_party().hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", customer)
    esl.expect("CHANNEL_UNBRIDGE", agent)
    esl.expect("CHANNEL_EXECUTE_COMPLETE", agent, Application_UUID=ours)
    esl.expect("CHANNEL_PARK", agent, Channel_State="CS_PARK")


def test_customer_refuses_a_dialling_agent(esl: EslClient, ends: Endpoints) -> None:
    """continue_on_fail keeps the agent; the outcome is in variables, without a second PARK (11f)."""
    agent = agent_leg(esl, ends, variables=AGENT)
    ends.outside(Manner(refuse=486))
    _, ours = _dial_from(esl, agent)
    done = esl.expect("CHANNEL_EXECUTE_COMPLETE", agent, Application_UUID=ours)
    assert done["variable_originate_disposition"] == "USER_BUSY"
    esl.gather(0.2)
    assert esl.names(agent).count("CHANNEL_PARK") == 1
    assert esl.api(f"uuid_exists {agent}") == "true"
