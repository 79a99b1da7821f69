"""Numbers that tenants own, and where their calls go."""

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Number
from orchestrator.domain.config import NumberConfig


class NumberTakenError(ValueError):
    """The number belongs to a tenant already: `owner`, by its id."""

    def __init__(self, number: str, owner: str) -> None:
        super().__init__(f"{number} belongs to {owner} already")
        self.number, self.owner = number, owner


class Numbers:
    """The area `numbers`: which there are is the operator's business, where they lead is the tenant's."""

    name = "numbers"

    def all(self, tenant: str) -> list[NumberConfig]:
        """Read all of a tenant's, by number."""
        return [_config(row) for row in Number.select().where(Number.tenant == tenant).order_by(Number.number)]

    def find(self, tenant: str, key: str) -> NumberConfig | None:
        """Read one, None for a number that the tenant doesn't own."""
        row = Number.get_or_none(Number.tenant == tenant, Number.number == key)
        return _config(row) if row else None

    def put(self, tenant: str, number: NumberConfig) -> None:
        """Write where the calls of an owned number go; its trunk is the operator's business."""
        values = to_plain(number)
        del values["trunk"]
        owned = (Number.tenant == tenant) & (Number.number == values.pop("number"))
        Number.update(values).where(owned).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Take a number away from a tenant."""
        Number.delete().where(Number.tenant == tenant, Number.number == key).execute()

    def set_trunk(self, tenant: str, number: str, trunk: str) -> None:
        """Let an owned number belong to a trunk, or to none (empty)."""
        Number.update(trunk=trunk or None).where(Number.tenant == tenant, Number.number == number).execute()

    def add(self, tenant: str, number: str) -> None:
        """Give a tenant a number, whose calls are hung up until the tenant routes it. Raises NumberTakenError."""
        owner = Number.get_or_none(Number.number == number)
        if owner:
            raise NumberTakenError(number, owner.tenant_id)
        Number.create(tenant=tenant, number=number)


def _config(row: Number) -> NumberConfig:
    names = ("number", "route", "hours", "closed", "holiday")
    values = {name: getattr(row, name) for name in names}
    return from_plain(NumberConfig, {**values, "trunk": row.trunk or "", "priority": row.priority or 0})
