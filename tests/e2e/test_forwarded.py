"""Calls put through to telephones outside, through all processes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from orchestrator.domain.trunks import Trunk
from simulator.control import Behaviour
from tests.support.real_centre import NUMBER, QUEUE
from tests.support.simulated_centre import SimulatedCentre, simulated_centre


def leads_to(target: str) -> dict[str, object]:
    """A tenant whose number leads to a telephone outside, to the queue otherwise."""
    route = Destination(way=Way.NUMBER, target=target, otherwise=to_queue(QUEUE))
    number = NumberConfig(number=NUMBER, route=route, trunk="pstn")
    return {"numbers": {NUMBER: number}, "trunks": {"pstn": Trunk(name="pstn")}}


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    with simulated_centre(tmp_path, 1, **leads_to("13900001111")) as running:
        running.control.set_number("+8613900001111", Behaviour(after_ms=300))
        yield running


def state(centre: SimulatedCentre) -> list[CallState]:
    return [call.state for call in centre.calls()]


def test_a_talk_survives_the_orchestrator(centre: SimulatedCentre) -> None:
    """CALL-1, SAFE-1: joined with the telephone outside; killed meanwhile, it ends in order: one record, forwarded."""
    caller = centre.call_in()
    centre.control.wait_for(uuid=caller, joined=True)
    centre.wait("the talk", lambda: state(centre) == [CallState.FORWARDED], 20)
    outside = centre.control.leg(caller).peer
    centre.restart()
    centre.wait("the call to be taken over", lambda: "call_adopted" in centre.events(), 20)
    assert centre.control.leg(caller).peer == outside
    centre.control.hang_up(outside)
    centre.wait("the end", lambda: not centre.calls(), 20)
    assert not centre.control.leg(caller).alive
    assert centre.outcomes() == ["forwarded"]


def test_a_talk_that_redis_has_lost(centre: SimulatedCentre) -> None:
    """SAFE-1: rebuilt from the two channels; nobody hears anything of it."""
    caller = centre.call_in()
    centre.wait("the talk", lambda: state(centre) == [CallState.FORWARDED], 20)
    centre.orchestrator.kill()
    centre.lose_redis()
    centre.orchestrator.start()
    centre.wait("the talk again", lambda: state(centre) == [CallState.FORWARDED], 20)
    assert centre.control.leg(caller).peer
    centre.control.hang_up(caller)
    centre.wait("the end", lambda: not centre.calls(), 20)
    assert centre.outcomes() == ["forwarded"]


@pytest.mark.parametrize("ending", ["0486", "0503"])
def test_nobody_outside_takes_it(centre: SimulatedCentre, ending: str) -> None:
    """CALL-1, QUEUE-1: busy, trunk down: the caller hears it ring, then stands in the queue with music."""
    centre.config = replace(centre.config, version=2, **leads_to(f"1390000{ending}"))  # type: ignore[arg-type]
    centre.publisher.publish(centre.config)
    caller = centre.call_in()
    centre.wait("the line", lambda: state(centre) == [CallState.WAITING], 20)
    centre.control.wait_for(uuid=caller, heard="music")
    centre.online()
    centre.control.wait_for(uuid=caller, joined=True)
    centre.control.hang_up(caller)
    centre.wait("the end", lambda: not centre.calls(), 20)
    assert centre.outcomes() == ["connected"]
