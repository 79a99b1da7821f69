"""A call that an agent has placed, once the customer has answered: the two can part and meet in every way (OUT-1)."""

import uuid

import pytest

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import MUSIC, agent_leg, bridge, none_of
from tests.support.esl_client import EslClient
from tests.support.sip_phone import Manner

SAFE = "park_after_bridge=true,hangup_after_bridge=false,uuid_bridge_park_on_cancel=true"
SHOWN = "origination_caller_id_number=02150001000"


def dial(esl: EslClient, ends: Endpoints, manner: Manner) -> tuple[str, str, str]:
    """An agent's leg rings a customer: (agent's leg, customer's leg, Event-UUID of the bridge)."""
    agent = agent_leg(esl, ends, variables=f"{SAFE},continue_on_fail=true")
    ends.outside(manner)
    customer = str(uuid.uuid4())
    given = f"origination_uuid={customer},originate_timeout=20,ignore_early_media=false,{SHOWN},{SAFE}"
    return agent, customer, esl.execute(agent, "bridge", f"{{{given}}}sofia/gateway/pstn/13900139000")


def talk(esl: EslClient, ends: Endpoints, *, early: bool = True) -> tuple[str, str]:
    """The customer has answered: (agent's leg, customer's leg)."""
    agent, customer, _ = dial(esl, ends, Manner(answer_after=0.2, early_media=early))
    esl.expect("CHANNEL_ANSWER", customer)
    esl.expect("CHANNEL_BRIDGE", agent)
    esl.gather(0.2)
    return agent, customer


@pytest.mark.parametrize("early", [True, False])
def test_agent_leaves_and_the_customer_parks(esl: EslClient, ends: Endpoints, early: bool) -> None:
    """SAFE-1: nobody is lost with the agent's leg: the customer can be played music and joined anew."""
    agent, customer = talk(esl, ends, early=early)
    ends.agent_party("1001").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    esl.expect("CHANNEL_PARK", customer, Channel_State="CS_PARK")
    assert esl.api(f"uuid_exists {customer}") == "true"


def test_held_and_resumed(esl: EslClient, ends: Endpoints) -> None:
    """WEB-1: both park, the customer hears music, and the ordinary bridge joins them again, customer first."""
    agent, customer = talk(esl, ends)
    assert esl.api(f"uuid_transfer {customer} -both park inline") == "+OK\n"
    esl.expect("CHANNEL_UNBRIDGE", agent)
    esl.expect("CHANNEL_PARK", customer, Channel_State="CS_EXECUTE")
    esl.expect("CHANNEL_PARK", agent, Channel_State="CS_EXECUTE")
    esl.execute(customer, "playback", MUSIC)
    esl.gather(0.2)
    esl.api(f"uuid_break {customer} all")
    bridge(esl, customer, agent)
    ends.agent_party("1001").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    esl.expect("CHANNEL_PARK", customer, Channel_State="CS_PARK")


def test_customer_taken_out_of_the_talk(esl: EslClient, ends: Endpoints) -> None:
    """WEB-1: only the customer is parked; the agent's leg parks too, and neither is lost."""
    agent, customer = talk(esl, ends)
    assert esl.api(f"uuid_transfer {customer} park inline") == "+OK\n"
    esl.expect("CHANNEL_PARK", customer, Channel_State="CS_EXECUTE")
    esl.expect("CHANNEL_UNBRIDGE", agent)
    esl.gather(0.2)
    assert none_of(esl, agent, "CHANNEL_HANGUP_COMPLETE")
    assert esl.names(agent).count("CHANNEL_PARK") == 2


def test_joined_again_while_talking(esl: EslClient, ends: Endpoints) -> None:
    """SAFE-1: whoever takes the call over may join the two once more: they talk on."""
    agent, customer = talk(esl, ends)
    bridge(esl, customer, agent)
    esl.gather(0.2)
    assert none_of(esl, customer, "CHANNEL_HANGUP_COMPLETE", "CHANNEL_PARK")
    assert none_of(esl, agent, "CHANNEL_HANGUP_COMPLETE")


@pytest.mark.parametrize("early", [True, False])
def test_agent_leaves_while_the_customer_rings(esl: EslClient, ends: Endpoints, early: bool) -> None:
    """SAFE-1: the customer's telephone stops ringing, by a kill at the latest: the switch lets it ring on where the
    agent leaves between early media and the bridge.
    """
    agent, customer, _ = dial(esl, ends, Manner(answer_after=None, early_media=early))
    esl.expect("CHANNEL_PROGRESS_MEDIA" if early else "CHANNEL_PROGRESS", customer)
    ends.agent_party("1001").hang_up()
    esl.expect("CHANNEL_HANGUP_COMPLETE", agent)
    esl.api(f"uuid_kill {customer} ORIGINATOR_CANCEL")
    esl.expect("CHANNEL_HANGUP_COMPLETE", customer)


def test_unknown_trunk(esl: EslClient, ends: Endpoints) -> None:
    """OUT-1: no channel comes to be; the end of the application alone tells why, and the agent stays."""
    agent = agent_leg(esl, ends, variables=f"{SAFE},continue_on_fail=true")
    ours = esl.execute(agent, "bridge", f"{{origination_uuid={uuid.uuid4()},{SHOWN}}}sofia/gateway/nowhere/10086")
    done = esl.expect("CHANNEL_EXECUTE_COMPLETE", agent, Application_UUID=ours)
    assert done["variable_originate_disposition"] == "INVALID_GATEWAY"
    assert esl.api(f"uuid_exists {agent}") == "true"


def test_a_leg_that_dialled_nobody_says_so(esl: EslClient, ends: Endpoints) -> None:
    """SAFE-1: whoever takes over can tell a leg that has dialled from one that was never told to."""
    agent = agent_leg(esl, ends, variables=f"{SAFE},continue_on_fail=true")
    assert esl.api(f"uuid_getvar {agent} originate_disposition") == "_undef_"
    ends.outside(Manner(refuse=486))
    given = f"{{origination_uuid={uuid.uuid4()},{SHOWN},{SAFE}}}sofia/gateway/pstn/13900139000"
    ours = esl.execute(agent, "bridge", given)
    esl.expect("CHANNEL_EXECUTE_COMPLETE", agent, Application_UUID=ours)
    assert esl.api(f"uuid_getvar {agent} originate_disposition") == "USER_BUSY"
