"""Callers are handed over on a real FreeSWITCH the moment agent and whoever is asked are joined (WEB-1, SAFE-1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from tests.support.real_centre import NUMBER, TENANT, RealCentre
from tests.support.real_switch import DOMAIN, RealSwitch
from tests.support.real_talk import both_hear_each_other, consulting, ringing, talks
from tests.support.sip_call import State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

#: The race between the two joins is a matter of milliseconds: several tries make it likely to be met.
TRIES = 4


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers come in where the orchestrator works."""
    return long_switch


@pytest.fixture
def centre(long_switch: RealSwitch, tmp_path: Path) -> Iterator[RealCentre]:
    """Agents a1 and a2 with a telephone each."""
    with RealCentre(long_switch, tmp_path, ("1001", "1002"), call_form=False) as centre:
        yield centre
    with long_switch.connect() as esl:
        esl.hang_up_everything()


@pytest.fixture
def other(long_switch: RealSwitch, sip_loop: SipLoop) -> Iterator[Phone]:
    """a2's phone, registered."""
    with Phone(sip_loop, "1002", "secret-1002", long_switch.phones, DOMAIN, 810) as phone:
        yield phone.behave(Manner(answer_after=None)).register()
        phone.register(expires=0)


def test_as_soon_as_the_consultation_stands(centre: RealCentre, agent: Phone, other: Phone, caller: Phone) -> None:
    """WEB-1, SAFE-1: handed over at once, time and again: each caller hears the second agent and is heard."""
    for turn in range(TRIES):
        centre.online("a1")
        call = caller.dial(NUMBER)
        first = agent.answer(ringing(agent, turn))
        both_hear_each_other(call, first)
        talks(centre)
        centre.online("a2")
        (record,) = centre.calls()
        centre.use.control.consult(TENANT, record.id, "a1", "a2", "user")
        second = other.answer(ringing(other, turn))
        centre.wait("the consultation", lambda: consulting(centre))
        centre.use.control.complete(TENANT, record.id, "a1", "user")
        both_hear_each_other(call, second)
        first.wait(State.ENDED)
        second.hang_up()
        call.wait(State.ENDED)
        centre.wait("the call's end", lambda: not centre.calls())
        for name in ("a1", "a2"):
            centre.wait_agent(AgentState.ONLINE, name)
            centre.use.agents.choose_state(TENANT, name, AgentState.OFFLINE, "", "test")
