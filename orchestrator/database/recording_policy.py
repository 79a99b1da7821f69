"""Who is recorded, and for how long recordings are kept: one thing a tenant (REC-1)."""

from dataclasses import dataclass

from orchestrator.database.models import Agent, Queue, Tenant
from orchestrator.domain.config import RECORD_PAUSE_S

#: The key of the one thing.
POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPolicy:
    """Whether calls are recorded: `record` unless a queue or an agent (keys; None = says nothing) says otherwise.

    An agent's pause ends by itself after `pause_s` seconds; recordings are deleted after `days`, None = never.
    """

    record: bool
    pause_s: int
    days: int | None
    queues: dict[str, bool | None]
    agents: dict[str, bool | None]


class RecordingPolicies:
    """The area `recording`."""

    name = "recording"

    def all(self, tenant: str) -> list[RecordingPolicy]:
        """Read the tenant's one."""
        found = self.find(tenant, POLICY)
        return [found] if found else []

    def find(self, tenant: str, key: str) -> RecordingPolicy | None:
        """Read it, None for another key or a tenant that there isn't."""
        row = Tenant.get_or_none(Tenant.id == tenant)
        if row is None or key != POLICY:
            return None
        return RecordingPolicy(
            record=bool(row.record),
            pause_s=RECORD_PAUSE_S if row.record_pause_s is None else row.record_pause_s,
            days=row.recordings_days,
            queues=_said(Queue, tenant),
            agents=_said(Agent, tenant),
        )

    def put(self, tenant: str, policy: RecordingPolicy) -> None:
        """Write it; queues and agents that it doesn't name stay as they are."""
        values = {"record": policy.record, "record_pause_s": policy.pause_s, "recordings_days": policy.days}
        Tenant.update(values).where(Tenant.id == tenant).execute()
        for kind, said in ((Queue, policy.queues), (Agent, policy.agents)):
            for key, record in said.items():
                kind.update(record=record).where(kind.tenant == tenant, kind.key == key).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Say nothing any more: nothing is recorded, what was stays."""
        if key == POLICY:
            self.put(tenant, RecordingPolicy(record=False, pause_s=RECORD_PAUSE_S, days=None, queues={}, agents={}))


def _said(kind: type[Queue] | type[Agent], tenant: str) -> dict[str, bool | None]:
    found = kind.select(kind.key, kind.record).where(kind.tenant == tenant).order_by(kind.key)
    return {row.key: row.record for row in found}
