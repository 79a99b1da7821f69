"""The orchestrator is killed in every phase of a call and started again: the caller never notices."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from simulator.control import Behaviour
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

RINGS_LONG = Behaviour(reaction="no_answer")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    with simulated_centre(tmp_path, 2, wrap_up_s=2) as running:
        yield running


def only_call(centre: SimulatedCentre) -> Call:
    (call,) = centre.calls()
    return call


def in_state(centre: SimulatedCentre, state: CallState) -> Call:
    centre.wait(f"the call to be {state}", lambda: [c.state for c in centre.calls()] == [state])
    return only_call(centre)


def ends_with_one_record(centre: SimulatedCentre) -> None:
    """CDR-1: whatever happened, one record results and nobody is stuck."""
    database = centre.work()
    centre.wait_quiet()
    centre.wait_written(database)
    assert database.execute_sql("SELECT count(*) FROM call_record").fetchone()[0] == 1
    assert centre.events().count("call_arrived") == 1
    assert centre.events().count("call_ended") == 1


def test_parked_while_nobody_is_there(centre: SimulatedCentre) -> None:
    """SAFE-1: a call that arrives while the orchestrator is dead is taken by the next one."""
    centre.orchestrator.kill()
    leg = centre.call_in()
    centre.control.wait_for(uuid=leg, heard="ringing")
    centre.orchestrator.start()
    centre.control.wait_for(uuid=leg, heard="music")
    centre.control.hang_up(leg)
    ends_with_one_record(centre)


def test_waiting(centre: SimulatedCentre) -> None:
    """SAFE-1, QUEUE-3: the music never stops; place and waiting time are kept."""
    leg = centre.call_in()
    before = in_state(centre, CallState.WAITING)
    centre.control.wait_for(uuid=leg, hears="music")
    centre.restart()
    centre.wait("the call to be adopted", lambda: "call_adopted" in centre.events())
    after = only_call(centre)
    assert (after.entered, after.place, after.state) == (before.entered, before.place, CallState.WAITING)
    assert centre.control.leg(leg).sounds().count("music") == 1
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    centre.control.wait_for(uuid=leg, joined=True)
    centre.control.hang_up(leg)
    ends_with_one_record(centre)


def test_ringing_goes_on_and_is_answered(centre: SimulatedCentre) -> None:
    """SAFE-1: the agent's phone rings on; the answer counts."""
    centre.control.set_phone("t-1", RINGS_LONG)
    centre.online()
    leg = centre.call_in()
    in_state(centre, CallState.OFFERED)
    agent_leg = centre.control.wait_for(user="t-1", answer_state="ringing")
    centre.restart()
    centre.wait("the call to be adopted", lambda: "call_adopted" in centre.events())
    assert only_call(centre).asked.leg == agent_leg
    centre.control.answer(agent_leg)
    centre.control.wait_for(uuid=leg, joined=True)
    assert centre.control.leg(leg).sounds().count("music") == 1
    centre.control.hang_up(leg)
    ends_with_one_record(centre)


def test_answered_while_nobody_is_there(centre: SimulatedCentre) -> None:
    """SAFE-1: an agent who answers meanwhile is joined by the next orchestrator."""
    centre.control.set_phone("t-1", RINGS_LONG)
    centre.online()
    leg = centre.call_in()
    in_state(centre, CallState.OFFERED)
    agent_leg = centre.control.wait_for(user="t-1", answer_state="ringing")
    centre.orchestrator.kill()
    centre.control.answer(agent_leg)
    centre.control.wait_for(user="t-1", answer_state="answered")
    centre.orchestrator.start()
    centre.control.wait_for(uuid=leg, joined=True)
    centre.wait_agent(AgentState.IN_CALL)
    centre.control.hang_up(leg)
    ends_with_one_record(centre)


def test_talking(centre: SimulatedCentre) -> None:
    """SAFE-1: the talk goes on untouched; its end is noticed as ever."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    leg = centre.call_in()
    in_state(centre, CallState.CONNECTED)
    centre.restart()
    centre.wait("the call to be adopted", lambda: "call_adopted" in centre.events())
    assert centre.agent().state is AgentState.IN_CALL
    assert centre.control.leg(leg).sounds()[-1] == "bridge"
    assert centre.control.leg(leg).sounds().count("bridge") == 1
    centre.control.hang_up(centre.control.wait_for(user="t-1", answer_state="answered"))
    centre.wait_agent(AgentState.WRAP_UP)
    ends_with_one_record(centre)


def test_the_caller_hangs_up_while_nobody_is_there(centre: SimulatedCentre) -> None:
    """SAFE-1: a call that ended meanwhile ends, its agent wraps up."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    leg = centre.call_in()
    in_state(centre, CallState.CONNECTED)
    centre.orchestrator.kill()
    centre.control.hang_up(leg)
    centre.control.wait_for(uuid=leg, ended=True)
    centre.orchestrator.start()
    centre.wait("the call to be gone", lambda: not centre.calls())
    ends_with_one_record(centre)


def test_wrap_up(centre: SimulatedCentre) -> None:
    """SAFE-1, STATE-4: a wrap-up ends by its limit although its orchestrator is dead."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    leg = centre.call_in(hangup_after_ms=100)
    centre.control.wait_for(uuid=leg, ended=True)
    centre.wait_agent(AgentState.WRAP_UP)
    centre.restart()
    centre.wait_agent(AgentState.ONLINE)
    ends_with_one_record(centre)


def test_the_second_orchestrator_takes_over_within_five_seconds(centre: SimulatedCentre) -> None:
    """SAFE-1: of two orchestrators one works; when it dies the other takes over and serves the waiting caller."""
    other = centre.another_orchestrator()
    try:
        leg = centre.call_in()
        in_state(centre, CallState.WAITING)
        centre.orchestrator.kill()
        centre.wait("the other to adopt the call", lambda: "call_adopted" in centre.events(), timeout=5.0)
        centre.control.set_phone("t-1", Behaviour(after_ms=50))
        centre.online()
        centre.control.wait_for(uuid=leg, joined=True)
        assert centre.control.leg(leg).sounds().count("music") == 1
        centre.control.hang_up(leg)
        ends_with_one_record(centre)
    finally:
        other.stop()


def test_redis_loses_everything(centre: SimulatedCentre) -> None:
    """SAFE-1: waiting and talking callers are rebuilt from their channels, in their old places."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    talking = centre.call_in("13800138001")
    centre.control.wait_for(uuid=talking, joined=True)
    waiting = centre.call_in("13800138002")
    centre.control.wait_for(uuid=waiting, hears="music")
    centre.wait("two calls", lambda: {c.state for c in centre.calls()} == {CallState.WAITING, CallState.CONNECTED})
    entered = {call.id: call.entered for call in centre.calls()}
    centre.orchestrator.kill()
    centre.lose_redis()
    centre.orchestrator.start()
    centre.wait("both calls to be back", lambda: len(centre.calls()) == 2)
    states = {call.id: (call.state, call.entered) for call in centre.calls()}
    assert states == {
        talking: (CallState.CONNECTED, entered[talking]),
        waiting: (CallState.WAITING, entered[waiting]),
    }
    assert centre.agent().state is AgentState.IN_CALL
    assert centre.control.leg(waiting).sounds().count("music") == 1


def test_redis_loses_everything_under_a_living_orchestrator(centre: SimulatedCentre) -> None:
    """SAFE-1: nobody restarts anything; the lost lease alone tells that all must be taken over anew."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    talking = centre.call_in("13800138001")
    centre.control.wait_for(uuid=talking, joined=True)
    waiting = centre.call_in("13800138002")
    centre.wait("two calls", lambda: {c.state for c in centre.calls()} == {CallState.WAITING, CallState.CONNECTED})
    entered = {call.id: call.entered for call in centre.calls()}
    centre.lose_redis()
    centre.wait("both calls to be back", lambda: len(centre.calls()) == 2)
    assert {call.id: (call.state, call.entered) for call in centre.calls()} == {
        talking: (CallState.CONNECTED, entered[talking]),
        waiting: (CallState.WAITING, entered[waiting]),
    }
    assert centre.agent().state is AgentState.IN_CALL
    assert centre.control.leg(waiting).sounds().count("music") == 1
    assert centre.control.leg(talking).sounds()[-1] == "bridge"
