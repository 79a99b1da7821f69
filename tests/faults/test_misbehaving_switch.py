"""The event socket misbehaves: cut, half-open, doubled, late and reordered events, a switch that dies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from simulator.control import Behaviour
from tests.support.simulated_centre import SimulatedCentre, simulated_centre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    with simulated_centre(tmp_path, 3, wrap_up_s=1) as running:
        yield running


def serve_some(centre: SimulatedCentre, calls: int) -> None:
    """Callers come, are answered, talk shortly and leave; nobody is left over."""
    for n in range(1, 4):
        centre.control.set_phone(f"t-{n}", Behaviour(after_ms=80))
    centre.all_online()
    before = centre.control.counts()["ended"]
    for n in range(calls):
        centre.call_in(f"138001380{n:02}", hangup_after_ms=200, patience_ms=20_000)
    centre.control.wait_for(count="ended", at_least=before + calls, timeout_ms=30_000)
    centre.wait_quiet()
    assert centre.events().count("call_arrived") == centre.events().count("call_ended") == calls
    assert centre.events().count("connected") == calls


def test_doubled_and_late_events(centre: SimulatedCentre) -> None:
    """SAFE-1: events that come twice, late and in another order across channels change nothing."""
    centre.control.misbehave(duplicate_every=2, delay_ms=20, reorder_ms=30)
    serve_some(centre, 12)


def test_agents_who_die_while_being_joined(centre: SimulatedCentre) -> None:
    """SAFE-1, QUEUE-3: a lost bridge race costs no caller: back to the place in the line, on to the next agent."""
    centre.control.misbehave(bridges=["second_dies", "second_dies"])
    serve_some(centre, 4)


def test_the_socket_is_cut_in_a_talk(centre: SimulatedCentre) -> None:
    """SAFE-1: a cut socket is connected again; what happened meanwhile is found."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    leg = centre.call_in()
    centre.control.wait_for(uuid=leg, joined=True)
    centre.wait("the talk", lambda: [c.state for c in centre.calls()] == [CallState.CONNECTED])
    assert centre.control.drop_sockets() == 1
    centre.control.hang_up(leg)
    centre.wait("the call to be gone", lambda: not centre.calls())
    centre.wait_agent(AgentState.ONLINE)


def test_a_silent_socket_is_noticed_within_seconds(centre: SimulatedCentre) -> None:
    """SAFE-1: a half-open connection is given up and opened again without any help."""
    leg = centre.call_in()
    centre.control.wait_for(uuid=leg, hears="music")
    centre.control.be_silent()
    centre.wait("another connection", lambda: "call_adopted" in centre.events(), timeout=30)
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    centre.control.wait_for(uuid=leg, joined=True)


def test_the_switch_dies_and_comes_back(centre: SimulatedCentre) -> None:
    """SAFE-1: calls of a dead switch end once, as lost, and their agents are free for the next ones."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    talking = centre.call_in("13800138001")
    centre.control.wait_for(uuid=talking, joined=True)
    waiting = centre.call_in("13800138002")
    centre.control.wait_for(uuid=waiting, hears="music")
    centre.control.die_and_restart()
    centre.wait("no call to be left", lambda: not centre.calls(), timeout=15)
    centre.wait_agent(AgentState.ONLINE)
    leg = centre.call_in("13800138003")
    centre.control.wait_for(uuid=leg, joined=True)
    assert centre.events().count("call_ended") == 2


def test_redis_is_killed_and_started_again(centre: SimulatedCentre) -> None:
    """SAFE-1: without Redis talks go on and callers hear music; with it back everything goes on."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    talking = centre.call_in("13800138001")
    centre.control.wait_for(uuid=talking, joined=True)
    waiting = centre.call_in("13800138002")
    centre.wait("the line", lambda: CallState.WAITING in {c.state for c in centre.calls()})
    centre.redis.bgrewriteaof()
    centre.wait("the file", lambda: not centre.redis.info("persistence")["aof_rewrite_in_progress"])
    centre.redis_server.kill()
    assert centre.control.leg(waiting).hears == "music"
    assert centre.control.leg(talking).hears == "bridge"
    centre.redis_server.start()
    centre.control.hang_up(talking)
    centre.control.wait_for(uuid=waiting, joined=True)
    assert centre.control.leg(waiting).sounds().count("music") == 1
    centre.control.hang_up(waiting)
    centre.wait_quiet()
    assert centre.events().count("call_arrived") == centre.events().count("call_ended") == 2


def test_the_end_of_a_call_that_nobody_was_told_of(centre: SimulatedCentre, monkeypatch: pytest.MonkeyPatch) -> None:
    """SAFE-1: the audit finds calls that have ended without an event."""
    monkeypatch.setenv("ZUOXI_AUDIT_S", "0.5")
    centre.restart()
    centre.wait("the switch", lambda: bool(centre.redis.exists("{cc}:lease:fs1")))
    leg = centre.call_in()
    centre.wait("the line", lambda: [c.state for c in centre.calls()] == [CallState.WAITING])
    centre.control.misbehave(swallow=True)
    centre.control.hang_up(leg)
    centre.control.wait_for(uuid=leg, ended=True)
    centre.control.behave()
    centre.wait("the call to be gone", lambda: not centre.calls())
    assert centre.events().count("call_ended") == 1


def test_what_happens_while_redis_is_away_is_found_afterwards(centre: SimulatedCentre) -> None:
    """SAFE-1: a talk that ends while Redis is down ends its call and frees its agent as soon as Redis is back."""
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    talking = centre.call_in("13800138001")
    centre.control.wait_for(uuid=talking, joined=True)
    centre.wait("the talk", lambda: [c.state for c in centre.calls()] == [CallState.CONNECTED])
    centre.redis.bgrewriteaof()
    centre.wait("the file", lambda: not centre.redis.info("persistence")["aof_rewrite_in_progress"])
    centre.redis_server.kill()
    centre.control.hang_up(talking)
    centre.control.wait_for(uuid=talking, ended=True)
    centre.redis_server.start()
    centre.wait("the call to be gone", lambda: not centre.calls())
    centre.wait_agent(AgentState.ONLINE)
    assert list(centre.events()).count("call_ended") == 1


def test_calls_that_nobody_was_told_of(centre: SimulatedCentre, monkeypatch: pytest.MonkeyPatch) -> None:
    """SAFE-1: the audit also finds new callers, and agents who left, without any event."""
    monkeypatch.setenv("ZUOXI_AUDIT_S", "0.5")
    centre.restart()
    centre.wait("the switch", lambda: bool(centre.redis.exists("{cc}:lease:fs1")))
    centre.control.set_phone("t-1", Behaviour(after_ms=50))
    centre.online()
    talking = centre.call_in("13800138001")
    centre.wait("the talk", lambda: [c.state for c in centre.calls()] == [CallState.CONNECTED])
    centre.control.misbehave(swallow=True)
    new = centre.call_in("13800138002")
    centre.control.hang_up(centre.control.wait_for(user="t-1", answer_state="answered"))
    centre.control.wait_for(uuid=new, heard="ringing")
    centre.control.behave()
    centre.control.wait_for(uuid=talking, ended=True)
    centre.control.wait_for(uuid=new, joined=True)
