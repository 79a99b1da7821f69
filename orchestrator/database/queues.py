"""Queues, and who serves them: always one tenant's."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Agent, Queue, QueueAgent, QueueGroup
from orchestrator.domain.config import QueueConfig

#: Columns and fields of the same names; `id` is the column `key`.
COLUMNS = tuple(field.name for field in fields(QueueConfig) if field.name != "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSetting:
    """A queue, the agents picked one by one to serve it (keys), and the groups whose members all do."""

    config: QueueConfig
    agents: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def served_by(self, agent: str, group: str) -> bool:
        """Tell whether an agent (key) of a group serves the queue."""
        return agent in self.agents or group in self.groups


class Queues:
    """The area `queues`."""

    name = "queues"

    def all(self, tenant: str) -> list[QueueSetting]:
        """Read all of a tenant's, by key."""
        return [_setting(row) for row in Queue.select().where(Queue.tenant == tenant).order_by(Queue.key)]

    def find(self, tenant: str, key: str) -> QueueSetting | None:
        """Read one, None for a key that the tenant doesn't have."""
        row = Queue.get_or_none(Queue.tenant == tenant, Queue.key == key)
        return _setting(row) if row else None

    def put(self, tenant: str, setting: QueueSetting) -> None:
        """Write one, new or not; agents that the tenant doesn't have are left out."""
        values = to_plain(setting.config)
        key = values.pop("id")
        Queue.insert(tenant=tenant, key=key, **values).on_conflict(
            conflict_target=[Queue.tenant, Queue.key], update=values
        ).execute()
        row = Queue.get(Queue.tenant == tenant, Queue.key == key)
        _pick(row, tenant, setting.agents)
        QueueGroup.delete().where(QueueGroup.queue == row).execute()
        for group in setting.groups:
            QueueGroup.create(queue=row, group=group)

    def remove(self, tenant: str, key: str) -> None:
        """Delete one."""
        Queue.delete().where(Queue.tenant == tenant, Queue.key == key).execute()


def _setting(row: Queue) -> QueueSetting:
    values = {name: getattr(row, name) for name in COLUMNS if getattr(row, name) is not None}
    picked = Agent.select(Agent.key).join(QueueAgent).where(QueueAgent.queue == row).order_by(Agent.key)
    groups = QueueGroup.select(QueueGroup.group).where(QueueGroup.queue == row).order_by(QueueGroup.group)
    return QueueSetting(
        config=from_plain(QueueConfig, {"id": row.key, **values}),
        agents=tuple(agent.key for agent in picked),
        groups=tuple(one.group for one in groups),
    )


def _pick(queue: Queue, tenant: str, keys: Iterable[str]) -> None:
    QueueAgent.delete().where(QueueAgent.queue == queue).execute()
    for agent in Agent.select(Agent.id).where(Agent.tenant == tenant, Agent.key.in_(list(keys))):
        QueueAgent.create(queue=queue, agent=agent)
