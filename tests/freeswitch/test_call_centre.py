"""Zuoxi on a real FreeSWITCH, from the caller's telephone to the agent's and back."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from tests.support.real_centre import NUMBER, RealCentre
from tests.support.real_phones import baresip_agent, missing, sipp_agent, sipp_call
from tests.support.real_switch import DOMAIN, RealSwitch
from tests.support.real_talk import HOLE, both_hear_each_other, music, ringing
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers of these tests come in where the orchestrator works."""
    return long_switch


def test_a_call_from_ringing_to_wrap_up(centre: RealCentre, agent: Phone, caller: Phone) -> None:
    """CALL-1, QUEUE-1, STATE-4: caller waits with music, the agent rings and answers, they talk, the agent wraps up."""
    call = caller.dial(NUMBER)
    music(call)
    centre.online()
    answered = agent.answer(ringing(agent))
    centre.wait_agent(AgentState.IN_CALL)
    both_hear_each_other(call, answered)
    answered.hang_up()
    centre.wait_agent(AgentState.WRAP_UP)
    call.wait(State.ENDED)
    centre.finish()
    assert centre.wait_agent(AgentState.ONLINE).connected_in == 1
    centre.wait("the record's end", lambda: "call_ended" in centre.events())


def test_caller_hangs_up_first(centre: RealCentre, agent: Phone, caller: Phone) -> None:
    """STATE-4: the agent's phone is hung up with the caller's, and the agent wraps up."""
    centre.online()
    call = caller.dial(NUMBER)
    answered = agent.answer(ringing(agent))
    both_hear_each_other(call, answered)
    call.hang_up()
    answered.wait(State.ENDED)
    centre.wait_agent(AgentState.WRAP_UP)


def test_caller_gives_up_while_the_agent_rings(centre: RealCentre, agent: Phone, caller: Phone) -> None:
    """QUEUE-6: the phone stops ringing at once and the agent is free again, without wrap-up."""
    centre.online()
    call = caller.dial(NUMBER)
    rings = ringing(agent)
    call.hang_up()
    rings.wait(State.ENDED, 2)
    centre.wait_agent(AgentState.ONLINE)
    assert centre.calls() == []


def test_refused_call_keeps_its_music_and_rings_again(centre: RealCentre, agent: Phone, caller: Phone) -> None:
    """QUEUE-3, QUEUE-4: after a refusal the caller keeps waiting with music and is offered again."""
    centre.online()
    call = caller.dial(NUMBER)
    first = ringing(agent)
    music(call)
    since = time.monotonic()
    agent.refuse(first, 486)
    answered = agent.answer(ringing(agent, already=1))
    assert call.ear.gaps(since, answered.answered_at, HOLE) == []
    both_hear_each_other(call, answered)


@pytest.mark.parametrize("maker", ["sipp", "baresip"])
def test_phones_of_other_makers(
    centre: RealCentre, switch: RealSwitch, caller: Phone, tmp_path: Path, maker: str
) -> None:
    """CALL-1, WEB-1: an agent's phone of another maker is rung, answers and talks (the caller hears the own echo)."""
    if reason := missing(maker):
        pytest.skip(reason)
    register = {"sipp": sipp_agent, "baresip": baresip_agent}[maker]
    with register(switch, tmp_path / maker, "1001", "secret-1001"):
        centre.online()
        call = caller.dial(NUMBER)
        centre.wait_agent(AgentState.IN_CALL)
        call.wait_to_hear(caller.hertz)
        call.hang_up()
        centre.wait_agent(AgentState.WRAP_UP)


def test_sipp_calls_in(centre: RealCentre, switch: RealSwitch, agent: Phone, tmp_path: Path) -> None:
    """CALL-1: a caller using SIPp waits, is answered, hears and is heard, and is hung up in good order."""
    if reason := missing("sipp"):
        pytest.skip(reason)
    with sipp_call(switch, tmp_path / "sipp", NUMBER) as process:
        centre.online()
        answered = agent.answer(ringing(agent))
        answered.wait_to_hear(agent.hertz)
        answered.hang_up()
        assert process.wait(10) == 0


HOSTILE_NAMES = (
    '"%0aUnique-ID: 00000000-0000-0000-0000-000000000000%0aEvent-Name: CHANNEL_HANGUP_COMPLETE"',
    '"x\',cc_agent=a9}user/1002@zuoxi.local &park()"',
    '"${global_getvar(esl_port)} ^^:a=1"',
    '"张三 <&> \\\\ %41%0A"',
)


@pytest.mark.parametrize("display", HOSTILE_NAMES)
def test_hostile_names_are_only_names(
    centre: RealCentre, agent: Phone, caller: Phone, switch: RealSwitch, display: str
) -> None:
    """SAFE-2: whatever stands in a caller's display name, the call is an ordinary call of two legs."""
    centre.online()
    call = caller.dial(NUMBER, display=display)
    answered = agent.answer(ringing(agent))
    both_hear_each_other(call, answered)
    with switch.connect() as esl:
        assert len(esl.channels()) == 2
    call.hang_up()
    centre.wait_agent(AgentState.WRAP_UP)
    assert centre.calls() == []


def test_nine_callers_share_three_agents(long_switch: RealSwitch, tmp_path: Path, sip_loop: SipLoop) -> None:
    """QUEUE-3, CDR-1: everybody is served by one agent, hears that one alone, and is counted once."""
    server, trunk = long_switch.phones, long_switch.trunk
    devices = ("1001", "1002", "1003")
    with ExitStack() as stack:
        agents = [
            stack.enter_context(Phone(sip_loop, device, f"secret-{device}", server, DOMAIN, 900 + 150 * place))
            for place, device in enumerate(devices)
        ]
        for agent in agents:
            agent.behave(Manner(answer_after=0.1)).register()
        centre = stack.enter_context(RealCentre(long_switch, tmp_path, devices, wrap_up_s=1))
        for agent_id in centre.config.agents:
            centre.online(agent_id)
        callers = [
            stack.enter_context(Phone(sip_loop, f"1380000000{i}", "", trunk, DOMAIN, 450 + 40 * i)) for i in range(9)
        ]
        waiting = [caller.dial(NUMBER) for caller in callers]
        while waiting:
            sip_loop.wait("a caller to reach an agent", lambda: any(reached(call, agents) for call in waiting), 20)
            for call, (agent,) in [(call, heard) for call in waiting if (heard := reached(call, agents))]:
                agent.calls[-1].wait_to_hear(call.phone.hertz)
                call.hang_up()
                waiting.remove(call)
        centre.wait("nine records", lambda: centre.outcomes() == ["connected"] * 9)
        assert sum(centre.agent(agent_id).connected_in for agent_id in centre.config.agents) == 9


def reached(call: Call, agents: list[Phone]) -> list[Phone]:
    """The agents whom the caller hears."""
    return [agent for agent in agents if call.ear.hears(agent.hertz)]
