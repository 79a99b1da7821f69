"""Whose rows a watcher sees (ROLE-1)."""

from dataclasses import dataclass

from orchestrator.domain.config import AgentConfig, TenantConfig


@dataclass(frozen=True, slots=True)
class Reach:
    """The agents of some groups, and one agent besides; None in place of a Reach means everybody."""

    groups: frozenset[str] = frozenset()
    agent: str | None = None

    def covers(self, agent: str, group: str) -> bool:
        """Tell whether an agent of a group is among them."""
        return agent == self.agent or group in self.groups

    def queues(self, config: TenantConfig) -> frozenset[str]:
        """Return the queues that any of them serves."""
        return frozenset(queue for one in config.agents.values() if self._has(one) for queue in one.queues)

    def _has(self, one: AgentConfig) -> bool:
        return self.covers(one.id, one.group)
