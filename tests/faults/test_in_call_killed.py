"""Calls on hold, in a consultation and in a conference through all processes, also when the orchestrator is killed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import to_queue
from orchestrator.domain.consult import ConsultState
from simulator.control import Behaviour
from tests.support.real_centre import QUEUE, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

#: Generous: the machine may be busy.
LONG_MS = 40_000


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SimulatedCentre]:
    with simulated_centre(tmp_path, 2, wrap_up_s=2) as running:
        yield running


class Scene:
    """A caller talks to a1; a2 answers too."""

    def __init__(self, centre: SimulatedCentre) -> None:
        self.centre, self.control = centre, centre.use.control
        centre.control.set_phone("t-1", Behaviour(after_ms=50))
        centre.control.set_phone("t-2", Behaviour(after_ms=50))
        centre.online("a1")
        self.leg = centre.call_in()
        self.until("a talk", lambda: self.state is CallState.CONNECTED)
        centre.online("a2")

    @property
    def state(self) -> CallState | None:
        calls = self.centre.calls()
        return calls[0].state if calls else None

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        self.centre.wait(what, holds, LONG_MS / 1000)

    def act(self, name: str, *more: str) -> None:
        """Give a command as the web side does, with nothing remembered from before."""
        self.centre._store.forget_all()
        getattr(self.control, name)(TENANT, self.leg, "a1", *more)

    def hears(self, what: str) -> None:
        self.until(f"the caller to hear {what}", lambda: self.centre.control.leg(self.leg).sounds()[-1] == what)

    def hold(self) -> None:
        self.act("hold", "user")
        self.hears("music")
        self.until("the hold to be proved", lambda: self.centre.calls()[0].parked)

    def consult(self) -> None:
        self.act("consult", "a2", "user")
        self.until("a consultation", self.consulting)

    def consulting(self) -> bool:
        return self.asked() is ConsultState.TALKING

    def asked(self) -> ConsultState | None:
        (call,) = self.centre.calls()
        return call.consult.state if call.consult else None

    def over(self) -> None:
        """The caller hangs up: one record, and everybody is free."""
        self.centre.control.hang_up(self.leg)
        database = self.centre.work()
        self.centre.wait_quiet()
        self.centre.wait_written(database)
        assert database.execute_sql("SELECT count(*), min(outcome) FROM call_record").fetchone() == (1, "connected")
        self.until("every leg to be gone", lambda: not self.centre.control.legs())


@pytest.fixture
def scene(centre: SimulatedCentre) -> Scene:
    return Scene(centre)


def test_killed_on_hold(scene: Scene) -> None:
    """SAFE-1, WEB-1: the music plays on, and the next orchestrator ends the hold."""
    scene.hold()
    scene.centre.restart()
    scene.until("the call to be adopted", lambda: "call_adopted" in scene.centre.events())
    assert scene.centre.control.leg(scene.leg).sounds().count("music") == 2
    scene.act("resume")
    scene.hears("bridge")
    scene.until("the talk", lambda: scene.state is CallState.CONNECTED)
    scene.over()


def test_hold_asked_for_while_nobody_is_there(scene: Scene) -> None:
    """SAFE-1: the next orchestrator does what was decided and not yet told."""
    scene.centre.orchestrator.kill()
    scene.act("hold", "user")
    scene.centre.orchestrator.start()
    scene.hears("music")
    scene.act("resume")
    scene.hears("bridge")
    scene.over()


def test_caller_hangs_up_on_hold_while_nobody_is_there(scene: Scene) -> None:
    """SAFE-1, STATE-4: the agent's leg is ended and the agent wraps up."""
    scene.hold()
    scene.centre.orchestrator.kill()
    scene.centre.control.hang_up(scene.leg)
    scene.centre.control.wait_for(uuid=scene.leg, ended=True)
    scene.centre.orchestrator.start()
    scene.centre.wait_agent(AgentState.ONLINE, timeout=LONG_MS / 1000)
    scene.until("no legs", lambda: not scene.centre.control.legs())


def test_killed_in_a_consultation_then_handed_over(scene: Scene) -> None:
    """SAFE-1, WEB-1: the two agents talk on, then the caller is handed over; each agent wraps up after the own talk."""
    scene.consult()
    scene.centre.restart()
    scene.until("the call to be adopted", lambda: "call_adopted" in scene.centre.events())
    assert scene.consulting()
    scene.act("complete", "user")
    scene.until("a2 to have the caller", lambda: [c.agent for c in scene.centre.calls()] == ["a2"])
    scene.hears("bridge")
    scene.centre.wait_agent(AgentState.ONLINE, "a1", LONG_MS / 1000)
    scene.over()


def test_killed_while_returning(scene: Scene) -> None:
    """SAFE-1, WEB-1: back to the caller before the two agents are known to be joined; nobody is there when they are."""
    scene.centre.control.misbehave(delay_ms=700)
    scene.act("consult", "a2", "user")
    scene.until("a2 to be there", lambda: scene.asked() is ConsultState.ANSWERED)
    scene.act("give_back")
    scene.centre.orchestrator.kill()
    scene.centre.control.behave()
    scene.centre.orchestrator.start()
    scene.until("the talk", lambda: scene.state is CallState.CONNECTED)
    scene.hears("bridge")
    scene.centre.wait_agent(AgentState.ONLINE, "a2", LONG_MS / 1000)
    scene.over()


def test_return_and_conference(scene: Scene) -> None:
    """WEB-1: back to the caller; asked once more, all three talk; without the agent the other two do."""
    scene.consult()
    scene.act("give_back")
    scene.until("the talk", lambda: scene.state is CallState.CONNECTED)
    scene.centre.wait_agent(AgentState.ONLINE, "a2", LONG_MS / 1000)
    scene.consult()
    scene.act("confer", "user")
    scene.hears("conference")
    scene.act("complete", "user")
    scene.until("a2 to have the caller", lambda: [c.agent for c in scene.centre.calls()] == ["a2"])
    scene.hears("bridge")
    scene.over()


def test_transfer_to_a_queue(scene: Scene) -> None:
    """WEB-1: the caller hears music and is answered by the next agent; the first wraps up."""
    scene.centre._store.forget_all()
    scene.control.transfer(TENANT, scene.leg, "a1", to_queue(QUEUE), "user")
    scene.until("a2 to have the caller", lambda: [c.agent for c in scene.centre.calls()] == ["a2"])
    scene.hears("bridge")
    assert scene.centre.control.leg(scene.leg).sounds().count("music") == 2
    scene.over()
