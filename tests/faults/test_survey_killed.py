"""The survey through all processes, and an orchestrator that is killed in the middle of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import QueueConfig
from orchestrator.domain.survey import Survey
from simulator.control import Behaviour
from tests.support.real_centre import QUEUE
from tests.support.simulated_centre import SimulatedCentre, simulated_centre
from tests.support.sounds import tone

SALES = QueueConfig(id=QUEUE, name="Sales", survey=Survey(prompt="welcome", timeout_s=30))


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    """A queue with a survey; agent a1 answers at once."""
    prompts = {"welcome": tone(tmp_path, "welcome")}
    with simulated_centre(tmp_path, 1, wrap_up_s=2, queues={QUEUE: SALES}, prompts=prompts) as running:
        running.control.set_phone("t-1", Behaviour(after_ms=50))
        running.online()
        yield running


def test_a_caller_in_the_survey_survives_kill_9(centre: SimulatedCentre) -> None:
    """SAFE-1, CDR-1: the agent wraps up at once, the caller's key reaches the next orchestrator and the record."""
    leg = centre.call_in()
    centre.control.wait_for(uuid=leg, joined=True)
    centre.wait("the talk", lambda: [call.state for call in centre.calls()] == [CallState.CONNECTED], 20)
    centre.control.hang_up(centre.control.wait_for(user="t-1", answer_state="answered"))
    centre.wait("the survey", lambda: [call.state for call in centre.calls()] == [CallState.SURVEY], 20)
    centre.control.wait_for(uuid=leg, heard="prompt")
    assert centre.agent().state is not AgentState.IN_CALL
    centre.restart()
    centre.wait("the call to be adopted", lambda: "call_adopted" in centre.events(), 20)
    centre.control.press(leg, "5")
    centre.control.wait_for(uuid=leg, ended=True)
    database = centre.work()
    centre.wait_quiet()
    centre.wait_written(database)
    assert database.execute_sql("SELECT outcome, hung_up_by, score FROM call_record").fetchall() == [
        ("connected", "agent", 5)
    ]
