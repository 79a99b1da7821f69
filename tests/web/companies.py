"""Two companies with agents, queues, a number, and a person of every role."""

from argon2 import PasswordHasher

from orchestrator.database.documents import to_plain
from orchestrator.database.models import Agent, Number, Queue, QueueGroup, Tenant, User
from orchestrator.domain.config import AgentConfig, NumberConfig, QueueConfig, TenantConfig, to_queue

PASSWORD = "correct horse"
#: As cheap as argon2 allows: these tests are not about its cost.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ROLES = ("agent", "supervisor", "admin")
TENANTS = ("acme", "other")


def config_of(tenant: str) -> TenantConfig:
    """The configuration that `populate` writes to the database."""
    queues = {key: QueueConfig(id=key, name=f"{tenant} {key}") for key in ("q1", "q2")}
    agents = {
        f"{tenant}-a{n}": AgentConfig(
            id=f"{tenant}-a{n}",
            name=f"{tenant} agent {n}",
            device=f"{tenant}100{n}",
            group="East",
            queues=("q1", "q2"),
            mobile=f"+861380000000{n}",
        )
        for n in (1, 2)
    }
    return TenantConfig(
        id=tenant,
        name=tenant.title(),
        version=1,
        break_reasons=("lunch", "training"),
        queues=queues,
        agents=agents,
        numbers={f"400{tenant}": NumberConfig(number=f"400{tenant}", route=to_queue("q1"))},
    )


def populate(tenant: str) -> None:
    """Write a tenant with its agents, queues, and a person of every role (login `ROLE@TENANT`)."""
    config = config_of(tenant)
    row = Tenant.create(id=tenant, name=config.name, break_reasons=list(config.break_reasons))
    for queue in config.queues.values():
        QueueGroup.create(queue=Queue.create(tenant=row, key=queue.id, name=queue.name), group="East")
    for number in config.numbers.values():
        Number.create(tenant=row, number=number.number, route=to_plain(number.route))
    agents = [
        Agent.create(
            tenant=row, key=agent.id, name=agent.name, group=agent.group, device=agent.device, mobile=agent.mobile
        )
        for agent in config.agents.values()
    ]
    for role in ROLES:
        agent = agents[0] if role == "agent" else None
        add_user(f"{role}@{tenant}", role, row, agent)
    add_user(f"agent2@{tenant}", "agent", row, agents[1])


def add_user(login: str, role: str, tenant: Tenant | None, agent: Agent | None = None) -> User:
    """Write a person whose password is PASSWORD."""
    return User.create(
        tenant=tenant, login=login, name=login.title(), password=HASHER.hash(PASSWORD), role=role, agent=agent
    )
