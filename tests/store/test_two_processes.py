"""What one process decides while another still remembers how things were."""

from orchestrator.domain.agent import AgentState
from orchestrator.domain.config import Destination, Way
from tests.support.call_centre import CallCentre


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
