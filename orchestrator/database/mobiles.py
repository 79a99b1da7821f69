"""How a tenant's agents answer on their mobiles, and each agent's number."""

from dataclasses import dataclass

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Agent, Tenant
from orchestrator.domain.mobile import MobileAnswering

#: The one key of the area `mobile`: a tenant has its rules once.
RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMobile:
    """An agent's (key) mobile number (E.164, empty = none)."""

    agent: str
    number: str = ""


class MobileArea:
    """The area `mobile`: the tenant's rules."""

    name = "mobile"

    def all(self, tenant: str) -> list[MobileAnswering]:
        """Read them."""
        return [rules_of(Tenant.get_by_id(tenant))]

    def find(self, tenant: str, key: str) -> MobileAnswering | None:
        """Read them, None for another key."""
        return self.all(tenant)[0] if key == RULES else None

    def put(self, tenant: str, rules: MobileAnswering) -> None:
        """Write them."""
        Tenant.update(mobile=to_plain(rules)).where(Tenant.id == tenant).execute()

    def remove(self, tenant: str, key: str) -> None:  # noqa: ARG002 - as every area
        """Go back to the rules of every new tenant."""
        Tenant.update(mobile=None).where(Tenant.id == tenant).execute()


class AgentMobiles:
    """The area `mobiles`: numbers, by the agent's key."""

    name = "mobiles"

    def all(self, tenant: str) -> list[AgentMobile]:
        """Read all of a tenant's, by key."""
        return [_mobile(row) for row in Agent.select().where(Agent.tenant == tenant).order_by(Agent.key)]

    def find(self, tenant: str, key: str) -> AgentMobile | None:
        """Read one, None for an agent that the tenant doesn't have."""
        row = Agent.get_or_none(Agent.tenant == tenant, Agent.key == key)
        return _mobile(row) if row else None

    def put(self, tenant: str, mobile: AgentMobile) -> None:
        """Write one."""
        owned = (Agent.tenant == tenant) & (Agent.key == mobile.agent)
        Agent.update(mobile=mobile.number or None).where(owned).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Forget the number."""
        self.put(tenant, AgentMobile(agent=key))


def rules_of(row: Tenant) -> MobileAnswering:
    """Return a tenant's rules, those of every new one where nothing was said."""
    return from_plain(MobileAnswering, row.mobile) if row.mobile else MobileAnswering()


def _mobile(row: Agent) -> AgentMobile:
    return AgentMobile(agent=row.key, number=row.mobile or "")
