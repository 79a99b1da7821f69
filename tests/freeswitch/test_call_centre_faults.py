"""Zuoxi on a real FreeSWITCH through crashes and races: nobody is lost, nobody is stuck (SAFE-1)."""

import time
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from tests.freeswitch.conftest import USERS
from tests.support.real_centre import NUMBER, RealCentre
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.real_talk import HOLE, both_hear_each_other, music, ringing
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers of these tests come in where the orchestrator works."""
    return long_switch


def test_agent_hangs_up_before_the_two_are_joined(centre: RealCentre, agent: Phone, caller: Phone) -> None:
    """SAFE-1, QUEUE-3: picked up and dropped in the same breath: the caller is still there and reaches the agent."""
    centre.online()
    call = caller.dial(NUMBER)
    agent.answer(ringing(agent)).hang_up()
    both_hear_each_other(call, agent.answer(ringing(agent, already=1)))


@pytest.mark.parametrize("_again", range(3))
def test_what_happens_while_connecting_is_seen(centre: RealCentre, agent: Phone, caller: Phone, _again: int) -> None:
    """SAFE-1: a call and a phone that come in the very moment an orchestrator connects are noticed at once.

    The switch's own lists lag its events by up to 0.3 s; only three tries make it likely to meet that moment.
    """
    agent.register(expires=0)
    centre.orchestrator.kill()
    centre.wait("the old lease to end", lambda: not centre.owned())
    centre.orchestrator.start()
    centre.wait("a new owner", centre.owned)
    agent.register()
    call = caller.dial(NUMBER)
    call.wait(State.UP, 3)
    centre.online()
    both_hear_each_other(call, agent.answer(ringing(agent)))


class TestKilled:
    """SAFE-1: kill -9 of the orchestrator, and a new one: nobody is lost, nobody is stuck, the caller hears no hole."""

    def restart(self, centre: RealCentre, call: Call | None = None) -> None:
        """Kill, restart, wait until calls are adopted; a caller with audio must not hear a hole meanwhile."""
        since = time.monotonic()
        adopted = centre.events().count("call_adopted")
        centre.restart()
        if call:
            centre.wait("the call to be adopted", lambda: centre.events().count("call_adopted") > adopted, 20)
            assert call.state is State.UP
            assert call.ear.gaps(since, time.monotonic(), HOLE) == []

    def test_before_the_call_was_taken(self, centre: RealCentre, agent: Phone, caller: Phone) -> None:
        """A call that comes in while no orchestrator runs is taken by the next one."""
        centre.orchestrator.kill()
        call = caller.dial(NUMBER).wait(State.RINGING)
        centre.orchestrator.start()
        call.wait(State.UP, 15)
        centre.online()
        both_hear_each_other(call, agent.answer(ringing(agent)))

    def test_while_waiting(self, centre: RealCentre, agent: Phone, caller: Phone) -> None:
        """The music goes on, and the caller gets the next agent."""
        call = caller.dial(NUMBER)
        music(call)
        self.restart(centre, call)
        centre.online()
        both_hear_each_other(call, agent.answer(ringing(agent)))

    def test_while_ringing(self, centre: RealCentre, agent: Phone, caller: Phone) -> None:
        """The music goes on; the agent's phone rings on or again, and its answer counts."""
        centre.online()
        call = caller.dial(NUMBER)
        ringing(agent)
        music(call)
        self.restart(centre, call)
        agent.loop.wait("a ringing call", lambda: agent.calls[-1].state is State.RINGING, 15)
        both_hear_each_other(call, agent.answer(agent.calls[-1]))
        centre.wait_agent(AgentState.IN_CALL)

    def test_answered_while_nobody_watches(self, centre: RealCentre, agent: Phone, caller: Phone) -> None:
        """An agent who picks up while no orchestrator runs is joined with the caller by the next one."""
        centre.online()
        call = caller.dial(NUMBER)
        rings = ringing(agent)
        music(call)
        centre.orchestrator.kill()
        agent.answer(rings).wait(State.UP)
        centre.orchestrator.start()
        call.wait_to_hear(agent.hertz, 15)
        centre.wait_agent(AgentState.IN_CALL)

    def test_while_talking(self, centre: RealCentre, agent: Phone, caller: Phone) -> None:
        """The talk goes on unharmed and ends as usual."""
        centre.online()
        call = caller.dial(NUMBER)
        answered = agent.answer(ringing(agent))
        both_hear_each_other(call, answered)
        self.restart(centre, call)
        both_hear_each_other(call, answered)
        answered.hang_up()
        centre.wait_agent(AgentState.WRAP_UP)
        call.wait(State.ENDED)

    def test_hung_up_while_nobody_watches(self, centre: RealCentre, agent: Phone, caller: Phone) -> None:
        """When both hang up while no orchestrator runs, the next one ends the call and frees the agent."""
        centre.online()
        call = caller.dial(NUMBER)
        answered = agent.answer(ringing(agent))
        both_hear_each_other(call, answered)
        centre.orchestrator.kill()
        call.hang_up()
        answered.hang_up()
        centre.orchestrator.start()
        centre.wait_agent(AgentState.WRAP_UP, timeout=20)
        assert centre.calls() == []

    def test_in_wrap_up(self, centre: RealCentre, agent: Phone, caller: Phone) -> None:
        """The wrap-up survives and ends as the agent wishes; the next call rings."""
        centre.online()
        call = caller.dial(NUMBER)
        answered = agent.answer(ringing(agent))
        both_hear_each_other(call, answered)
        answered.hang_up()
        call.wait(State.ENDED)
        centre.wait_agent(AgentState.WRAP_UP)
        self.restart(centre)
        assert centre.agent().state is AgentState.WRAP_UP
        caller.dial(NUMBER)
        centre.finish()
        ringing(agent, already=1)


def test_redis_restarts_while_people_talk(centre: RealCentre, agent: Phone, caller: Phone) -> None:
    """SAFE-1: kill -9 of Redis and its return from the append-only file: the talk goes on and ends as usual."""
    centre.online()
    call = caller.dial(NUMBER)
    answered = agent.answer(ringing(agent))
    both_hear_each_other(call, answered)
    centre.wait_agent(AgentState.IN_CALL)
    since = time.monotonic()
    centre.redis_server.kill()
    centre.redis_server.start()
    centre.wait("an owner again", centre.owned, 20)
    assert call.ear.gaps(since, time.monotonic(), HOLE) == []
    answered.hang_up()
    centre.wait_agent(AgentState.WRAP_UP, timeout=20)
    call.wait(State.ENDED)


def test_event_socket_is_lost_and_found(centre: RealCentre, agent: Phone, caller: Phone, switch: RealSwitch) -> None:
    """SAFE-1: the switch drops the event socket: the caller's music goes on, the call is adopted and answered."""
    call = caller.dial(NUMBER)
    music(call)
    since, adopted = time.monotonic(), centre.events().count("call_adopted")
    with switch.connect() as esl:
        esl.bgapi("reload mod_event_socket")
        centre.wait("the call to be adopted", lambda: centre.events().count("call_adopted") > adopted, 20)
    assert call.ear.gaps(since, time.monotonic(), HOLE) == []
    centre.online()
    both_hear_each_other(call, agent.answer(ringing(agent)))


def test_freeswitch_crashes_and_comes_back(tmp_path: Path, sip_loop: SipLoop) -> None:
    """SAFE-1: kill -9 of FreeSWITCH: whoever waited is lost, whoever talked was connected; the next call is served."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path / "switch")
    switch.add_users(USERS)
    with switch, RealCentre(switch, tmp_path / "centre", ("1001",)) as centre:
        agent = Phone(sip_loop, "1001", "secret-1001", switch.phones, DOMAIN, 620)
        caller = Phone(sip_loop, "13800138000", "", switch.trunk, DOMAIN, 450)
        with agent.behave(Manner(answer_after=None)).register(), caller:
            centre.online()
            call = caller.dial(NUMBER)
            both_hear_each_other(call, agent.answer(ringing(agent)))
            music(caller.dial(NUMBER))
            switch.kill()
            switch.start()
            centre.wait_agent(AgentState.WRAP_UP, timeout=30)
            centre.wait("all calls to be ended", lambda: centre.calls() == [])
            assert sorted(centre.outcomes()) == ["connected", "lost"]
            centre.finish()
            agent.register()
            again = caller.dial(NUMBER)
            both_hear_each_other(again, agent.answer(ringing(agent, already=1)))


def test_second_orchestrator_takes_over(
    centre: RealCentre, agent: Phone, caller: Phone, switch: RealSwitch, tmp_path: Path
) -> None:
    """SAFE-1: a standby orchestrator owns the switch a few seconds after the first is killed; the talk goes on."""
    standby = type(centre.orchestrator)(tmp_path / "standby", centre.redis_server.url, switch)
    standby.start()
    try:
        centre.online()
        call = caller.dial(NUMBER)
        answered = agent.answer(ringing(agent))
        both_hear_each_other(call, answered)
        since = time.monotonic()
        centre.orchestrator.kill()
        centre.wait("the standby to adopt the call", lambda: "call_adopted" in centre.events(), 15)
        assert call.ear.gaps(since, time.monotonic(), HOLE) == []
        answered.hang_up()
        centre.wait_agent(AgentState.WRAP_UP)
    finally:
        standby.kill()


def test_redis_loses_everything(centre: RealCentre, agent: Phone, caller: Phone) -> None:
    """SAFE-1: after Redis has lost everything, the caller who waits is still served, by a new orchestrator."""
    call = caller.dial(NUMBER)
    music(call)
    since = time.monotonic()
    centre.orchestrator.kill()
    centre.lose_redis()
    centre.orchestrator.start()
    centre.wait("the call to be rebuilt", lambda: len(centre.calls()) == 1, 20)
    assert call.ear.gaps(since, time.monotonic(), HOLE) == []
    centre.online()
    both_hear_each_other(call, agent.answer(ringing(agent)))
