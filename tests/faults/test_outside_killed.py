"""Callers handed on to numbers outside, and numbers asked first, through all processes, also when one is killed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from orchestrator.domain.consult import ConsultState
from orchestrator.domain.trunks import Trunk
from simulator.control import Behaviour, Leg
from tests.support.real_centre import NUMBER, QUEUE, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

LONG_S = 60
OUTSIDE = "13900001111"


class Scene:
    """A caller talks to a1; a telephone outside answers when rung."""

    def __init__(self, centre: SimulatedCentre) -> None:
        self.centre = centre
        centre.control.set_phone("t-1", Behaviour(after_ms=50))
        centre.control.set_number(f"+86{OUTSIDE}", Behaviour(after_ms=100))
        centre.online("a1")
        self.caller = centre.call_in()
        self.until("a talk", lambda: self.state is CallState.CONNECTED)

    @property
    def state(self) -> CallState | None:
        calls = self.centre.calls()
        return calls[0].state if calls else None

    @property
    def consult(self) -> ConsultState | None:
        calls = self.centre.calls()
        return calls[0].consult.state if calls and calls[0].consult else None

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        self.centre.wait(what, holds, LONG_S)

    def act(self, name: str, *more: object) -> None:
        """Give a command as the web side does, with nothing remembered from before."""
        self.centre._store.forget_all()
        getattr(self.centre.use.control, name)(TENANT, self.caller, "a1", *more)

    def ask(self) -> None:
        self.act("consult_outside", OUTSIDE, "user")
        self.until("a consultation", lambda: self.consult is ConsultState.TALKING)
        self.until("them to hear each other", lambda: self.asked().hears == "bridge")

    def asked(self) -> Leg:
        """The leg of the telephone outside."""
        return next(leg for leg in self.centre.control.legs() if leg.number.endswith(OUTSIDE))

    def send(self, number: str = OUTSIDE) -> None:
        self.act("transfer", Destination(way=Way.NUMBER, target=number), "user")

    def hears(self, what: str) -> None:
        self.until(f"the caller to hear {what}", lambda: self.centre.control.leg(self.caller).sounds()[-1] == what)

    def peer(self) -> str:
        return self.centre.control.leg(self.centre.control.leg(self.caller).peer).number

    def over(self) -> None:
        """The caller hangs up: one record, nobody stuck, no leg left."""
        self.centre.control.hang_up(self.caller)
        self.centre.wait_quiet()
        self.until("every leg to be gone", lambda: not self.centre.control.legs())
        assert self.centre.outcomes() == ["connected"]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    number = NumberConfig(number=NUMBER, route=to_queue(QUEUE), trunk="pstn")
    trunks = {"pstn": Trunk(name="pstn")}
    with simulated_centre(tmp_path, 1, wrap_up_s=1, numbers={NUMBER: number}, trunks=trunks) as centre:
        yield Scene(centre)


def test_blind_transfer_killed_while_it_rings(scene: Scene) -> None:
    """WEB-1, SAFE-1: the telephone outside is answered while nobody is there; the next orchestrator joins the two."""
    scene.centre.control.set_number(f"+86{OUTSIDE}", Behaviour(reaction="no_answer"))
    scene.send()
    scene.until("it to ring", lambda: any(leg.number.endswith(OUTSIDE) for leg in scene.centre.control.legs()))
    leg = scene.asked()
    scene.centre.orchestrator.kill()
    scene.centre.control.answer(leg.uuid)
    scene.centre.orchestrator.start()
    scene.until("the talk", lambda: scene.state is CallState.FORWARDED)
    assert scene.peer().endswith(OUTSIDE)
    scene.over()


def test_blind_transfer_that_fails(scene: Scene) -> None:
    """WEB-1, QUEUE-3: busy outside: the caller hears music again and is answered by the agent, who has wrapped up."""
    scene.send("13900000486")
    scene.until("the talk anew", lambda: scene.state is CallState.CONNECTED)
    scene.hears("bridge")
    scene.over()


def test_asked_then_handed_over_around_a_kill(scene: Scene) -> None:
    """WEB-1, SAFE-1: agent and telephone outside talk on through a kill; then the caller is handed over to it."""
    scene.ask()
    scene.centre.restart()
    scene.until("the call to be adopted", lambda: "call_adopted" in scene.centre.events())
    assert scene.consult is ConsultState.TALKING
    scene.act("complete", "user")
    scene.until("the talk", lambda: scene.state is CallState.FORWARDED)
    scene.hears("bridge")
    assert scene.peer().endswith(OUTSIDE)
    scene.centre.wait_agent(AgentState.ONLINE, "a1", LONG_S)
    scene.over()


def test_handed_over_then_everything_lost(scene: Scene) -> None:
    """SAFE-1: Redis loses everything: rebuilt from the two channels as a call with a telephone outside."""
    scene.ask()
    scene.act("complete", "user")
    scene.until("the talk", lambda: scene.state is CallState.FORWARDED)
    scene.centre.orchestrator.kill()
    scene.centre.lose_redis()
    scene.centre.orchestrator.start()
    scene.until("the talk again", lambda: scene.state is CallState.FORWARDED)
    scene.centre.control.hang_up(scene.caller)
    scene.until("every leg to be gone", lambda: not scene.centre.control.legs())


def test_whoever_is_asked_leaves_while_nobody_is_there(scene: Scene) -> None:
    """WEB-1, SAFE-1: the next orchestrator joins agent and caller again."""
    scene.ask()
    leg = scene.asked()
    scene.centre.orchestrator.kill()
    scene.centre.control.hang_up(leg.uuid)
    scene.centre.control.wait_for(uuid=leg.uuid, ended=True)
    scene.centre.orchestrator.start()
    scene.until("the talk", lambda: scene.state is CallState.CONNECTED)
    scene.hears("bridge")
    scene.over()


def test_three_way_then_the_agent_leaves(scene: Scene) -> None:
    """WEB-1: all three talk; without the agent the other two do."""
    scene.ask()
    scene.act("confer", "user")
    scene.hears("conference")
    scene.act("complete", "user")
    scene.until("the talk", lambda: scene.state is CallState.FORWARDED)
    scene.hears("bridge")
    scene.over()


@pytest.mark.parametrize("number", ["13900000486", "13900000503", "13900000404"])
def test_asking_somebody_who_is_not_reached(scene: Scene, number: str) -> None:
    """WEB-1, SAFE-1: busy, trunk down, no such number: agent and caller hear each other again."""
    scene.act("consult_outside", number, "user")
    scene.until("the talk", lambda: scene.state is CallState.CONNECTED and scene.consult is None)
    scene.hears("bridge")
    scene.over()
