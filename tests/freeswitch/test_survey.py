"""The satisfaction survey on a real FreeSWITCH."""

from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.survey import Survey
from tests.support.real_centre import NUMBER, company
from tests.support.real_switch import RealSwitch
from tests.support.real_talk import both_hear_each_other, ringing
from tests.support.sip_call import State
from tests.support.sip_phone import Phone
from tests.support.sounds import PROMPTS, tenant_with_menu


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers of these tests come in where the orchestrator works."""
    return long_switch


def test_a_key_after_the_agent_has_hung_up(
    long_switch: RealSwitch, tmp_path: Path, agent: Phone, caller: Phone
) -> None:
    """CDR-1: the caller hears the survey, presses a wrong key and a score, is thanked and let go; the agent is free."""
    tenant = tenant_with_menu(tmp_path, survey=Survey(prompt="patience", thanks="sorry"))
    with company(long_switch, tmp_path, ("1001",), **tenant) as centre:
        centre.online()
        call = caller.dial(NUMBER).wait(State.UP)
        call.wait_to_hear(PROMPTS["welcome"][0], 10)
        call.press("1")
        answered = agent.answer(ringing(agent))
        both_hear_each_other(call, answered)
        answered.hang_up()
        call.wait_to_hear(PROMPTS["patience"][0], 10)
        centre.wait_agent(AgentState.WRAP_UP)
        call.press("9")
        centre.wait("the question to be asked again", lambda: [c.menu_tries for c in centre.calls()] == [2])
        call.press("4")
        call.wait_to_hear(PROMPTS["sorry"][0], 10)
        call.wait(State.ENDED, 10)
        centre.wait("the end", lambda: centre.outcomes() == ["connected"])
        assert "surveyed" in centre.events()
