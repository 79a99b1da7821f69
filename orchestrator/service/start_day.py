"""The tenant's midnight: agents who stand ready by what they answered yesterday are sorted anew (QUEUE-2, WALL-4)."""

from collections.abc import Sequence

from orchestrator.domain.agent import Agent
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.work import Unit, Work

#: Agents written in one commit: few, because one who is busy meanwhile has all of them read again.
BATCH = 20


class StartDay:
    """Begins a tenant's day. Doing it twice, or in two processes, changes nothing more."""

    def __init__(self, work: Work, offers: OfferCall) -> None:
        """`offers` matches the queues of the agents who are sorted anew."""
        self._work, self._offers = work, offers

    def start(self, tenant: str) -> None:
        """Have every ready agent who has calls of another day counted begin the present one."""
        today = self._work.unit(tenant).today
        live = [held.document for held in self._work.store.all_agents(tenant)]
        behind = sorted(agent.id for agent in live if _behind(agent, today))
        for first in range(0, len(behind), BATCH):
            batch = behind[first : first + BATCH]
            self._offers.run(tenant, lambda unit, batch=batch: _begin(unit, batch))  # type: ignore[misc]


def _begin(unit: Unit, agents: Sequence[str]) -> None:
    for id_ in agents:
        agent = unit.agent(id_)
        if agent and _behind(agent, unit.today):
            unit.save_agent(agent.begin_day(unit.today), "day")


def _behind(agent: Agent, today: str) -> bool:
    return agent.ready and agent.day != today and agent.connected_in > 0
