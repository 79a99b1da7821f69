"""Agents change their state by phone, through all processes over a simulated switch (MOB-1, STATE-1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.agent_service import Question
from tests.support.dial_in import MOBILE, PIN, service_tenant
from tests.support.real_centre import NUMBER
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

LONG_S = 60


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    """a1 has a PIN; the number is the agents' service."""
    with simulated_centre(tmp_path, 1) as running:
        running.config = service_tenant(running.config, tmp_path)
        running.publisher.publish(running.config)
        yield running


def prompts(centre: SimulatedCentre, leg: str) -> int:
    return centre.control.leg(leg).sounds().count("prompt")


def asked(centre: SimulatedCentre, leg: str, question: Question, heard: int = 0) -> int:
    """A question is decided and heard, after `heard` prompts before; returns how many there were then."""
    centre.wait(question, lambda: [call.menu for call in centre.calls()] == [question], LONG_S)
    centre.wait(f"more than {heard} prompts", lambda: prompts(centre, leg) > heard, LONG_S)
    return prompts(centre, leg)


def test_by_pin_and_key(centre: SimulatedCentre) -> None:
    """MOB-1, STATE-1, CDR-1: the PIN, the menu, a break; one record with the outcome `service`, in no queue."""
    database = centre.work()
    leg = centre.control.place_call(MOBILE, NUMBER)
    heard = asked(centre, leg, Question.PIN)
    centre.control.press(leg, f"{PIN}#")
    heard = asked(centre, leg, Question.MENU, heard)
    centre.control.press(leg, "2")
    centre.wait_agent(AgentState.BREAK, "a1", LONG_S)
    asked(centre, leg, Question.MENU, heard)
    centre.control.hang_up(leg)
    centre.wait_quiet()
    centre.wait_written(database)
    rows = database.execute_sql("SELECT outcome, queue, agent, hung_up_by FROM call_record").fetchall()
    assert rows == [("service", None, None, "caller")]


def test_killed_while_the_pin_is_asked(centre: SimulatedCentre) -> None:
    """SAFE-1, MOB-1: the question goes on, and whoever takes over hears the answer."""
    leg = centre.control.place_call(MOBILE, NUMBER)
    heard = asked(centre, leg, Question.PIN)
    centre.orchestrator.kill()
    centre.orchestrator.start()
    centre.wait("the call to be taken over", lambda: "call_adopted" in centre.events(), LONG_S)
    centre.control.press(leg, f"{PIN}#")
    asked(centre, leg, Question.MENU, heard)
    centre.control.press(leg, "3")
    centre.wait_agent(AgentState.BUSY, "a1", LONG_S)
    centre.control.hang_up(leg)
    centre.wait_quiet()
    assert centre.outcomes() == ["service"]


def test_redis_lost_in_the_menu(centre: SimulatedCentre) -> None:
    """SAFE-1, MOB-1: nothing is known of the call any more: who calls is asked anew."""
    leg = centre.control.place_call(MOBILE, NUMBER)
    heard = asked(centre, leg, Question.PIN)
    centre.control.press(leg, f"{PIN}#")
    heard = asked(centre, leg, Question.MENU, heard)
    centre.orchestrator.kill()
    centre.lose_redis()
    centre.orchestrator.start()
    asked(centre, leg, Question.PIN, heard)
    centre.control.hang_up(leg)
    centre.wait_quiet()
    assert centre.outcomes() == ["service"]
