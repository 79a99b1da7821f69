"""Zuoxi on a real FreeSWITCH, from the caller's telephone to the agent's and back, and through crashes."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from tests.freeswitch.conftest import USERS
from tests.support.real_centre import NUMBER, RealCentre
from tests.support.real_phones import baresip_agent, missing, sipp_agent, sipp_call
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

#: What a person would notice as a hole in the music or in the talk, seconds.
HOLE = 0.5


@pytest.fixture(scope="module")
def switch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    """A switch with the usual fallback time, so that a restarted orchestrator comes before it."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path_factory.mktemp("switch"))
    switch.add_users(USERS)
    with switch:
        yield switch


@pytest.fixture
def centre(switch: RealSwitch, tmp_path: Path) -> Iterator[RealCentre]:
    """Zuoxi with one queue and the agent a1, whose phone is user 1001."""
    with RealCentre(switch, tmp_path, ("1001",)) as centre:
        yield centre
    with switch.connect() as esl:
        esl.hang_up_everything()


@pytest.fixture
def agent(switch: RealSwitch, sip_loop: SipLoop) -> Iterator[Phone]:
    """The agent's phone, registered; it rings until somebody picks up."""
    with Phone(sip_loop, "1001", "secret-1001", switch.phones, DOMAIN, 620) as phone:
        yield phone.behave(Manner(answer_after=None)).register()
        phone.register(expires=0)


def ringing(agent: Phone, already: int = 0) -> Call:
    """The call that makes the agent's phone ring."""
    return agent.next_call(already, 15).wait(State.RINGING)


def both_hear_each_other(call: Call, answered: Call) -> None:
    """Wait until audio passes both ways."""
    call.wait_to_hear(answered.phone.hertz)
    answered.wait_to_hear(call.phone.hertz)


def music(call: Call) -> None:
    """Wait until the caller hears something, while no agent talks."""
    call.wait(State.UP)
    call.phone.loop.wait("waiting music", lambda: call.ear.hears_something(0.6), 10)


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
