"""The agents' service on a real FreeSWITCH: a PIN of several keys, then one key at a time (MOB-1)."""

from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from tests.freeswitch.conftest import RealSwitch
from tests.support.dial_in import MENU_SOUND, MOBILE, PIN, PIN_SOUND, service_tenant
from tests.support.real_centre import NUMBER, RealCentre
from tests.support.real_switch import DOMAIN
from tests.support.sip_call import State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone
from tests.support.sounds import PROMPTS


@pytest.mark.parametrize("entry", [f"{PIN}#", PIN])
def test_by_pin_and_key(switch: RealSwitch, sip_loop: SipLoop, tmp_path: Path, entry: str) -> None:
    """MOB-1, STATE-1: wrong, then right (ended by # or by a pause), then break; the state changes, the call goes on."""
    with (
        RealCentre(switch, tmp_path, ("1001",)) as centre,
        Phone(sip_loop, MOBILE, "", switch.trunk, DOMAIN, 450) as mobile,
    ):
        centre.config = service_tenant(centre.config, tmp_path)
        centre.publisher.publish(centre.config)
        call = mobile.dial(NUMBER)
        call.wait_to_hear(PROMPTS[PIN_SOUND][0], 10)
        call.press("9999#")
        centre.wait("the wrong PIN to be counted", lambda: centre.agent().wrong_pins == 1, 20)
        call.wait_to_hear(PROMPTS[PIN_SOUND][0], 10)
        call.press(entry)
        call.wait_to_hear(PROMPTS[MENU_SOUND][0], 15)
        call.press("2")
        centre.wait_agent(AgentState.BREAK)
        call.hang_up()
        call.wait(State.ENDED, 10)
        centre.wait("the end", lambda: centre.outcomes() == ["service"], 20)
