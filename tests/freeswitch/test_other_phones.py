"""Telephones of other makers on the real switch: SIPp calls in, SIPp and baresip answer as agents, audio both ways."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.freeswitch.test_phones import PhoneOf, ring, take
from tests.support.real_esl import EslClient
from tests.support.real_phones import baresip_agent, missing, sipp_agent, sipp_call
from tests.support.real_switch import RealSwitch
from tests.support.sip_phone import Phone


def agent_of(maker: str, switch: RealSwitch, folder: Path) -> AbstractContextManager[None]:
    """A registered agent's phone made by SIPp or baresip."""
    if reason := missing(maker):
        pytest.skip(reason)
    agent = {"sipp": sipp_agent, "baresip": baresip_agent}[maker]
    return agent(switch, folder, "1007", "secret-1007")


def test_sipp_calls_in_and_talks(esl: EslClient, phone: PhoneOf, switch: RealSwitch, tmp_path: Path) -> None:
    """CALL-1: a caller using SIPp is parked, bridged, hears and is heard, and ends in good order."""
    if reason := missing("sipp"):
        pytest.skip(reason)
    agent = phone("1001").register()
    with sipp_call(switch, tmp_path, "4001") as process:
        channel = esl.wait("CHANNEL_PARK")["Unique-ID"]
        esl.api(f"sched_del {channel}")
        esl.api(f"uuid_answer {channel}")
        leg, _ = ring(esl, "1001")
        esl.wait("CHANNEL_PARK", Unique_ID=leg)
        esl.api(f"uuid_bridge {channel} {leg}")
        agent.next_call().wait_to_hear(agent.hertz)
        esl.api(f"uuid_kill {channel}")
        assert process.wait(10) == 0


@pytest.mark.parametrize("maker", ["sipp", "baresip"])
def test_agent_answers_and_talks(esl: EslClient, caller: Phone, switch: RealSwitch, tmp_path: Path, maker: str) -> None:
    """WEB-1: an agent's SIP phone of another maker registers, answers and talks."""
    with agent_of(maker, switch, tmp_path):
        esl.wait("sofia::register", 10)
        call, channel = take(esl, caller)
        leg, _ = ring(esl, "1007")
        esl.wait("CHANNEL_PARK", Unique_ID=leg)
        esl.api(f"uuid_bridge {channel} {leg}")
        call.wait_to_hear(caller.hertz)
