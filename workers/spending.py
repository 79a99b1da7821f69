"""What agents' calls have cost today, told to the limits of calling out (SAFE-4)."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from orchestrator.database.billing.ledger import zone_of
from orchestrator.database.models import CallRecord, ChargeRow
from orchestrator.domain.billing.months import day_begins
from orchestrator.store.called import Called
from orchestrator.store.connection import TextRedis


def tell_spending(redis: TextRedis, tenant: str, now: int) -> None:
    """Tell what the calls placed on the tenant's day of `now` (us UTC) have cost, in all and by agent."""
    zone = ZoneInfo(zone_of(tenant))
    day = datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(zone).date()
    spent = _spent(tenant, day_begins(day, zone.key), now)
    by_agent = {agent: amount for agent, amount in spent.items() if agent}
    Called(redis).spent(tenant, day.isoformat(), sum(spent.values()), by_agent)


def _spent(tenant: str, since: int, until: int) -> dict[str | None, int]:
    charges, records = ChargeRow, CallRecord
    rows: Any = (
        charges.select(records.agent.alias("agent"), fn.SUM(charges.total).coerce(False).alias("spent"))
        .join(records, on=(records.tenant == charges.tenant) & (records.call == charges.call))
        .where(
            charges.tenant == tenant, charges.began >= since, charges.began <= until, records.direction == "out",
        )
        .group_by(records.agent)
        .tuples()
    )  # fmt: skip
    return {agent: int(amount) for agent, amount in rows}
