"""How a tenant takes messages."""

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Tenant
from orchestrator.domain.message_rules import MessageRules

#: The one key of the area `messages`: a tenant has its rules once.
RULES = "rules"


class MessageArea:
    """The area `messages`: the tenant's rules."""

    name = "messages"

    def all(self, tenant: str) -> list[MessageRules]:
        """Read them."""
        return [message_rules_of(Tenant.get_by_id(tenant))]

    def find(self, tenant: str, key: str) -> MessageRules | None:
        """Read them, None for another key."""
        return self.all(tenant)[0] if key == RULES else None

    def put(self, tenant: str, rules: MessageRules) -> None:
        """Write them."""
        Tenant.update(messages=to_plain(rules)).where(Tenant.id == tenant).execute()

    def remove(self, tenant: str, key: str) -> None:  # noqa: ARG002 - as every area
        """Go back to the rules of every new tenant."""
        Tenant.update(messages=None).where(Tenant.id == tenant).execute()


def message_rules_of(row: Tenant) -> MessageRules:
    """Return a tenant's rules, those of every new one where nothing was said."""
    return from_plain(MessageRules, row.messages) if row.messages else MessageRules()
