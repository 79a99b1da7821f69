"""Steps that many scenarios share: a caller who is parked or answered, an agent leg, a talk."""

import uuid

from tests.freeswitch.contract.endpoints import Endpoints, Party
from tests.support.esl_client import EslClient, Event
from tests.support.sip_phone import Manner

PARK_VARIABLES = "park_after_bridge=true;hangup_after_bridge=false;uuid_bridge_park_on_cancel=true"
AGENT_PARKS = "park_after_bridge=true,hangup_after_bridge=false"

#: Relative to the switch's sounds.
MUSIC = "file_string://music/default.wav!music/default.wav"


def arrive(esl: EslClient, ends: Endpoints, number: str = "4001", display: str = "") -> tuple[Party, Event]:
    """A customer calls and is parked; the CHANNEL_PARK event comes with the person."""
    caller = ends.call_in(number, display)
    return caller, esl.expect("CHANNEL_PARK", variable_cc_did=number)


def answered(esl: EslClient, ends: Endpoints, number: str = "4001") -> tuple[Party, str]:
    """A customer calls, the dead-man transfer is cancelled and the call answered."""
    caller, park = arrive(esl, ends, number)
    assert esl.api(f"sched_del {park.leg}") == "+OK Deleted: 1\n"
    assert esl.api(f"uuid_answer {park.leg}") == "+OK\n"
    esl.expect("CHANNEL_ANSWER", park.leg)
    return caller, park.leg


def originate(esl: EslClient, endpoint: str, variables: str = "", timeout: int = 20) -> tuple[str, str]:
    """Start an agent leg with a preset uuid; returns (leg, job)."""
    leg = str(uuid.uuid4())
    given = f"origination_uuid={leg},originate_timeout={timeout},ignore_early_media=true,cc_call=C1"
    given += f",{variables}" if variables else ""
    return leg, esl.bgapi(f"originate {{{given}}}{endpoint} &park()")


def agent_leg(esl: EslClient, ends: Endpoints, user: str = "1001", variables: str = "") -> str:
    """An agent's phone rings and is answered; the leg is parked."""
    ends.agent(user, Manner(answer_after=0.1))
    leg, _ = originate(esl, f"user/{user}", variables)
    esl.expect("CHANNEL_PARK", leg)
    return leg


def talk(
    esl: EslClient, ends: Endpoints, *, variables: str = PARK_VARIABLES, agent_variables: str = ""
) -> tuple[Party, str, str]:
    """A customer and agent 1001 in a bridge: (customer, customer's leg, agent's leg)."""
    caller, leg = answered(esl, ends)
    if variables:
        assert esl.api(f"uuid_setvar_multi {leg} {variables}") == "+OK\n"
    esl.execute(leg, "playback", MUSIC)
    agent = agent_leg(esl, ends, "1001", agent_variables)
    bridge(esl, leg, agent)
    return caller, leg, agent


def bridge(esl: EslClient, first: str, second: str) -> Event:
    """uuid_bridge that succeeds; the CHANNEL_BRIDGE event."""
    assert esl.api(f"uuid_bridge {first} {second}") == f"+OK {second}\n"
    return esl.expect("CHANNEL_BRIDGE", first, Bridge_B_Unique_ID=second)


def none_of(esl: EslClient, leg: str, *names: str) -> bool:
    """Whether the leg had no such event so far."""
    return not set(names) & set(esl.names(leg))
