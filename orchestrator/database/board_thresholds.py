"""From which figures on the queue monitor warns (WALL-3): always one tenant's (SAFE-3)."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from orchestrator.database.models import BoardThresholds, Tenant


class Watched(StrEnum):
    """Figures that can warn: calls, seconds, agents, percent."""

    WAITING = "waiting"
    LONGEST_WAIT = "longest_wait_s"
    READY = "ready"
    SERVICE_LEVEL = "service_level"
    ANSWER = "answer_s"
    ABANDONMENT = "abandonment_rate"


#: Of these, little is bad.
LOW_IS_BAD = frozenset({Watched.READY, Watched.SERVICE_LEVEL})


@dataclass(frozen=True, slots=True)
class Limit:
    """From where on a figure warns, and alarms; None = never."""

    warning: int | None = None
    alarm: int | None = None

    def in_order(self, figure: Watched) -> bool:
        """Tell whether the alarm comes after the warning."""
        if self.warning is None or self.alarm is None:
            return True
        return self.alarm <= self.warning if figure in LOW_IS_BAD else self.alarm >= self.warning


Limits = dict[Watched, Limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """For all queues, and what differs for some, by the queue's id."""

    company: Limits = field(default_factory=dict)
    queues: dict[str, Limits] = field(default_factory=dict)


class ThresholdArea:
    """The area `thresholds`: one thing a tenant, named by the tenant's id."""

    name = "thresholds"

    def all(self, tenant: str) -> list[Thresholds]:
        """Read it."""
        found = self.find(tenant, tenant)
        return [found] if found else []

    def find(self, tenant: str, key: str) -> Thresholds | None:
        """Read it, None for another key than the tenant's own or a tenant that there isn't."""
        if key != tenant or Tenant.get_or_none(Tenant.id == tenant) is None:
            return None
        row = BoardThresholds.get_or_none(BoardThresholds.tenant == tenant)
        if row is None:
            return Thresholds()
        return Thresholds(company=_read(row.company), queues={key: _read(some) for key, some in row.queues.items()})

    def put(self, tenant: str, thresholds: Thresholds) -> None:
        """Write it."""
        queues = {queue: _plain(limits) for queue, limits in thresholds.queues.items() if _plain(limits)}
        values = {"tenant": tenant, "company": _plain(thresholds.company), "queues": queues}
        BoardThresholds.insert(values).on_conflict(
            conflict_target=[BoardThresholds.tenant], preserve=[BoardThresholds.company, BoardThresholds.queues]
        ).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Warn of nothing any more."""
        if key == tenant:
            BoardThresholds.delete().where(BoardThresholds.tenant == tenant).execute()


def _read(plain: dict[str, dict[str, int | None]]) -> Limits:
    return {Watched(figure): Limit(**limit) for figure, limit in plain.items()}


def _plain(limits: Limits) -> dict[str, Any]:
    return {figure.value: asdict(limit) for figure, limit in limits.items() if limit != Limit()}
