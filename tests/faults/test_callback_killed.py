"""A callback through all processes, and an orchestrator that is killed on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.call_states import CallState
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.config import NumberConfig, QueueConfig, to_queue
from orchestrator.domain.trunks import Trunk
from simulator.control import Behaviour
from tests.support.real_centre import NUMBER, QUEUE
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

SALES = QueueConfig(id=QUEUE, name="Sales", callback=CallbackRule(tries=1))
NUMBERS = {NUMBER: NumberConfig(number=NUMBER, route=to_queue(QUEUE), trunk="pstn")}
TRUNKS = {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))}


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    """A queue that calls back by key 1; agent a1 answers at once."""
    with simulated_centre(tmp_path, 1, wrap_up_s=2, queues={QUEUE: SALES}, numbers=NUMBERS, trunks=TRUNKS) as running:
        running.control.set_phone("t-1", Behaviour(after_ms=50))
        yield running


def promised(centre: SimulatedCentre, caller: str) -> str:
    """A caller waits, presses 1 and is let go; the call waits on without a channel."""
    leg = centre.call_in(caller)
    centre.control.wait_for(uuid=leg, hears="music")
    centre.control.press(leg, "1")
    centre.control.wait_for(uuid=leg, ended=True)
    centre.wait("the promise", lambda: [call.away for call in centre.calls()] == [True], 20)
    return leg


def test_a_promise_survives_kill_9_and_is_kept(centre: SimulatedCentre) -> None:
    """QUEUE-5, SAFE-1, CDR-1: killed while it waits and while they talk; one record for the whole story."""
    leg = promised(centre, "13800138000")
    centre.restart()
    centre.wait("the call to be adopted", lambda: "call_adopted" in centre.events(), 20)
    assert [call.away for call in centre.calls()] == [True]
    centre.online()
    centre.wait("the talk", lambda: [call.state for call in centre.calls()] == [CallState.CONNECTED], 30)
    customer = centre.calls()[0].line
    assert customer != leg
    centre.restart()
    centre.wait("the talk to be adopted", lambda: centre.events().count("call_adopted") > 1, 20)
    centre.control.hang_up(customer)
    database = centre.work()
    centre.wait_quiet()
    centre.wait_written(database)
    assert database.execute_sql("SELECT call, outcome, queue, agent FROM call_record").fetchall() == [
        (leg, "called_back", QUEUE, "a1")
    ]


def test_a_customer_who_is_busy_is_given_up_after_the_last_try(centre: SimulatedCentre) -> None:
    """QUEUE-5: the agent is free again, the call ends as failed."""
    promised(centre, "13800130486")
    centre.online()
    centre.wait("the end", lambda: centre.outcomes() == ["callback_failed"], 30)
    centre.wait_quiet()
