"""The rules for calls that agents place: one set a tenant."""

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Tenant
from orchestrator.domain.calling_out import CallingOut
from orchestrator.domain.checks import RULES


class CallingOutArea:
    """The area `calling_out`: its one key is `RULES`."""

    name = "calling_out"

    def all(self, tenant: str) -> list[CallingOut]:
        """Read the one there is."""
        found = self.find(tenant, RULES)
        return [found] if found else []

    def find(self, tenant: str, key: str) -> CallingOut | None:
        """Read it, None for another key or an unknown tenant."""
        row = Tenant.get_or_none(Tenant.id == tenant)
        return calling_out_of(row) if row and key == RULES else None

    def put(self, tenant: str, rules: CallingOut) -> None:
        """Write it."""
        Tenant.update(calling_out=to_plain(rules)).where(Tenant.id == tenant).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Go back to what every tenant begins with."""
        if key == RULES:
            Tenant.update(calling_out=None).where(Tenant.id == tenant).execute()


def calling_out_of(row: Tenant) -> CallingOut:
    """Return a tenant's rules."""
    return CallingOut() if row.calling_out is None else from_plain(CallingOut, row.calling_out)
