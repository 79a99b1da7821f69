"""How a tenant's agents answer on their mobiles, each agent's number, and the PIN for the agents' service."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPin:
    """Whether an agent (key) has `chosen` a PIN: what is kept of it is told to nobody but the call path."""

    agent: str
    chosen: bool = False


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


class AgentPins:
    """The area `pins`: who has one, by the agent's key."""

    name = "pins"

    def all(self, tenant: str) -> list[AgentPin]:
        """Read all of a tenant's, by key."""
        return [_pin(row) for row in Agent.select().where(Agent.tenant == tenant).order_by(Agent.key)]

    def find(self, tenant: str, key: str) -> AgentPin | None:
        """Read one, None for an agent that the tenant doesn't have."""
        row = Agent.get_or_none(Agent.tenant == tenant, Agent.key == key)
        return _pin(row) if row else None

    def put(self, tenant: str, pin: AgentPin) -> None:
        """Forget a PIN that is not chosen any more; a new one is kept by `choose`."""
        if not pin.chosen:
            self.choose(tenant, pin.agent, None)

    def choose(self, tenant: str, key: str, kept: str | None) -> None:
        """Write what is kept of an agent's PIN (`domain.pins.hash_pin`), None = there is none any more."""
        Agent.update(pin=kept).where((Agent.tenant == tenant) & (Agent.key == key)).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Forget the PIN."""
        self.choose(tenant, key, None)


def rules_of(row: Tenant) -> MobileAnswering:
    """Return a tenant's rules, those of every new one where nothing was said."""
    return from_plain(MobileAnswering, row.mobile) if row.mobile else MobileAnswering()


def _mobile(row: Agent) -> AgentMobile:
    return AgentMobile(agent=row.key, number=row.mobile or "")


def _pin(row: Agent) -> AgentPin:
    return AgentPin(agent=row.key, chosen=bool(row.pin))
