"""What one process decides while another still remembers how things were, or takes over."""

from dataclasses import dataclass

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.config import Destination, Way
from orchestrator.service.fire_deadline import GONE_US, FireDeadline
from tests.support.call_centre import SECOND, CallCentre
from tests.support.talk import Talk


def test_audit_leaves_an_agent_alone_whom_another_process_has_just_offered_a_call(redis_url: str) -> None:
    """SAFE-1: an old copy of the call must not make the audit free the agent who rings for it."""
    orchestrator, web = CallCentre(redis_url, agents=1), CallCentre(redis_url, agents=1)
    orchestrator.queue("c1")
    web.online("a1")
    assert web.agent("a1").state is AgentState.RINGING
    orchestrator.use.reconcile.free_agents()
    assert web.agent("a1").state is AgentState.RINGING


def test_who_is_asked_by_another_process_counts_as_answering(redis_url: str) -> None:
    """WEB-1, SAFE-1: an old copy of the agent who is asked must not leave that agent ringing while he talks."""
    orchestrator, web = CallCentre(redis_url, agents=2), CallCentre(redis_url, agents=2)
    orchestrator.online("a1")
    orchestrator.queue("c1")
    leg = orchestrator.call("c1").offer.leg
    orchestrator.use.answer.parked("t", "c1", leg, "fs1")
    orchestrator.use.answer.joined("t", "c1", leg)
    orchestrator.online("a2")
    web.store.forget_all()
    web.use.control.consult("t", "c1", "a1", "a2", "user")
    asked = web.call("c1").consult.leg
    orchestrator.use.steps.caller_parked("t", "c1")
    orchestrator.use.answer.alerted("t", "c1", asked, "fs1")
    orchestrator.use.answer.parked("t", "c1", asked, "fs1")
    assert web.agent("a2").state is AgentState.IN_CALL


def test_who_came_online_by_another_process_is_rung_directly(redis_url: str) -> None:
    """WEB-1, SAFE-1: an old copy of the agent to whom a caller is sent must not send the caller elsewhere."""
    orchestrator, web = CallCentre(redis_url, agents=2), CallCentre(redis_url, agents=2)
    orchestrator.online("a1")
    orchestrator.queue("c1")
    leg = orchestrator.call("c1").offer.leg
    orchestrator.use.answer.parked("t", "c1", leg, "fs1")
    orchestrator.use.answer.joined("t", "c1", leg)
    assert orchestrator.agent("a2").state is AgentState.OFFLINE
    web.online("a2")
    web.store.forget_all()
    web.use.control.transfer("t", "c1", "a1", Destination(way=Way.AGENT, target="a2"), "user")
    orchestrator.use.steps.caller_parked("t", "c1")
    assert web.call("c1").asked.agent == "a2"
    assert web.call("c1").direct is not None


def test_music_that_ends_is_not_played_into_a_talk_that_goes_on(redis_url: str) -> None:
    """SAFE-1, WEB-1: another process has resumed the talk; the join cut the music off, which is heard of only now."""
    talk, web = Talk(redis_url), CallCentre(redis_url)
    talk.held()
    web.use.control.resume("t", "c1", "a1")
    talk.centre.use.steps.music_over("t", "c1")
    assert talk.take() == []


@dataclass
class Standing:
    """How a process stands to the switch."""

    here: bool
    anywhere: bool

    def served(self, switch: str) -> bool:
        assert switch == "fs1"
        return self.here

    def claimed(self, switch: str) -> bool:
        assert switch == "fs1"
        return self.anywhere


@pytest.mark.parametrize(
    ("standing", "late_s", "fired"),
    [
        (Standing(here=True, anywhere=True), 0, True),
        (Standing(here=False, anywhere=True), 0, False),
        (Standing(here=False, anywhere=True), 3600, False),
        (Standing(here=False, anywhere=False), GONE_US // SECOND - 1, False),
        (Standing(here=False, anywhere=False), GONE_US // SECOND + 1, True),
    ],
)
def test_a_deadline_is_left_to_who_takes_the_switch_over(
    redis_url: str, standing: Standing, late_s: int, fired: bool
) -> None:
    """SAFE-1, QUEUE-3: the agent may have answered while nobody listened; of a switch that is gone they are freed."""
    centre = CallCentre(redis_url, agents=1)
    centre.online("a1")
    centre.queue("c1")
    centre.clock.pass_s(4.5 + late_s)
    FireDeadline(centre.use.work, centre.use.offers, standing).fire("t", "call:c1")
    assert (centre.call("c1").offer is None) is fired
    centre.use.deadlines.fire("t", "call:c1")
    assert centre.call("c1").offer is None
