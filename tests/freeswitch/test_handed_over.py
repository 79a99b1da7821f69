"""Callers are handed over on a real FreeSWITCH the moment agent and whoever is asked are joined, and taken back while
they are being joined (WEB-1, SAFE-1).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.consult import RINGS, ConsultState
from tests.support.real_centre import NUMBER, TENANT, RealCentre, company
from tests.support.real_switch import RealSwitch
from tests.support.real_talk import both_hear_each_other, consulting, desk_phone, hears_all, ringing, talks
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

#: The race between the two joins is a matter of milliseconds: several tries make it likely to be met.
TRIES = 4


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers come in where the orchestrator works."""
    return long_switch


@pytest.fixture
def centre(long_switch: RealSwitch, tmp_path: Path) -> Iterator[RealCentre]:
    """Agents a1 and a2 with a telephone each."""
    with company(long_switch, tmp_path, ("1001", "1002"), call_form=False) as centre:
        yield centre


@pytest.fixture
def other(long_switch: RealSwitch, sip_loop: SipLoop) -> Iterator[Phone]:
    """a2's phone, registered."""
    with desk_phone(long_switch, sip_loop, "1002", 810) as phone:
        yield phone


@dataclass
class Talk:
    """A caller, the agent who talked to him and a colleague who has just picked up what rang for the agent's question.

    `id` is the call's.
    """

    call: Call
    first: Call
    second: Call
    id: str


@pytest.fixture
def talks_anew(
    centre: RealCentre, agent: Phone, other: Phone, caller: Phone
) -> Callable[[], AbstractContextManager[Talk]]:
    """Makes such talks one after the other; at the end of each everybody is free again."""
    turns = count()

    @contextmanager
    def talk() -> Iterator[Talk]:
        turn = next(turns)
        centre.online("a1")
        call = caller.dial(NUMBER)
        first = agent.answer(ringing(agent, turn))
        both_hear_each_other(call, first)
        talks(centre)
        centre.online("a2")
        (record,) = centre.calls()
        centre.use.control.consult(TENANT, record.id, "a1", "a2", "user")
        yield Talk(call, first, other.answer(ringing(other, turn)), record.id)
        call.wait(State.ENDED)
        centre.wait("the call's end", lambda: not centre.calls())
        for name in ("a1", "a2"):
            centre.wait_agent(AgentState.ONLINE, name)
            centre.use.agents.choose_state(TENANT, name, AgentState.OFFLINE, "", "test")

    return talk


Talks = Callable[[], AbstractContextManager[Talk]]


def test_as_soon_as_the_consultation_stands(centre: RealCentre, talks_anew: Talks) -> None:
    """WEB-1, SAFE-1: handed over at once, time and again: each caller hears the second agent and is heard."""
    for _ in range(TRIES):
        with talks_anew() as talk:
            centre.wait("the consultation", lambda: consulting(centre))
            centre.use.control.complete(TENANT, talk.id, "a1", "user")
            both_hear_each_other(talk.call, talk.second)
            talk.first.wait(State.ENDED)
            talk.second.hang_up()


def test_back_to_the_caller_before_the_consultation_stands(centre: RealCentre, talks_anew: Talks) -> None:
    """WEB-1, SAFE-1: the agent returns as soon as the colleague is there: the caller hears the agent again."""
    for _ in range(TRIES):
        with talks_anew() as talk:
            centre.wait("the colleague", lambda: _asked(centre) not in RINGS)
            centre.use.control.give_back(TENANT, talk.id, "a1")
            talk.second.wait(State.ENDED)
            both_hear_each_other(talk.call, talk.first)
            talk.first.hang_up()


def test_three_then_the_two_of_before(centre: RealCentre, talks_anew: Talks) -> None:
    """WEB-1: caller, agent and colleague hear each other; the colleague is let go, and the talk goes on."""
    with talks_anew() as talk:
        centre.wait("the consultation", lambda: consulting(centre))
        centre.use.control.confer(TENANT, talk.id, "a1", "user")
        hears_all(talk.call, talk.first.phone.hertz, talk.second.phone.hertz)
        centre.use.control.give_back(TENANT, talk.id, "a1")
        talk.second.wait(State.ENDED)
        both_hear_each_other(talk.call, talk.first)
        talk.first.hang_up()


def test_colleague_gone_before_the_consultation_stands(centre: RealCentre, talks_anew: Talks) -> None:
    """WEB-1, SAFE-1: the colleague hangs up while being joined with the agent: the caller hears the agent again."""
    for _ in range(TRIES):
        with talks_anew() as talk:
            centre.wait("the colleague", lambda: _asked(centre) not in RINGS)
            talk.second.hang_up()
            both_hear_each_other(talk.call, talk.first)
            talk.first.hang_up()


def _asked(centre: RealCentre) -> ConsultState | None:
    """How far the consultation of the one call has come."""
    (call,) = centre.calls()
    return call.consult.state if call.consult else None
