"""Calls that agents place through all processes, and an orchestrator that is killed in each of their phases."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.trunks import Trunk
from orchestrator.service.call_out import Order
from simulator.control import Behaviour
from tests.support.real_centre import NUMBER, QUEUE, SWITCH, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

NUMBERS = {NUMBER: NumberConfig(number=NUMBER, route=to_queue(QUEUE), trunk="pstn")}
TRUNKS = {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))}


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    """An agent who may call out by a trunk."""
    with simulated_centre(tmp_path, 1, wrap_up_s=2, numbers=NUMBERS, trunks=TRUNKS) as running:
        yield running


def place(centre: SimulatedCentre, number: str = "13900139000") -> str:
    """The agent calls."""
    call = str(uuid4())
    order = Order(call=call, agent="a1", number=number, caller_id="", by="test", switches=[SWITCH])
    centre.use.outbound.place(TENANT, order)
    return call


def state(centre: SimulatedCentre) -> list[CallState]:
    """The states of all calls."""
    return [call.state for call in centre.calls()]


def adopted(centre: SimulatedCentre, times: int) -> None:
    """Kill the orchestrator; another has taken the call over."""
    centre.restart()
    centre.wait("the call to be adopted", lambda: centre.events().count("call_adopted") >= times, 30)


def test_killed_in_every_phase_of_one_call(centre: SimulatedCentre) -> None:
    """OUT-1, SAFE-1, CDR-1: while the own phone rings, while the customer rings, while they talk; one record."""
    centre.online()
    centre.control.set_phone("t-1", Behaviour(after_ms=6000))
    centre.control.set_gateway(Behaviour(after_ms=6000))
    call = place(centre)
    centre.wait("the own phone", lambda: "offer_alerted" in centre.events(), 20)
    adopted(centre, 1)
    centre.control.wait_for(uuid=call, heard="ringing")
    adopted(centre, 2)
    centre.wait("the talk", lambda: state(centre) == [CallState.CONNECTED], 30)
    adopted(centre, 3)
    centre.control.hang_up(call)
    database = centre.work()
    centre.wait_quiet()
    centre.wait_written(database)
    found = "SELECT call, direction, caller, number, outcome, agent, queue FROM call_record"
    assert database.execute_sql(found).fetchall() == [(call, "out", "+8613900139000", NUMBER, "reached", "a1", None)]
    assert centre.agent("a1").connected_out == 1


def test_answered_while_nobody_is_there(centre: SimulatedCentre) -> None:
    """SAFE-1: the switch joins the two by itself; whoever takes over finds them talking."""
    centre.online()
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.control.set_gateway(Behaviour(after_ms=1500))
    call = place(centre)
    centre.control.wait_for(uuid=call, heard="ringing")  # states and events are there before the switch has a leg
    centre.orchestrator.kill()
    centre.control.wait_for(uuid=call, hears="bridge", timeout_ms=20_000)
    centre.orchestrator.start()
    centre.wait("the talk", lambda: state(centre) == [CallState.CONNECTED], 30)
    centre.control.hang_up(call)
    centre.wait("the end", lambda: centre.outcomes() == ["reached"], 20)


def test_the_agent_leaves_and_nobody_rings_on(centre: SimulatedCentre) -> None:
    """SAFE-1: with the agent's leg the customer's ends, and the agent is free."""
    centre.online()
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.control.set_gateway(Behaviour(reaction="no_answer"))
    place(centre)
    centre.wait("the customer to ring", lambda: "customer_rung" in centre.events(), 20)
    (call,) = centre.calls()
    centre.control.hang_up(call.asked.leg)
    centre.wait("the end", lambda: centre.outcomes() == ["given_up"], 20)
    centre.wait("no channel", lambda: centre.control.legs() == [], 20)
    assert centre.agent("a1").state is AgentState.ONLINE
