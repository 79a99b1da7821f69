"""The configuration of a tenant, made of the tables, as it is published to the call path."""

from peewee import Database, Expression

from orchestrator.database.calling_out import calling_out_of
from orchestrator.database.ivrs import Ivrs
from orchestrator.database.licences import licence_of
from orchestrator.database.message_rules import message_rules_of
from orchestrator.database.mobiles import rules_of
from orchestrator.database.models import Agent, Tenant
from orchestrator.database.numbers import Numbers
from orchestrator.database.opening_hours import HoursArea
from orchestrator.database.prompts import current_sounds
from orchestrator.database.queues import Queues, QueueSetting
from orchestrator.database.trunks import Trunks
from orchestrator.domain.agent import AnswerMode
from orchestrator.domain.config import (
    COUNTRY,
    DEVICE_GRACE_S,
    RECORD_PAUSE_S,
    AgentConfig,
    Menu,
    PromptConfig,
    TenantConfig,
)
from orchestrator.domain.ivr import flatten


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
    queues, numbers = Queues().all(tenant), Numbers().all(tenant)
    return TenantConfig(
        id=row.id,
        name=row.name,
        version=row.config_version,
        timezone=row.timezone,
        country=row.country or COUNTRY,
        wrap_up_s=row.wrap_up_s,
        call_form=row.call_form is not False,
        miss_limit=row.miss_limit,
        device_grace_s=DEVICE_GRACE_S if row.device_grace_s is None else row.device_grace_s,
        break_reasons=tuple(row.break_reasons),
        queues={queue.config.id: queue.config for queue in queues},
        agents={agent.id: agent for agent in _agents(row, queues)},
        numbers={number.number: number for number in numbers},
        prompts=_prompts(row),
        menus=_menus(tenant),
        hours={hours.key: hours.config() for hours in HoursArea().all(tenant)},
        calling_out=calling_out_of(row),
        trunks=Trunks().named({number.trunk for number in numbers}),
        record=bool(row.record),
        record_pause_s=RECORD_PAUSE_S if row.record_pause_s is None else row.record_pause_s,
        mobile=rules_of(row),
        messages=message_rules_of(row),
        licence=licence_of(row),
    )


def tenants() -> list[str]:
    """Name all tenants."""
    return [row.id for row in Tenant.select(Tenant.id).order_by(Tenant.id)]


def in_service() -> Expression:
    """Return the condition for agents who are still agents."""
    served: Expression = Agent.removed.is_null() | ~Agent.removed
    return served


def _agents(tenant: Tenant, queues: list[QueueSetting]) -> list[AgentConfig]:
    return [
        AgentConfig(
            id=row.key,
            name=row.name,
            device=row.device,
            mode=AnswerMode(row.mode),
            group=row.group,
            queues=tuple(queue.config.id for queue in queues if queue.served_by(row.key, row.group)),
            record=row.record,
            mobile=row.mobile or "",
            seat=row.seat is not False,
            pin=row.pin or "",
        )
        for row in Agent.select().where(Agent.tenant == tenant, in_service()).order_by(Agent.key)
    ]


def _menus(tenant: str) -> dict[str, Menu]:
    """The menus of what is in force, drafts left out."""
    menus: dict[str, Menu] = {}
    for ivr in Ivrs().all(tenant):
        if ivr.published:
            menus |= flatten(ivr.key, ivr.published)
    return menus


def _prompts(tenant: Tenant) -> dict[str, PromptConfig]:
    return {
        prompt.key: PromptConfig(id=prompt.key, name=prompt.name, path=version.path, ms=version.ms, kind=prompt.kind)
        for prompt, version in current_sounds(tenant.id)
    }
