"""The configuration of a tenant, made of the tables, as it is published to the call path."""

from collections import defaultdict

from peewee import Database

from orchestrator.database.models import Agent, Number, Queue, QueueAgent, Tenant
from orchestrator.database.prompts import current_sounds
from orchestrator.domain.agent import AnswerMode
from orchestrator.domain.config import (
    AgentConfig,
    NumberConfig,
    PromptConfig,
    QueueConfig,
    Strategy,
    TenantConfig,
    to_queue,
)


class UnknownTenantError(LookupError):
    """There is no such tenant."""


def next_configuration(database: Database, tenant: str) -> TenantConfig:
    """Make the configuration with the next version; publishing it puts it into force. Raises UnknownTenantError."""
    with database.atomic():
        Tenant.update(config_version=Tenant.config_version + 1).where(Tenant.id == tenant).execute()
        return configuration(tenant)


def configuration(tenant: str) -> TenantConfig:
    """Make the configuration as it stands, with the last version made; raises UnknownTenantError."""
    row = Tenant.get_or_none(Tenant.id == tenant)
    if row is None:
        raise UnknownTenantError(f"there is no tenant {tenant!r}")
    return TenantConfig(
        id=row.id,
        name=row.name,
        version=row.config_version,
        timezone=row.timezone,
        wrap_up_s=row.wrap_up_s,
        miss_limit=row.miss_limit,
        break_reasons=tuple(row.break_reasons),
        queues={queue.id: queue for queue in _queues(row)},
        agents={agent.id: agent for agent in _agents(row)},
        numbers=_numbers(row),
        prompts=_prompts(row),
    )


def tenants() -> list[str]:
    """Name all tenants."""
    return [row.id for row in Tenant.select(Tenant.id).order_by(Tenant.id)]


def _queues(tenant: Tenant) -> list[QueueConfig]:
    return [
        QueueConfig(
            id=row.key,
            name=row.name,
            strategy=Strategy(row.strategy),
            music=row.music,
            ring_s=row.ring_s,
            max_wait_s=row.max_wait_s,
            priority=row.priority,
            short_abandon_s=row.short_abandon_s,
            service_level_s=row.service_level_s,
        )
        for row in Queue.select().where(Queue.tenant == tenant).order_by(Queue.key)
    ]


def _agents(tenant: Tenant) -> list[AgentConfig]:
    serves = defaultdict(list)
    for row in QueueAgent.select(QueueAgent.agent, Queue.key).join(Queue).order_by(Queue.key):
        serves[row.agent_id].append(row.queue.key)
    return [
        AgentConfig(
            id=row.key,
            name=row.name,
            device=row.device,
            mode=AnswerMode(row.mode),
            group=row.group,
            queues=tuple(serves[row.id]),
        )
        for row in Agent.select().where(Agent.tenant == tenant).order_by(Agent.key)
    ]


def _numbers(tenant: Tenant) -> dict[str, NumberConfig]:
    rows = Number.select(Number.number, Queue.key).join(Queue).where(Number.tenant == tenant).order_by(Number.number)
    return {row.number: NumberConfig(number=row.number, route=to_queue(row.queue.key)) for row in rows}


def _prompts(tenant: Tenant) -> dict[str, PromptConfig]:
    return {
        prompt.key: PromptConfig(id=prompt.key, name=prompt.name, path=version.path, ms=version.ms)
        for prompt, version in current_sounds(tenant.id)
    }
