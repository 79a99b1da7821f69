"""What one process decides while another still remembers how things were."""

from orchestrator.domain.agent import AgentState
from tests.support.call_centre import CallCentre


def test_audit_leaves_an_agent_alone_whom_another_process_has_just_offered_a_call(redis_url: str) -> None:
    """SAFE-1: an old copy of the call must not make the audit free the agent who rings for it."""
    orchestrator, web = CallCentre(redis_url, agents=1), CallCentre(redis_url, agents=1)
    orchestrator.queue("c1")
    web.online("a1")
    assert web.agent("a1").state is AgentState.RINGING
    orchestrator.use.reconcile.free_agents()
    assert web.agent("a1").state is AgentState.RINGING
