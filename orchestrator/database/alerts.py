"""Alerts in the database: always one tenant's (SAFE-4)."""

from dataclasses import dataclass
from enum import StrEnum

from peewee import Expression, Tuple

from orchestrator.database.models import AlertRow, User
from orchestrator.database.paging import Page, read_page
from orchestrator.domain.calling_out import REFUSED_OFTEN


class AlertKind(StrEnum):
    """Kinds of alerts."""

    LIMIT_REACHED = "limit_reached"
    REFUSED_OFTEN = "refused_often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Something seen at a moment (us UTC), at a place in the tenant's stream; the same `key` is the same alert."""

    key: str
    kind: AlertKind
    what: str
    agent: str | None
    number: str
    at: int
    ms: int
    n: int


def note_sighting(tenant: str, seen: Sighting) -> None:
    """Count a sighting, unless it is counted already; called with one batch of a tenant's events at a time."""
    table, fresh = AlertRow, Tuple(AlertRow.ms, AlertRow.n) < (seen.ms, seen.n)
    row = {
        "tenant": tenant, "key": seen.key, "kind": seen.kind, "what": seen.what, "agent": seen.agent,
        "number": seen.number, "first": seen.at, "last": seen.at, "ms": seen.ms, "n": seen.n,
    }  # fmt: skip
    made = table.insert(row).on_conflict_ignore().as_rowcount().execute()
    if not made:
        latest = {"what": seen.what, "agent": seen.agent, "number": seen.number, "last": seen.at}
        again = {"count": table.count + 1, **latest, "ms": seen.ms, "n": seen.n}
        table.update(again).where(table.tenant == tenant, table.key == seen.key, fresh).execute()


def list_alerts(tenant: str, cursor: str | None, size: int) -> Page[AlertRow]:
    """Read a page of alerts, the latest first; raises BadCursorError."""
    return read_page(AlertRow, AlertRow.last, [AlertRow.tenant == tenant, _worth()], cursor, size)


def unread_alerts(tenant: str, read: int) -> int:
    """Count alerts that something new was seen of after a moment (us UTC)."""
    return int(AlertRow.select().where(AlertRow.tenant == tenant, AlertRow.last > read, _worth()).count())


def alerts_read(user: str) -> int:
    """Return until when (us UTC) a person has read the alerts."""
    found = User.select(User.alerts_read).where(User.id == int(user)).first()
    return int(found.alerts_read or 0) if found else 0


def read_alerts(user: str, until: int) -> None:
    """A person has read all alerts until a moment (us UTC)."""
    User.update(alerts_read=until).where(User.id == int(user)).execute()


def _worth() -> Expression:
    return (AlertRow.kind != AlertKind.REFUSED_OFTEN) | (AlertRow.count >= REFUSED_OFTEN)
