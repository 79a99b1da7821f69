"""What a tenant's queues and agents are called."""

from collections.abc import Collection

from orchestrator.database.models import Agent, Queue, User


class Names:
    """Names by the ids used in calls, as configured."""

    def agents(self, tenant: str) -> list[tuple[str, str]]:
        """Return (id, name) of all agents, by name."""
        return _named(Agent, tenant)

    def queues(self, tenant: str) -> list[tuple[str, str]]:
        """Return (id, name) of all queues, by name."""
        return _named(Queue, tenant)

    def people(self, tenant: str, ids: set[str]) -> dict[str, str]:
        """Return the names of those ids that are people of the tenant; programs act under names of their own."""
        numbers = [int(id_) for id_ in ids if id_.isascii() and id_.isdigit()]
        found = User.select(User.id, User.name).where(User.tenant == tenant, User.id.in_(numbers))
        return {str(row.id): row.name for row in found}

    def groups(self, tenant: str) -> dict[str, str]:
        """Return each agent's group by the agent's id; empty for who is in none."""
        return {row.key: row.group for row in Agent.select(Agent.key, Agent.group).where(Agent.tenant == tenant)}

    def users_of(self, tenant: str, agents: Collection[str]) -> list[str]:
        """Return the ids of the people who are these agents."""
        found = User.select(User.id).join(Agent).where(User.tenant == tenant, Agent.key.in_(sorted(agents)))
        return [str(row.id) for row in found]

    def everybody(self, tenant: str) -> dict[str, str]:
        """Return the names of all people of the tenant by their ids."""
        return {str(row.id): row.name for row in User.select(User.id, User.name).where(User.tenant == tenant)}


def _named(kind: type[Agent] | type[Queue], tenant: str) -> list[tuple[str, str]]:
    found = kind.select(kind.key, kind.name).where(kind.tenant == tenant).order_by(kind.name, kind.key)
    return [(row.key, row.name) for row in found]
