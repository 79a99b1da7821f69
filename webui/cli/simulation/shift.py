"""The agents of a simulation: they come to work, and come back from the break that unanswered calls put them on."""

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.service.errors import RefusedError
from orchestrator.service.ports import StoreError
from orchestrator.service.use_cases import UseCases
from webui.cli.simulation.company import TENANT

#: In these an agent is at work, or has to do with a call.
BUSY = (AgentState.RINGING, AgentState.IN_CALL, AgentState.WRAP_UP)


class Shift:
    """All agents of the company."""

    def __init__(self, use_cases: UseCases) -> None:
        """Agents come when `look` is called."""
        self._use = use_cases

    def look(self) -> bool:
        """Let everybody who can be online be it; tell whether all agents are at work."""
        agents = self._agents()
        for agent in agents:
            if agent.reachable and agent.state not in (AgentState.ONLINE, *BUSY):
                self._come(agent)
        return bool(agents) and all(agent.state in (AgentState.ONLINE, *BUSY) for agent in agents)

    def engaged(self) -> list[str]:
        """Name agents and calls that are not over."""
        calls = [held.document.id for held in self._use.work.store.all_calls(TENANT)]
        return calls + [agent.id for agent in self._agents() if agent.state in BUSY]

    def _agents(self) -> list[Agent]:
        return [held.document for held in self._use.work.store.all_agents(TENANT)]

    def _come(self, agent: Agent) -> None:
        try:
            self._use.agents.choose_state(TENANT, agent.id, AgentState.ONLINE, "", by=f"simulation {agent.id}")
        except (RefusedError, StoreError):
            # Something came in between: looked at again in a moment.
            return
