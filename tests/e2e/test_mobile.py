"""Agents who answer on their mobiles, through all processes over a simulated switch (MOB-1)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import AgentConfig, NumberConfig, to_queue
from orchestrator.domain.mobile import MobileAnswering
from orchestrator.domain.offer import OfferState
from orchestrator.domain.trunks import Trunk
from simulator.control import Behaviour, Leg
from tests.support.real_centre import NUMBER, QUEUE, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

LONG_S = 60
MAILBOX = Behaviour(after_ms=50)


def mobile(n: int) -> str:
    return f"+86139{n:08}"


def on_mobiles(centre: SimulatedCentre, agents: int, confirm_s: int) -> None:
    """Publish agents a1..aN who answer on their mobiles, and let them go online."""
    centre.config = replace(
        centre.config,
        version=centre.config.version + 1,
        miss_limit=0,
        wrap_up_s=2,
        agents={
            f"a{n}": AgentConfig(id=f"a{n}", name=f"Agent {n}", device=f"t-{n}", queues=(QUEUE,), mobile=mobile(n))
            for n in range(1, agents + 1)
        },
        numbers={NUMBER: NumberConfig(number=NUMBER, route=to_queue(QUEUE), trunk="pstn")},
        trunks={"pstn": Trunk(name="pstn")},
        mobile=MobileAnswering(confirm_s=confirm_s),
    )
    centre.publisher.publish(centre.config)
    for agent in centre.config.agents:
        centre.use.agents.change_answer_mode(TENANT, agent, AnswerMode.MOBILE, "test")
        centre.use.agents.choose_state(TENANT, agent, AgentState.ONLINE, "", "test")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    """a1 and a2 on mobiles; a1's is a mailbox."""
    with simulated_centre(tmp_path, 2) as running:
        running.control.set_number(mobile(1), MAILBOX)
        running.control.set_number(mobile(2), Behaviour(after_ms=50, digits="1", digits_after_ms=200))
        on_mobiles(running, 2, confirm_s=5)
        yield running


def leg_to(centre: SimulatedCentre, number: str) -> Leg | None:
    return next((leg for leg in centre.control.legs() if leg.number == number), None)


def offer_state(centre: SimulatedCentre) -> OfferState | None:
    calls = centre.calls()
    return calls[0].offer.state if calls and calls[0].offer else None


def answered(centre: SimulatedCentre) -> str:
    """A caller waits while a1's mobile is asked, long enough for another orchestrator to come; returns its leg."""
    on_mobiles(centre, 2, confirm_s=20)
    centre.control.set_number(mobile(2), Behaviour(reaction="busy"))
    centre.call_in()
    centre.wait("the question", lambda: offer_state(centre) is OfferState.CONFIRMING, LONG_S)
    leg = leg_to(centre, mobile(1))
    assert leg is not None
    return leg.uuid


def test_a_mailbox_then_an_agent(centre: SimulatedCentre) -> None:
    """MOB-1, QUEUE-4, CDR-1: the mailbox hears the question alone; the next agent presses 1 and talks; one record."""
    database = centre.work()
    caller = centre.call_in()
    centre.control.wait_for(uuid=caller, joined=True)
    peer = centre.control.leg(centre.control.leg(caller).peer)
    assert peer.number == mobile(2)
    assert peer.variables["cc_agent"] == "a2"
    centre.control.hang_up(caller)
    centre.wait_agent(AgentState.ONLINE, "a2", LONG_S)
    centre.wait_quiet()
    centre.wait_written(database)
    rows = database.execute_sql("SELECT agent, result FROM offer ORDER BY id").fetchall()
    assert rows == [("a1", "not_confirmed"), ("a2", "accepted")]
    assert database.execute_sql("SELECT count(*), min(outcome) FROM call_record").fetchone() == (1, "connected")


def test_a_hundred_mailboxes_are_never_joined(tmp_path: Path) -> None:
    """MOB-1: a hundred callers at once, a hundred mailboxes, asked again and again: nobody ever talks to one."""
    with simulated_centre(tmp_path, 1) as centre:
        centre.control.set_gateway(Behaviour(after_ms=20))
        on_mobiles(centre, 100, confirm_s=1)
        callers = [centre.call_in(caller=f"138{n:08}") for n in range(100)]
        centre.wait("mailboxes to be asked", lambda: centre.events().count("offer_picked_up") > 150, 120)
        for caller in callers:
            centre.control.hang_up(caller)
        centre.wait_quiet()
        heard = {sound for caller in callers for sound in centre.control.leg(caller).sounds()}
        assert "bridge" not in heard
        assert Counter(centre.outcomes()) == {"abandoned": 100}
        assert "connected" not in centre.events()
        centre.wait("every mailbox to be let go", lambda: not centre.control.legs(), LONG_S)


def test_killed_while_the_mobile_rings(centre: SimulatedCentre) -> None:
    """SAFE-1, MOB-1: answered while nobody is there; the next orchestrator asks, and 1 joins."""
    on_mobiles(centre, 2, confirm_s=20)
    centre.control.set_number(mobile(1), Behaviour(reaction="no_answer"))
    caller = centre.call_in()
    centre.wait("the mobile to ring", lambda: offer_state(centre) is OfferState.RINGING, LONG_S)
    leg = leg_to(centre, mobile(1))
    assert leg is not None
    centre.orchestrator.kill()
    centre.control.answer(leg.uuid)
    centre.orchestrator.start()
    centre.wait("the question", lambda: offer_state(centre) is OfferState.CONFIRMING, LONG_S)
    press_until_joined(centre, leg.uuid, caller)


def test_killed_while_the_mobile_is_asked(centre: SimulatedCentre) -> None:
    """SAFE-1, MOB-1: 1 pressed while nobody listened is found at the take-over: joined at once, one record."""
    leg = answered(centre)
    (call,) = centre.calls()
    centre.orchestrator.kill()
    centre.control.press(leg, "1")
    centre.orchestrator.start()
    centre.wait("the two to be joined", lambda: centre.control.leg(call.id).peer == leg, LONG_S)
    centre.control.hang_up(call.id)
    centre.wait_agent(AgentState.ONLINE, "a1", LONG_S)
    assert centre.outcomes() == ["connected"]


def test_hung_up_while_nobody_was_there(centre: SimulatedCentre) -> None:
    """SAFE-1, MOB-1: the mobile is gone when another orchestrator comes: nobody is stuck, the caller waits on."""
    leg = answered(centre)
    centre.orchestrator.kill()
    centre.control.hang_up(leg)
    centre.control.wait_for(uuid=leg, ended=True)
    centre.orchestrator.start()
    centre.wait("another offer", lambda: [c.offer.leg for c in centre.calls() if c.offer] not in ([], [leg]), LONG_S)
    caller = centre.calls()[0].id
    centre.control.hang_up(caller)
    centre.wait_quiet()
    assert centre.outcomes() == ["abandoned"]


def test_killed_while_talking_on_the_mobile(centre: SimulatedCentre) -> None:
    """SAFE-1, MOB-1: Redis lost too: rebuilt from the two channels, the agent is in the call and wraps up after it."""
    caller = centre.call_in()
    centre.wait("the talk", lambda: [c.state for c in centre.calls()] == [CallState.CONNECTED], LONG_S)
    centre.orchestrator.kill()
    centre.lose_redis()
    centre.orchestrator.start()
    centre.wait_agent(AgentState.IN_CALL, "a2", LONG_S)
    assert centre.control.leg(caller).peer
    centre.control.hang_up(caller)
    centre.wait("the end", lambda: centre.outcomes() == ["connected"], LONG_S)
    centre.wait("a2 to be free", lambda: not centre.agent("a2").engaged, LONG_S)


def press_until_joined(centre: SimulatedCentre, leg: str, caller: str) -> None:
    """Press 1 as somebody does who hears the question (again)."""
    centre.wait("the question to be heard", lambda: centre.control.leg(leg).alive, LONG_S)

    def joined() -> bool:
        if not centre.control.leg(caller).peer and offer_state(centre) is OfferState.CONFIRMING:
            centre.control.press(leg, "1")
        return centre.control.leg(caller).peer == leg

    centre.wait("the two to be joined", joined, LONG_S)
