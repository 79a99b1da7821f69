"""A browser's line to the switch breaks during a call, with its sound going on, and with the browser gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from simulator.control import Behaviour
from tests.support.real_switch import DOMAIN
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

AT_ONCE = Behaviour(after_ms=50)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    """One agent, who answers in a page."""
    with simulated_centre(tmp_path, 1, wrap_up_s=2) as running:
        running.control.set_phone("t-1", AT_ONCE, lines=2)
        running.wait("the device", lambda: running.agent().registered)
        page(running, "page-1")
        running.wait("the page", lambda: running.agent().page == "page-1")
        running.online()
        yield running


def page(centre: SimulatedCentre, name: str) -> None:
    """A page of the agent registers."""
    centre.control.register("t-1", user_agent=f"zuoxi-page/{name}", websocket=True, realm=DOMAIN)


def talk(centre: SimulatedCentre) -> Call:
    """The agent takes a call."""
    centre.call_in()
    centre.wait("a talk", lambda: any(call.state is CallState.CONNECTED for call in centre.calls()), 20)
    return centre.calls()[0]


def test_only_the_line_breaks(centre: SimulatedCentre) -> None:
    """STATE-6: the switch finds sound, so the call goes on as it is; the same page registers again."""
    call = talk(centre)
    centre.control.drop_websocket("t-1")
    centre.wait("the device to be gone", lambda: not centre.agent().registered)
    page(centre, "page-1")
    centre.wait("the device to be back", lambda: centre.agent().registered)
    assert centre.calls()[0] == call


def test_the_browser_is_gone(centre: SimulatedCentre) -> None:
    """STATE-6, SAFE-1: the caller hears music long before the switch's own timeout; a new page has the call."""
    call = talk(centre)
    centre.control.stop_media(call.leg or "")
    centre.control.drop_websocket("t-1")
    centre.control.wait_for(uuid=call.id, hears="music")
    assert centre.calls()[0].state is CallState.RECOVERING
    page(centre, "page-2")
    centre.wait("the talk to go on", lambda: centre.calls()[0].state is CallState.CONNECTED, 20)
    assert centre.calls()[0].leg != call.leg
    assert centre.agent().state is AgentState.IN_CALL
    centre.wait("one leg each", lambda: len(centre.control.legs()) == 2)
